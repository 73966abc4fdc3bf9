"""The exit statuses that a requirement gives to errors, told apart by what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.requirements.text.cases import of_another
from swfactory.requirements.text.failures import speaks_of_failure
from swfactory.requirements.text.hedges import is_choice, is_conditional, is_denied, without_quotations

__all__ = ["STATUS", "ExitStatuses", "exit_statuses", "fails_somehow", "may_fail", "stated_status"]

STATUS = re.compile(
    r"(?:exit\w*\s+(?:with\s+)?(?:an?\s+)?(?:(?:error|exit|return)\s+)?(?:status|code)?\s*(?:code\s*)?"
    r"|\bwith\s+(?:an?\s+)?(?:(?:error|exit|return)\s+)?(?:status|(?:error|exit|return)\s+code)\s+(?:code\s+)?"
    r"|\breturns?\s+(?:(?:error|exit)\s+)?code\s+|状态码?\s*|(?:退出|返回|错误)码\s*)"
    r"(?:(?:of|is|must be|should be|应?当?为|应?当?是|必须[为是])\s*)?(\d+)",
    re.IGNORECASE,
)
_NOT_ZERO = re.compile(
    r"\b(?:exit\w*|ends?|fails?)\s+with\s+an?\s+(?:non-?zero|error)\s+(?:exit\s+)?(?:status|code)\b(?!\s+(?:of\s+)?\d)"
    r"|非\s?(?:零|0)\s?(?:的)?(?:退出)?(?:状态码?|退出码|码)",
    re.IGNORECASE,
)
_OF_OTHER = re.compile(r"\bor (?:(?!\band\b)[^,;])* with (?:an? )?(?:exit )?(?:status|code) \d+$")
"""A status of what is printed in another case: prints the path, or "none" with status 1."""
_RUN = re.compile(r"^\s*(?:以?后|时)")
_MISSING_FILE = re.compile(
    r"missing[^.;]{0,25}\bfiles?\b|\bfiles?\b[^.;]{0,30}(?:missing|not found|not exist)|no such file"
    r"|文件[^。；]{0,6}不存在|找不到文件",
    re.IGNORECASE,
)
_FILE = re.compile(r"\bfiles?\b|文件")
_INVALID = re.compile(r"\b(?:invalid|malformed|broken)\b|无效|损坏")
_UNKNOWN = re.compile(
    r"\bunknown\b|\bmissing\b|\bno such\b|\bnot found\b|\b(?:does not|doesn't|do not) exist\b|不存在|未知|找不到|缺少",
    re.IGNORECASE,
)
_BAD_VALUE = re.compile(
    r"number|numeric|amount|invalid|malformed|negative|argument|date|(?<!standard )error|wrong"
    r"|数字|整数|小数|无效|(?<!标准)错误|日期",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[.;]\s|[。；]")
_CLAUSE = 80
_NO_ERROR = frozenset([0, *range(126, 256)])
"""Statuses of success, and of a process that could not be started or was killed (POSIX shell, 2.8.2)."""
_ARGPARSE = 2


@dataclass(frozen=True)
class ExitStatuses:
    """What a program ends with.

    Args:
        usual: for a bad value; argparse's own when the requirement names none.
        special: source of what is raised, to the status it has instead, in the order in which it is caught.
    """

    usual: int
    special: tuple[tuple[str, int], ...] = ()

    @property
    def all(self) -> frozenset[int]:
        """Every status, that of success too."""
        return frozenset([0, self.usual, *(status for _, status in self.special)])


def exit_statuses(text: str) -> ExitStatuses:
    """Read the statuses of errors.

    Args:
        text: the requirement.
    """
    said = [(clause, status) for clause, status in _clauses(text) if status not in _NO_ERROR]
    # What is said of a file says the least about other errors.
    usual = max(said, key=lambda pair: _about_values(pair[0]), default=("", _ARGPARSE))[1]
    special: dict[str, int] = {}
    for clause, status in said:
        if _MISSING_FILE.search(clause):
            broken = _INVALID.search(clause) and "JSON" in text
            special.setdefault("(FileNotFoundError, json.JSONDecodeError)" if broken else "FileNotFoundError", status)
            break
    for clause, status in said:
        if _UNKNOWN.search(clause) and not _FILE.search(clause) and not _BAD_VALUE.search(clause):
            special.setdefault("LookupError", status)
    return ExitStatuses(usual, tuple(pair for pair in special.items() if pair[1] != usual))


def stated_status(said: str) -> int | None:
    """Return the exit status that a command has in any case; None when it has none, or one of several.

    Args:
        said: what is said of the command, from after it on.
    """
    said = without_quotations(said)
    status = STATUS.search(said)
    return None if status is None or _is_open(said, status) else int(status[1])


def fails_somehow(said: str) -> bool:
    """Whether a command has an exit status other than 0 in any case, and which one is not said.

    Args:
        said: what is said of the command, from after it on.
    """
    said = without_quotations(said)
    failing = _NOT_ZERO.search(said)
    return failing is not None and not _is_open(said, failing)


def may_fail(said: str) -> bool:
    """Whether a sentence speaks of a failure of the command, be it only in some cases.

    Args:
        said: what is said of the command, from after it on.
    """
    return speaks_of_failure(said) or any(map(int, STATUS.findall(without_quotations(said))))


def _is_open(said: str, status: re.Match[str]) -> bool:
    """Whether a status is one of several, that of some cases, or that of something else than the command."""
    before, after = _RUN.sub("", said[: status.start()]), said[status.end() :]
    return (
        _OF_OTHER.search(said[: status.end()]) is not None
        or is_choice(after, before)
        or is_denied(before)
        or is_conditional(before, after)
        or of_another(before, after)
    )


def _about_values(clause: str) -> tuple[bool, bool]:
    of_file = _FILE.search(clause) is not None
    return _BAD_VALUE.search(clause) is not None and not of_file, not of_file


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """Every status with what is said before it, in its own sentence where that has a subject."""
    start = 0
    for match in STATUS.finditer(text):
        clause = text[max(start, match.start() - _CLAUSE) : match.start()]
        own = _BOUNDARY.split(clause)[-1]
        yield own if any(kind.search(own) for kind in (_FILE, _UNKNOWN, _BAD_VALUE)) else clause, int(match[1])
        start = match.end()
