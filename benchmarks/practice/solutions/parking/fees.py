"""The tariff of the car park."""

FREE_MINUTES, DAY_MINUTES = 15, 24 * 60
HOUR_CENTS, DAY_CENTS = 200, 1200


def fee(minutes: int, kind: str = "car") -> int:
    if minutes < 0:
        raise ValueError("a stay cannot be negative")
    if kind not in ("car", "bike"):
        raise ValueError(f"unknown kind {kind!r}")
    if minutes <= FREE_MINUTES:
        return 0
    days, rest = divmod(minutes, DAY_MINUTES)
    hours = -(-rest // 60)
    cents = days * DAY_CENTS + min(hours * HOUR_CENTS, DAY_CENTS)
    return cents // 2 if kind == "bike" else cents
