"""What a requirement says of a failure: that a command ends in one, and what the message of one looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swfactory.requirements.text.cases import of_another
from swfactory.requirements.text.hedges import is_conditional, is_denied, without_quotations

__all__ = ["looks_like_error", "speaks_of_failure", "tells_of_failure"]

_ERROR = re.compile(
    r"\W*(?:error|usage|traceback|invalid|unknown|cannot|can't|no such|not found|错误|用法|无效|未知|未找到|找不到)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\bnon-?zero\b(?: (?:exit )?(?:status|code)\b)?"
    r"|\berror (?:code|status)\b|\bfails\b|\b(?:must|should|to|will) fail\b|\bwith (?:a )?failure\b"
    r"|\b(?:an|its) error\b(?! (?:count|log|rate|report))|\berror message\b|\bcrashe[ds]\b|\brefuses\b|\brejects\b"
    r"|\b(?:is|are|be) (?:invalid|refused|rejected|an? error)\b"
    r"|非\s?(?:零|0)|失败|报错|出错|错误(?:信息|提示|消息|码)|拒绝",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:\b(?:because|since|as (?:it|that|the|this))\b|因为|由于)(?:(?!\band\b)[^,.;，。；])*$", re.IGNORECASE
)
"""What follows is why, and not what happens."""


def looks_like_error(shown: str) -> bool:
    """Whether what a command shows is the message of an error, which may come on either stream.

    Args:
        shown: what is printed.
    """
    return _ERROR.match(shown) is not None


def speaks_of_failure(said: str) -> bool:
    """Whether a sentence says that something ends in an error: a command, or what is told apart from it.

    Args:
        said: what is said of the command.
    """
    return next(_failures(said), None) is not None


def tells_of_failure(said: str) -> bool:
    """Whether a sentence says that a command ends in an error, without giving its status.

    Args:
        said: what is said of the command.
    """
    return not all(of_another(*around) for around in _failures(said))


def _failures(said: str) -> Iterator[tuple[str, str]]:
    """What stands before and after each failure that is neither denied nor one of some cases."""
    said = without_quotations(said)
    for match in _FAILURE.finditer(said):
        before, after = said[: match.start()], said[match.end() :]
        if not (is_denied(before) or _REASON.search(before) or is_conditional("", after)):
            yield before, after
