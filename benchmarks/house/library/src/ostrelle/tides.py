"""The business calendar: on which days the house is open, and when work is due."""

from __future__ import annotations

from datetime import date, timedelta

from ostrelle.errors import Refused

__all__ = ["due_date", "is_open", "next_open", "open_days", "period_code"]

_DAY = timedelta(days=1)
_FEASTS = {(1, 1), (12, 25), (12, 26)}
_STOCKTAKING_MONTHS = (3, 6, 9, 12)


def _is_open_saturday(day: date) -> bool:
    return day.weekday() == 5 and 8 <= day.day <= 14


def is_open(day: date) -> bool:
    """Tell whether the house is open on a day.

    It is closed on Sundays and on Saturdays, except the second Saturday of a month, which is open; the Monday after
    an open Saturday is closed in exchange. It is also closed for stocktaking on the 17th of March, June, September and
    December, and on 1 January, 25 and 26 December.

    Args:
        day: the day.

    Returns:
        True when it is open.
    """
    if (day.month, day.day) in _FEASTS or (day.month in _STOCKTAKING_MONTHS and day.day == 17):
        return False
    if day.weekday() == 0 and _is_open_saturday(day - 2 * _DAY):
        return False
    return day.weekday() < 5 or _is_open_saturday(day)


def next_open(day: date) -> date:
    """Return the first open day after a day.

    Args:
        day: any day, open or not.

    Returns:
        The first day later than it on which the house is open.
    """
    day += _DAY
    while not is_open(day):
        day += _DAY
    return day


def due_date(accepted: date, days: int) -> date:
    """Return the day on which work is due that takes a number of open days.

    Counting begins on the first open day after acceptance. Work of five days or more also counts the day of
    acceptance itself, when the house is open on it.

    Args:
        accepted: the day on which the work was accepted.
        days: open days that the work takes, at least 1.

    Returns:
        The last of those days.

    Raises:
        Refused: days is less than 1.
    """
    if days < 1:
        raise Refused(f"work cannot take {days} days")
    if days >= 5 and is_open(accepted):
        days -= 1
    day = accepted
    for _ in range(days):
        day = next_open(day)
    return day


def open_days(first: date, last: date) -> list[date]:
    """Return the open days of a span.

    Args:
        first: first day of the span.
        last: last day of the span, included in it.

    Returns:
        The open days in order; empty when the span has none or ends before it begins.
    """
    return [day for n in range((last - first).days + 1) if is_open(day := first + n * _DAY)]


def period_code(day: date) -> str:
    """Return the code of the accounting period of a day, such as ``Y25-P02``.

    The accounting year begins on 1 February and bears the number of the year in which it begins. Its periods are 28
    days long and numbered from 1; period 13 also takes the days that are left at the end.

    Args:
        day: the day.

    Returns:
        The code, with two digits each for year and period.
    """
    year = day.year if day.month >= 2 else day.year - 1
    period = min((day - date(year, 2, 1)).days // 28 + 1, 13)
    return f"Y{year % 100:02d}-P{period:02d}"
