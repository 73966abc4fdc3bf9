from calendar import monthrange
from datetime import date

from ostrelle.tides import open_days, period_code


def count_open(year: int, month: int) -> int:
    last = monthrange(year, month)[1]
    return len(open_days(date(year, month, 1), date(year, month, last)))


def period_of(text: str) -> str:
    return period_code(date.fromisoformat(text))
