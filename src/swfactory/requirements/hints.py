"""What small models forget, told only where the requirement calls for it.

Advice that has nothing to do with the task is taken for a part of it: told how to check dates, a small model makes a
queue refuse what is no date.
"""

from __future__ import annotations

import re

from swfactory.requirements.text.keeping import GIVEN_ONCE

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
    (
        re.compile(r"\bround\w*\s+(?:it\s+|them\s+)?up\b|\brounding up\b|向上取整", re.IGNORECASE),
        "math.ceil(x) rounds up.",
    ),
    (
        re.compile(r"\bhalf[- ]up\b|\bcommercial(?:ly)? round|四舍五入", re.IGNORECASE),
        'Decimal(str(x)).quantize(Decimal("0.01"), ROUND_HALF_UP) rounds half up; round() does not.',
    ),
    (
        re.compile(r"\baccents?\b|\baccented\b|\bdiacritic|\bumlauts?\b|重音|变音", re.IGNORECASE),
        'unicodedata.normalize("NFKD", text) sets accents apart: leave out c where unicodedata.combining(c).',
    ),
    (
        re.compile(r"\bmedian\b|中位数", re.IGNORECASE),
        "statistics.median takes the mean of the two in the middle.",
    ),
    (
        re.compile(r"\bISO weeks?\b|\bweek numbers?\b|\bcalendar weeks?\b|第几周|周数", re.IGNORECASE),
        "date.isocalendar() gives year, week and weekday (Monday is 1).",
    ),
    (
        re.compile(
            r"\bdays? (?:of|in) (?:a|the|that|this|each|every|any|its) (?:\w+ )?month\b"
            r"|\blast day of\b[^.]{0,20}\bmonth\b"
            r"|\bend of (?:a|the|that|this|each) month\b|月末|月底|(?:当|该|本|这个|每个)月[^。]{0,8}天",
            re.IGNORECASE,
        ),
        "calendar.monthrange(year, month)[1] is the last day of a month.",
    ),
    (
        re.compile(
            r"\blibrary(?:'s)? (?:own )?(?:errors?|exceptions?|messages?)\b"
            r"|\blibrary (?:refuses|rejects|does not accept)"
            r"|库(?:自己|本身)?的(?:异常|错误|消息|信息)|库(?:不接受|拒绝)",
            re.IGNORECASE,
        ),
        "The library checks what it is given and raises: call it, and check nothing of that yourself.",
    ),
    (
        GIVEN_ONCE,
        'Keep the last number too, as in {"last": 2, "items": [...]}: len() + 1 would give one twice.',
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
