"""Programs that keep what they were told: what one of their commands prints depends on those before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["GIVEN_ONCE", "MAKES", "THERE_ALREADY", "keeps_data", "stands_alone"]

MAKES = frozenset(("add", "book", "create", "insert", "log", "new", "open", "put", "push", "record", "register", "set"))
"""Subcommands that put something in."""
THERE_ALREADY = re.compile(
    r"\balready (?:there|exists?|present|taken|used|in use|known|registered|stored|in (?:it|the \w+))\b"
    r"|\b(?:exists?|there|present) already\b|\bthat exists\b|\bduplicate (?:\w+ )?(?:ids?|keys?|names?|titles?)\b"
    r"|已经?存在",
    re.IGNORECASE,
)
"""Says of something new that it is not."""
GIVEN_ONCE = re.compile(
    r"(?:\bids?\b|\bnumbers?\b|\bcounts? from\b|编号|序号)[^.;。；]{0,60}?"
    r"(?:\b(?:never|not) (?:(?:be|get|given|used) )*(?:twice|again|re-?used)\b"
    r"|不(?:会|得|能|再)?(?:重复使用|重用|复用))",
    re.IGNORECASE,
)
"""Says of a number that it is given to one thing only."""
_KEEPS = re.compile(
    r"\b(?:sqlite|stor(?:age|es?|ed|ing)|sav(?:es?|ed)|persist\w*|kept|keeps? (?:its|the|all|them|track)|remember\w*"
    r"|keeps? [^.,;]{1,40} in (?:an? |the )?(?:[\w./-]+ )?(?:file|table|[\w./-]+\.(?:csv|db|json|txt|yaml))"
    r"|between (?:runs|calls)|ids? (?:count|start)|database|in the current (?:directory|folder))\b"
    r"|当前目录|保存|存储|存放|存在|记录(?:在|到)|数据库|编号",
    re.IGNORECASE,
)
_DATA_FILE = re.compile(
    r"\b(?:in|into|on|to) (?:an? |the )?(?:[\w-]+ ){0,2}`?[\w-]+\.(?:csv|db|json|sqlite3?|txt|yaml)\b"
    r"|(?<![\w-])[\w-]+\.(?:csv|db|json|sqlite3?|txt|yaml)`? ?[里中]"
)
_PUTS_IN = re.compile(rf"\.py (?:{'|'.join(sorted(MAKES))})\b")
_NUMBER = re.compile(r"\d+")


def keeps_data(text: str) -> bool:
    """Whether a program keeps data from one of its runs to the next.

    Args:
        text: the requirement.
    """
    return _KEEPS.search(text) is not None or (
        _DATA_FILE.search(text) is not None and _PUTS_IN.search(text) is not None
    )


def stands_alone(words: Sequence[str], output: str, *, first: bool) -> bool:
    """Whether a command of a program that keeps data prints something when nothing was stored before.

    Args:
        words: of the command, after the program's name.
        output: what the requirement says that it prints.
        first: whether it is the first command that the requirement shows.
    """
    given = {*_NUMBER.findall(" ".join(words))}
    told_by_itself = {*_NUMBER.findall(output)} <= given
    return len(words) > 1 and (first or (words[0] in MAKES and told_by_itself))
