"""What small models forget, told only where the requirement calls for it.

Advice that has nothing to do with the task is taken for a part of it: told how to check dates, a small model makes a
queue refuse what is no date.
"""

from __future__ import annotations

import re

__all__ = ["hints_for"]

_HINTS = (
    (
        re.compile(r"\bdecimals?\b|位小数"),
        'Format numbers like f"{value:.2f}".',
    ),
    (
        re.compile(r"\.json\b"),
        "Keep plain dicts and lists in the JSON file; a file that does not exist yet is empty.",
    ),
    (
        re.compile(r"\.csv\b"),
        "Use the csv module.",
    ),
    (
        re.compile(r"sqlite", re.IGNORECASE),
        "Create tables if they do not exist, and commit every change.",
    ),
)

_STORAGE = (_HINTS[1][0], _HINTS[3][0])


def hints_for(text: str, *, stored: bool = False) -> list[str]:
    """Choose hints for writing a file.

    Args:
        text: the requirement.
        stored: whether a finished module keeps the data, so that nothing has to be said of its format.
    """
    return [hint for pattern, hint in _HINTS if pattern.search(text) and not (stored and pattern in _STORAGE)]
