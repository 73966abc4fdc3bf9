"""Rows in the forms that other trainers read: ShareGPT, Alpaca, preference pairs and KTO."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from swfactory.errors import InputError
from swfactory.finetune.data.formats import kind_of_file, read_rows, write_rows
from swfactory.finetune.rows import Completion, Conversation, Preference, Prompt, Row

__all__ = ["Form", "convert_rows", "to_form"]

Form = Literal["messages", "sharegpt", "alpaca", "preference", "kto"]


def to_form(row: Row, form: Form) -> Iterator[dict[str, Any]]:
    """Yield a row in another form; nothing where the form has no place for it.

    A pair of replies gives its better one as a conversation, and both as judged replies; a reply that is judged bad
    gives no conversation.

    Args:
        row: any row but one of prompts alone.
        form: the form.

    Raises:
        InputError: rows of this kind can never have the form.
    """
    plain = row.model_dump(mode="json", exclude_none=True)
    if isinstance(row, {"preference": Preference, "kto": Completion}.get(form, ())):
        yield plain
    elif form == "kto" and isinstance(row, Preference):
        kept = {"prompt": plain["prompt"], **({"origin": plain["origin"]} if row.origin else {})}
        yield {**kept, "completion": plain["chosen"], "label": True}
        yield {**kept, "completion": plain["rejected"], "label": False}
    elif form in ("messages", "sharegpt", "alpaca") and not isinstance(row, Prompt):
        turns = _conversation(row)
        if turns is not None:
            yield _ENCODERS[form](turns, plain.get("origin"))
    else:
        raise InputError(
            f"rows of class {type(row).__name__} cannot be written as {form!r}", hint="--to messages, or another file"
        )


def _conversation(row: Row) -> list[dict[str, str]] | None:
    match row:
        case Conversation():
            turns = row.messages
        case Preference():
            turns = (*row.prompt, *row.chosen)
        case Completion() if row.label:
            turns = (*row.prompt, *row.completion)
        case _:
            return None
    return [turn.model_dump() for turn in turns]


def _as_messages(turns: list[dict[str, str]], origin: Any) -> dict[str, Any]:
    return {"messages": turns, **({"origin": origin} if origin else {})}


def _as_sharegpt(turns: list[dict[str, str]], origin: Any) -> dict[str, Any]:
    names = {"user": "human", "assistant": "gpt", "system": "system"}
    said = [{"from": names[turn["role"]], "value": turn["content"]} for turn in turns]
    return {"conversations": said, **({"origin": origin} if origin else {})}


def _as_alpaca(turns: list[dict[str, str]], origin: Any) -> dict[str, Any]:
    del origin  # the form has no key for it, and readers of the form trip over unknown ones
    system = [turn["content"] for turn in turns if turn["role"] == "system"]
    spoken = [turn for turn in turns if turn["role"] != "system"]
    *before, question, answer = spoken if len(spoken) > 1 else [{"content": ""}, *spoken]
    pairs = [[a["content"], b["content"]] for a, b in zip(before[::2], before[1::2], strict=False)]
    entry: dict[str, Any] = {"instruction": question["content"], "input": "", "output": answer["content"]}
    if system:
        entry["system"] = "\n\n".join(system)
    if pairs:
        entry["history"] = pairs
    return entry


_ENCODERS: dict[str, Callable[[list[dict[str, str]], Any], dict[str, Any]]] = {
    "messages": _as_messages,
    "sharegpt": _as_sharegpt,
    "alpaca": _as_alpaca,
}


def convert_rows(source: Path, target: Path, form: Form) -> int:
    """Write the rows of a file in another form, whole or not at all, and return how many were written.

    Args:
        source: JSONL file of any form.
        target: the file to make.
        form: the form.

    Raises:
        InputError: a line is malformed, the form does not fit, or the target exists.
        StoreError: the target cannot be written.
    """
    kind = kind_of_file(source)
    return write_rows(target, (entry for row in read_rows(source, kind) for entry in to_form(row, form)))
