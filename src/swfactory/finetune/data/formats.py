"""Files of rows, read whatever form each line has: messages, ShareGPT, Alpaca, preference pairs, KTO, prompts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.finetune.rows import Completion, Conversation, Kind, Preference, Prompt, Row

__all__ = ["MODELS", "kind_of_file", "read_objects", "read_rows", "row_of", "write_rows"]

MODELS: dict[Kind, type[Row]] = {
    "sft": Conversation,
    "preference": Preference,
    "kto": Completion,
    "prompt": Prompt,
}
"""The class of the rows of each kind."""
_SPEAKERS = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "system": "system",
}
_ASKED = frozenset(("messages", "conversations", "instruction", "input", "output", "history", "system", "origin"))
_KEYS: dict[Kind, frozenset[str]] = {
    "sft": _ASKED,
    "preference": _ASKED | {"prompt", "chosen", "rejected"},
    "kto": _ASKED | {"prompt", "completion", "label", "kto_tag"},
    "prompt": frozenset(("prompt", "tests", "module", "origin")),
}
"""Keys that are read of each kind; others are passed over, unless they look like one that is not there."""
_LINE_BYTES = 16_000_000
"""Longest line: what has no line breaks is no JSONL."""


def read_rows(path: Path, kind: Kind) -> Iterator[Row]:
    """Yield the rows of a JSONL file, whatever form each line has.

    Args:
        path: the file.
        kind: what the rows are to be.

    Raises:
        NotFoundError: there is no such file.
        InputError: a line is no row of this kind; the message names ``FILE:LINE`` and the key.
    """
    for number, entry in read_objects(path):
        yield row_of(entry, kind, f"{path}:{number}")


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the JSON objects of a file with the number of their line, one at a time.

    Args:
        path: JSONL file; empty lines are passed over.

    Raises:
        NotFoundError: there is no such file.
        InputError: a line is no JSON object.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LINE_BYTES):
                number += 1
                if line.strip():
                    yield number, _object(line, f"{path}:{number}")
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no file {str(path)!r}", hint="swf data check FILE.jsonl --kind sft") from exc
    except OSError as exc:
        raise InputError(f"{str(path)!r} cannot be read: {exc.strerror}", hint=f"ls -l {path}") from exc


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise InputError(f"{place}: no JSON: {exc}", hint="one JSON object a line, UTF-8") from exc
    if not isinstance(entry, dict):
        raise InputError(f"{place}: {type(entry).__name__} where an object should be", hint="one JSON object a line")
    return entry


def row_of(entry: Mapping[str, Any], kind: Kind, place: str) -> Row:
    """Read a row.

    Args:
        entry: a JSON object in any of the forms.
        kind: what the row is to be.
        place: where it stands, for the message.

    Raises:
        InputError: it is no row of this kind; the message names the key.
    """
    for key in entry.keys() - _KEYS[kind]:
        if near := get_close_matches(key, _KEYS[kind] - entry.keys(), n=1, cutoff=0.8):
            raise InputError(f"{place}: unknown key {key!r}", hint=f"did you mean {near[0]!r}?")
    found = _kind_of(entry)
    if found != kind:
        shown = ", ".join(sorted(entry)) or "none"
        what = f"a row of kind {found!r}" if found else "no row that is known"
        raise InputError(f"{place}: {what}, where kind {kind!r} is wanted (keys: {shown})", hint=_FORMS[kind])
    try:
        return MODELS[kind].model_validate(_native(entry, kind, place))
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"]) or "itself"
        raise InputError(f"{place}: key {key!r}: {error['msg']}", hint=_FORMS[kind]) from exc


_FORMS: dict[Kind, str] = {
    "sft": '{"messages": [{"role": "user", "content": "..."}, ...]}, or the form of ShareGPT or Alpaca',
    "preference": '{"prompt": [...], "chosen": [...], "rejected": [...]}',
    "kto": '{"prompt": [...], "completion": [...], "label": true}',
    "prompt": '{"prompt": [...], "tests": "...", "module": "solution.py"}',
}


def _kind_of(entry: Mapping[str, Any]) -> Kind | None:
    keys = entry.keys()
    if {"chosen", "rejected"} & keys:
        return "preference"
    if {"completion", "label", "kto_tag"} & keys:
        return "kto"
    if {"messages", "conversations", "instruction"} & keys:
        return "sft"
    return "prompt" if "prompt" in keys else None


def kind_of_file(path: Path) -> Kind:
    """Return the kind of a file's rows, by its first one.

    Raises:
        NotFoundError: there is no such file.
        InputError: it has no rows, or the first is of no known form.
    """
    for number, entry in read_objects(path):
        if kind := _kind_of(entry):
            return kind
        raise InputError(
            f"{path}:{number}: no row that is known (keys: {', '.join(sorted(entry))})", hint=_FORMS["sft"]
        )
    raise InputError(f"{str(path)!r} has no rows", hint="one JSON object a line")


def _native(entry: Mapping[str, Any], kind: Kind, place: str) -> dict[str, Any]:
    """The entry in the conversational form."""
    origin = {"origin": entry["origin"]} if entry.get("origin") is not None else {}
    if kind == "sft":
        return {"messages": _sft_turns(entry, place), **origin}
    if kind == "prompt":
        kept = {key: entry[key] for key in ("tests", "module") if entry.get(key) is not None}
        return {"prompt": _turns(entry.get("prompt"), "user", "prompt", place), **kept, **origin}
    key, turns = _conversation(entry, ("messages", "conversations", "prompt"), place)
    if kind == "preference":
        pair = {side: _turns(entry.get(side), "assistant", side, place) for side in ("chosen", "rejected")}
        return {"prompt": turns, **pair, **origin}
    label = entry.get("label", entry.get("kto_tag"))
    if not isinstance(label, bool):
        raise InputError(f"{place}: key 'label': {label!r} is neither true nor false", hint=_FORMS["kto"])
    if "completion" in entry:
        said = _turns(entry["completion"], "assistant", "completion", place)
    elif key in ("instruction", "prompt"):
        said = _text_turn(entry, "output", place)
    elif turns[-1]["role"] == "assistant":  # the last turn is what is judged
        turns, said = turns[:-1], turns[-1:]
    else:
        raise InputError(f"{place}: key {key!r}: the last turn is not the assistant's", hint=_FORMS["kto"])
    return {"prompt": turns, "completion": said, "label": label, **origin}


def _sft_turns(entry: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    key, turns = _conversation(entry, ("messages", "conversations"), place)
    if key == "instruction":
        return [*turns, *_text_turn(entry, "output", place)]
    if turns[-1]["role"] != "assistant":
        raise InputError(f"{place}: key {key!r}: the last turn is not the assistant's", hint=_FORMS["sft"])
    return turns


def _conversation(entry: Mapping[str, Any], keys: Sequence[str], place: str) -> tuple[str, list[dict[str, Any]]]:
    """The turns that an entry holds in the first of some keys, else of its instruction, and which key that was."""
    key = next((key for key in keys if key in entry), "instruction")
    turns = [{"role": "system", "content": entry["system"]}] if isinstance(entry.get("system") or None, str) else []
    if key != "instruction":
        return key, [*turns, *_turns(entry[key], "user", key, place)]
    for pair in entry.get("history") or []:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError(f"{place}: key 'history': {pair!r} is no pair of texts", hint=_FORMS["sft"])
        turns += [{"role": "user", "content": pair[0]}, {"role": "assistant", "content": pair[1]}]
    return key, [*turns, {"role": "user", "content": _alpaca_question(entry, place)}]


def _alpaca_question(entry: Mapping[str, Any], place: str) -> str:
    parts = [entry.get("instruction"), entry.get("input") or ""]
    if not all(isinstance(part, str) for part in parts):
        raise InputError(f"{place}: key 'instruction': no text", hint=_FORMS["sft"])
    return "\n\n".join(str(part) for part in parts if part)


def _text_turn(entry: Mapping[str, Any], key: str, place: str) -> list[dict[str, Any]]:
    if not isinstance(entry.get(key), str):
        raise InputError(f"{place}: key {key!r} is missing or no text", hint=_FORMS["sft"])
    return [{"role": "assistant", "content": entry[key]}]


def _turns(said: Any, speaker: str, key: str, place: str) -> list[dict[str, Any]]:
    """Turns of any form; a bare text is one turn of the speaker."""
    if isinstance(said, str):
        return [{"role": speaker, "content": said}]
    turns = [said] if isinstance(said, dict) else said
    if not isinstance(turns, list) or not turns:
        raise InputError(f"{place}: key {key!r} is missing, empty or no list of turns", hint="a text or turns")
    read = []
    for number, turn in enumerate(turns):
        if not isinstance(turn, dict):
            raise InputError(f"{place}: key '{key}.{number}': {turn!r} is no turn", hint="role and content")
        who, what = turn.get("role", turn.get("from")), turn.get("content", turn.get("value"))
        if who not in _SPEAKERS:
            raise InputError(f"{place}: key '{key}.{number}.role': nobody is called {who!r}", hint="user or assistant")
        if not isinstance(what, str):
            raise InputError(f"{place}: key '{key}.{number}.content': {what!r} is no text", hint="role and content")
        read.append({"role": _SPEAKERS[who], "content": what})
    return read


def write_rows(target: Path, rows: Iterable[Row | Mapping[str, Any]]) -> int:
    """Write rows as JSONL, whole or not at all, and return how many there were.

    Args:
        target: the file to make.
        rows: rows, or rows in another form.

    Raises:
        InputError: the file exists.
        StoreError: it cannot be written.
    """
    if target.exists():
        raise InputError(f"{str(target)!r} exists", hint="give another name, or delete it first")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(_line(row))
                count += 1
        draft.replace(target)
    except OSError as exc:
        raise StoreError(f"{str(target)!r} cannot be written: {exc.strerror}", hint="look at the disk: df -h") from exc
    finally:
        draft.unlink(missing_ok=True)
    return count


def _line(row: Row | Mapping[str, Any]) -> str:
    if isinstance(row, Row):
        return row.model_dump_json(exclude_none=True) + "\n"
    return json.dumps(row, ensure_ascii=False) + "\n"
