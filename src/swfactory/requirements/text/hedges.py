"""What keeps words from being all that is stated: a condition, a choice or a denial.

A check made of "prints `heads` or `tails`" or "exits with status 1 if any entry is late" as if the rest were not there
refuses right programs.
"""

from __future__ import annotations

import re

__all__ = [
    "STANDARD_ERROR",
    "is_choice",
    "is_conditional",
    "is_denied",
    "is_left_open",
    "without_quotations",
]

STANDARD_ERROR = r"(?:\bstd-?err\b|\bstandard[- ]error\b|\berror stream\b|标准错误(?:流|输出)?)"
_CHOICE = re.compile(r"\s*(?:[,，]\s*)?(?:or\b|/|或|还是)", re.IGNORECASE)
_CHOICE_BEFORE = re.compile(r"(?:\b(?:or|either)|或者?|还是)\s*$", re.IGNORECASE)
_CONDITION = re.compile(
    r"\s*(?:[,，(（]\s*)?(?:only\s+|but\s+|except\s+)?"
    r"(?:if|when|whenever|unless|otherwise|while|where|until|depending|provided|in case|as long as"
    r"|(?!in (?:any|every) case\b)(?:for|in|on) (?:each|every|all|any|some)"
    r"|(?<=only )(?:after|at|for|in|on|with)|per)\b"
    r"|\s*(?:[,，(（]\s*)?(?:如果|若|当|除非|否则|视)",
    re.IGNORECASE,
)
_CONDITION_BEFORE = re.compile(
    r"\b(?:if|when|whenever|unless|otherwise|depending|in case|as long as)\b|如果|若|当|除非|否则"
    r"|(?:[\u3400-\u9fff](?<![同此小])|[\w`\"”)）] )时(?!间)|[\d`\"”)）]时(?!间)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\s*(?:,\s*)?(?:\.{2,}|…)")
_DENIAL = re.compile(
    r"(?:\b(?:instead of|rather than|without|not|never|no longer|nor|neither|no|cannot)|n't"
    r"|不(?:会|再|应|得|能|要|可)?(?:打印|输出|显示|给出)?(?:任何)?|而非|从不|绝不|无需|没有|未)"
    r"\s*(?:(?:print|show|giv|report|rais)(?:e|ing)?\s+)?(?:ever\s+|any?\s+|a\s+|be\s+)?$",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」")


def without_quotations(said: str) -> str:
    """What a sentence says itself: what it quotes is blank, and all else in its place.

    Args:
        said: a sentence or a part of one.
    """
    return _QUOTATION.sub(lambda match: "_" * len(match[0]), said)


def is_choice(after: str, before: str = "") -> bool:
    """Whether another value is named beside one: then either is right.

    Args:
        after: what follows it.
        before: what stands before it.
    """
    return _CHOICE.match(after) is not None or _CHOICE_BEFORE.search(before) is not None


def is_conditional(before: str, after: str) -> bool:
    """Whether something is stated only of some cases.

    Args:
        before: what its sentence says before it.
        after: what follows it.
    """
    return _CONDITION.match(after) is not None or _CONDITION_BEFORE.search(before) is not None


def is_left_open(after: str) -> bool:
    """Whether a value goes on, and only its beginning is shown: ``1.333...``.

    Args:
        after: what follows what is shown.
    """
    return _OPEN.match(after) is not None


def is_denied(before: str) -> bool:
    """Whether words deny what follows them: "instead of raising", "does not", "而不是".

    Args:
        before: what stands before it.
    """
    return _DENIAL.search(before) is not None
