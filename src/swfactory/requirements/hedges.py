"""What keeps words from being all that is stated: a condition, a choice, a denial, or that they are of an error.

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
    "looks_like_error",
    "tells_of_failure",
    "without_quotations",
]

STANDARD_ERROR = r"(?:\bstd-?err\b|\bstandard[- ]error\b|\berror stream\b|标准错误(?:流|输出)?)"
_CHOICE = re.compile(r"\s*(?:[,，]\s*)?(?:or\b|/|或|还是)", re.IGNORECASE)
_CHOICE_BEFORE = re.compile(r"(?:\b(?:or|either)|或者?|还是)\s*$", re.IGNORECASE)
_CONDITION = re.compile(
    r"\s*(?:[,，(（]\s*)?(?:only\s+|but\s+|except\s+)?"
    r"(?:if|when|whenever|unless|otherwise|while|where|until|depending|provided|in case|as long as"
    r"|(?:for|in|on) (?:each|every|all|any|some)|per)\b|\s*(?:[,，(（]\s*)?(?:如果|若|当|除非|否则|视)",
    re.IGNORECASE,
)
_CONDITION_BEFORE = re.compile(
    r"\b(?:if|when|whenever|unless|otherwise|depending|in case|as long as)\b|如果|若|当|除非|否则|[\u3400-\u9fff]时",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\s*(?:,\s*)?(?:\.{2,}|…)")
_DENIAL = re.compile(
    r"(?:\b(?:instead of|rather than|without|not|never|no longer|nor|neither|no|cannot)|n't"
    r"|不(?:会|再|应|得|能|要|可)?|而非|从不|绝不|无需|没有|未)\s*(?:ever\s+|an?\s+|be\s+)?$",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\W*(?:error|usage|traceback|invalid|unknown|cannot|can't|no such|not found|错误|用法|无效|未知|未找到|找不到)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\bnon-?zero\b|\berror (?:code|status)\b|\bfails\b|\b(?:must|should|to|will) fail\b|\bwith (?:a )?failure\b"
    r"|\b(?:an|its) error\b(?! (?:count|log|rate|report))|\berror message\b|\bcrashe[ds]\b|\brefuses\b|\brejects\b"
    r"|\b(?:is|are|be) (?:invalid|refused|rejected|an? error)\b"
    r"|非\s?(?:零|0)|失败|报错|出错|错误(?:信息|提示|消息|码)|拒绝",
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


def looks_like_error(shown: str) -> bool:
    """Whether what a command shows is the message of an error, which may come on either stream.

    Args:
        shown: what is printed.
    """
    return _ERROR.match(shown) is not None


def tells_of_failure(said: str) -> bool:
    """Whether a sentence says that a command ends in an error, without giving its status.

    Args:
        said: what is said of the command.
    """
    said = without_quotations(said)
    return any(not is_conditional("", said[match.end() :]) for match in _FAILURE.finditer(said))
