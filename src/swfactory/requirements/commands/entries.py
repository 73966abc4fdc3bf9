"""What was put in is listed: entries of a session that a later command must show.

A program that keeps only the first entry, or the last, passes every session that puts in one.
"""

from __future__ import annotations

import re

from swfactory.domain.spec import CommandExample

__all__ = ["with_entries"]

_PUTS = re.compile(r"(?:add|append|create|insert|new|put|register)$")
_LISTS = re.compile(r"(?:list|ls|all)$")
_NAME = re.compile(r"[^\W\d]{2,}$")
"""A word that a listing shows as it is; a number or a day may be written in another way."""


def with_entries(session: CommandExample) -> CommandExample:
    """Let a listing show every entry that the session has put in, if these are two or more and nothing else was done.

    Args:
        session: commands, of which those that list something may say nothing of what they print.
    """
    entries: dict[str, None] = {}
    steps = [*session.steps]
    for at, step in enumerate(steps):
        command, *words = step.argv[2:] or ("",)
        if _PUTS.match(command):
            entries |= dict.fromkeys([word for word in words if _NAME.match(word)][:1])
        elif not _LISTS.match(command) or words:
            break  # it may have changed what is there
        elif len(entries) > 1 and step.stdout is None and not step.stdout_contains:
            steps[at] = step.model_copy(update={"stdout_contains": (*entries,)})
    return session.model_copy(update={"steps": tuple(steps)})
