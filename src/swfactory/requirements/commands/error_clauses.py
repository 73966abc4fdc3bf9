"""What a sentence says of errors: which cases it gives an exit status, and what is said of them on which stream."""

from __future__ import annotations

import re

from swfactory.requirements.commands.exit_statuses import STATUS
from swfactory.requirements.text.cases import last_case
from swfactory.requirements.text.hedges import STANDARD_ERROR, is_denied
from swfactory.requirements.text.sentences import sentences

__all__ = ["ANY_ERROR", "complaint", "error_clauses", "general_status"]

ANY_ERROR = re.compile(
    r"^\W*(?:(?:all|any|other|every) )*errors?\b|\busage\b|^\W*(?:其他|任何|所有)?(?:错误|出错)", re.IGNORECASE
)
"""Says that what follows holds of every error."""
_PRINTED = re.compile(
    r"(?:\bprints?|打印|输出|显示)(?: the (?:message|text|words?))?\s*[:：]?\s*[\"“'‘`「]([^\"”'’`」\n]+)[\"”'’`」]"
    r"(?: (?:on|to) (?:stdout|standard output))?[,，]?\s*(?:and|then|并|后|再|然后)",
    re.IGNORECASE,
)
"""What is printed before a program ends with a status, where that is not said to be standard error."""


def error_clauses(sentence: str) -> list[tuple[str, int]]:
    """Cut a sentence after each exit status; its clause is what comes before it since the last one, of its own case.

    Args:
        sentence: of a requirement.
    """
    clauses: list[tuple[str, int]] = []
    start = 0
    for match in STATUS.finditer(sentence):
        before = sentence[start : match.start()]
        if 0 < int(match[1]) < 126 and not is_denied(before):
            clauses.append((f"{last_case(before)}{match[0]}", int(match[1])))
            start = match.end()
    return clauses


def general_status(text: str) -> tuple[int, str] | None:
    """The exit status that all errors have; None when a requirement gives none.

    Args:
        text: the requirement.

    Returns:
        The status, and the sentence that gives it.
    """
    for sentence in sentences(text):
        for clause, status in error_clauses(sentence):
            if ANY_ERROR.search(clause):
                return status, sentence
    return None


def complaint(sentence: str) -> dict[str, object]:
    """What must be said of an error, as fields of a step; programs may say it on either stream unless one is named.

    Args:
        sentence: that speaks of the error.
    """
    if not re.search(STANDARD_ERROR, sentence, re.IGNORECASE):
        printed = [match[1] for match in _PRINTED.finditer(sentence)]
        return {"says": tuple(printed)} if len(printed) == 1 else {}
    match = re.search(
        r"(?:start(?:s|ing)?|begin(?:s|ning)?) with \W{0,3}(\w+)|以\s*[`\"“]?([A-Za-z]+)[`\"”]?\s*开头", sentence
    )
    said = next((word for word in match.groups() if word), "") if match else ""
    return {"stderr_contains": (said,)} if said else {"stderr_nonempty": True}
