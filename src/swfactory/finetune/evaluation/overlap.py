"""Whether the items of an evaluation are in what the adapter was trained on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.data.decontamination import defined_names
from swfactory.finetune.evaluation.suite import Item

__all__ = ["LONGEST", "Overlap", "find_overlaps", "training_texts"]

LONGEST = 10
"""Words in a row from which on an item counts as seen: DeepSeek-Coder leaves such files out (arXiv:2401.14196, 2.4)."""

_SEED = 5
"""Words in a row that start a comparison; shorter matches are not looked at."""

_WORD = re.compile(r"[^\W\u3400-\u9fff]+|[\u3400-\u9fff]")


class Overlap(Value):
    """What an item and the training data have in common.

    Args:
        id: of the item.
        longest: words in a row that both have, punctuation left out; 0 when fewer than five.
        name: whether the training data defines a function of the item's name.
    """

    id: str
    longest: int = 0
    name: bool = False

    @property
    def seen(self) -> bool:
        """Whether the item counts as one that the model was trained on."""
        return self.longest >= LONGEST or self.name


def find_overlaps(items: Sequence[Item], texts: Iterable[str]) -> tuple[Overlap, ...]:
    """Return for each item what it shares with texts, which are read once and not kept.

    Args:
        items: their ``text`` and ``name`` are looked for.
        texts: the training data.
    """
    words = [_words(item.text) for item in items]
    index: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for number, own in enumerate(words):
        for at in range(len(own) - _SEED + 1):
            index.setdefault(tuple(own[at : at + _SEED]), []).append((number, at))
    longest = [0] * len(items)
    defined: set[str] = set()
    for text in texts:
        defined |= defined_names(text)
        read = _words(text)
        for at in range(len(read) - _SEED + 1):
            for number, start in index.get(tuple(read[at : at + _SEED]), ()):
                own = words[number]
                if at and start and read[at - 1] == own[start - 1]:
                    continue  # within a longer match, which was followed from its start
                longest[number] = max(longest[number], _common(read, at, own, start))
    return tuple(
        Overlap(id=item.id, longest=length, name=item.name.rsplit(".", 1)[-1] in defined)
        for item, length in zip(items, longest, strict=True)
    )


def _common(read: Sequence[str], at: int, own: Sequence[str], start: int) -> int:
    """Words that two sequences share from two places on."""
    most = min(len(read) - at, len(own) - start)
    return next((length for length in range(most) if read[at + length] != own[start + length]), most)


def _words(text: str) -> list[str]:
    """Words in lower case, a Chinese character counting as one."""
    return _WORD.findall(text.lower())


def training_texts(path: Path) -> Iterator[str]:
    """Yield what the rows of a file say, and the names of the functions that they are about.

    Args:
        path: of the rows, JSONL.

    Raises:
        InputError: it cannot be read, or a line of it is no JSON.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield "\n".join(_said(_row(line, path, number)))
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(
            f"the training data {str(path)!r} cannot be read: {exc}", hint="--data training=FOLDER names a data set"
        ) from exc


def _row(line: str, path: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as exc:
        raise InputError(f"{path}:{number} is no JSON: {exc}", hint="swf data build makes a data set") from exc


def _said(row: Any) -> Iterator[str]:
    """Every text of a row of any kind; where it comes from is not one, but the name in it is."""
    if isinstance(row, str):
        yield row
    elif isinstance(row, list):
        for part in row:
            yield from _said(part)
    elif isinstance(row, dict):
        for key, value in row.items():
            if key == "origin":
                yield f"def {(value or {}).get('name', '').rsplit('.', 1)[-1]}():"
            elif key not in {"role", "label", "module"}:
                yield from _said(value)
