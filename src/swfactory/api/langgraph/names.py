"""Ids of the dialect, which are UUIDs, for what the factory calls otherwise."""

from __future__ import annotations

import re
import uuid

from swfactory.errors import InputError, NotFoundError
from swfactory.runtime.topology import BUILT_IN

__all__ = ["assistant_id", "checked_uuid", "graph_of", "run_id_of", "thread_id"]

_SPACE = uuid.uuid5(uuid.NAMESPACE_OID, "swfactory")
_RUN = re.compile(r"([0-9]{6})-([0-9]{6})-([0-9a-z]{4})")
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_TAIL_BITS = 62
_LETTERS_BITS = 20


def thread_id(run_id: str) -> str:
    """Return the id of the thread that a run of the factory is.

    It is a version 5 UUID whose last 62 bits spell the run's id, so that the way back needs no table.
    """
    name = uuid.uuid5(_SPACE, run_id)
    found = _RUN.fullmatch(run_id)
    if found is None or not set(found[3]) <= set(_DIGITS):
        return str(name)
    letters = 0
    for letter in found[3]:
        letters = letters * len(_DIGITS) + _DIGITS.index(letter)
    spelt = int(found[1] + found[2]) << _LETTERS_BITS | letters
    return str(uuid.UUID(int=name.int >> _TAIL_BITS << _TAIL_BITS | spelt))


def run_id_of(thread: str) -> str | None:
    """Return the id of the run that a thread is by its id alone; None when the id is no such one."""
    try:
        number = uuid.UUID(thread).int & (1 << _TAIL_BITS) - 1
    except ValueError:
        return None
    letters = ""
    for _ in range(4):
        number, digit = divmod(number, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    stamp = f"{number:012d}"
    run_id = f"{stamp[:6]}-{stamp[6:]}-{letters}"
    return run_id if thread_id(run_id) == str(uuid.UUID(thread)) else None


def assistant_id(graph: str) -> str:
    """Return the id of the assistant that a built-in graph is."""
    return str(uuid.uuid5(_SPACE, f"graph {graph}"))


def graph_of(assistant: str) -> str:
    """Return the built-in graph of an assistant.

    Args:
        assistant: its id, or the name of the graph.

    Raises:
        NotFoundError: there is no such assistant.
    """
    for graph in BUILT_IN:
        if assistant in {graph, assistant_id(graph)}:
            return graph
    raise NotFoundError(f"there is no assistant {assistant!r}", hint=f"assistants: {', '.join(BUILT_IN)}")


def checked_uuid(text: str) -> str:
    """Return a UUID in its usual form.

    Raises:
        InputError: the text is no UUID.
    """
    try:
        return str(uuid.UUID(text))
    except ValueError as exc:
        raise InputError(f"{text!r} is not a UUID", hint="leave thread_id out to get a new one") from exc
