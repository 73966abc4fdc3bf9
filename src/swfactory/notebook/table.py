"""Results side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from swfactory.errors import InputError
from swfactory.notebook.rich import Rich, markup, table, text_table

__all__ = ["compare"]


def compare(
    results: Mapping[str, object] | Iterable[object],
    *,
    columns: Sequence[str] = (),
    higher: Collection[str] = (),
    lower: Collection[str] = (),
) -> Rich:
    """Show results as a table, a row each: scores of retrieval, of adapters, or anything with named values.

    Args:
        results: dataclasses, pydantic values or mappings; by name, or one after the other.
        columns: the values to show; empty for all that are plain.
        higher: columns whose highest number is the best; it is set in bold type.
        lower: columns whose lowest number is the best.

    Raises:
        InputError: a result has no named values, or none has a column that is asked for.
    """
    named = dict(results) if isinstance(results, Mapping) else None
    records = [_values(result) for result in (named.values() if named is not None else results)]
    shown = list(columns) or list(dict.fromkeys(key for record in records for key in record if _plain(record[key])))
    for column in (*shown, *higher, *lower):
        if not any(column in record for record in records):
            known = ", ".join(dict.fromkeys(key for record in records for key in record))
            raise InputError(f"no result has {column!r}", hint=f"they have: {known or 'nothing'}")
    best = dict.fromkeys(higher, max) | dict.fromkeys(lower, min)
    marks = {column: _best(records, column, choose) for column, choose in best.items()}
    names = list(named or ())
    head = [*([""] if named is not None else []), *(column.replace("_", " ") for column in shown)]
    texts, html = [], []
    for index, record in enumerate(records):
        name = [names[index]] if named is not None else []
        cells = [_text(record.get(column)) for column in shown]
        texts.append([*name, *cells])
        bold = [
            f'<span class="swf-best">{markup(cell)}</span>'
            if record.get(column) == marks.get(column, ...)
            else markup(cell)
            for column, cell in zip(shown, cells, strict=True)
        ]
        html.append([*map(markup, name), *bold])
    first = len(head) - len(shown)
    numbers = [first + i for i, column in enumerate(shown) if all(_number(record.get(column, 0)) for record in records)]
    return Rich(table(head, html, numbers=numbers), text_table(head, texts, numbers=numbers))


def _values(result: object) -> dict[str, Any]:
    if isinstance(result, Mapping):
        return {str(key): value for key, value in result.items()}
    if isinstance(result, BaseModel):
        return {name: getattr(result, name) for name in type(result).model_fields}
    if is_dataclass(result) and not isinstance(result, type):
        return {field.name: getattr(result, field.name) for field in fields(result)}
    raise InputError(f"{result!r} has no named values", hint="give dataclasses, pydantic values or mappings")


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _best(records: Iterable[Mapping[str, Any]], column: str, choose: Callable[..., Any]) -> object:
    numbers = [value for record in records if (value := record.get(column)) is not None and _number(value)]
    return choose(numbers, default=...)


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
