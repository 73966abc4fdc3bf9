"""Exact amounts of money."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))? ([A-Z]{3})")


@dataclass(frozen=True)
class Money:
    """A number of cents of a currency."""

    cents: int
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read an amount such as ``12.50 EUR``."""
        match = _AMOUNT.fullmatch(text)
        if match is None:
            raise ValueError(f"not an amount of money: {text!r}")
        sign, units, decimals, currency = match.groups()
        cents = int(units) * 100 + int((decimals or "").ljust(2, "0"))
        return cls(-cents if sign else cents, currency)

    def allocate(self, ratios: list[int]) -> list[Money]:
        """Split by ratios; the cents left over go to the first parts."""
        if not all(isinstance(ratio, int) and ratio >= 0 for ratio in ratios) or sum(ratios) == 0:
            raise ValueError("ratios must be whole numbers of at least 0 with a positive sum")
        parts = [self.cents * ratio // sum(ratios) for ratio in ratios]
        for index in range(self.cents - sum(parts)):
            parts[index] += 1
        return [Money(part, self.currency) for part in parts]

    def _cents_of(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"different currencies: {self.currency} and {other.currency}")
        return other.cents

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.cents + self._cents_of(other), self.currency)

    def __radd__(self, other: int) -> Money:
        return self if other == 0 else NotImplemented  # sum() starts with 0

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.cents - self._cents_of(other), self.currency)

    def __mul__(self, factor: int) -> Money:
        if not isinstance(factor, int):
            return NotImplemented
        return Money(self.cents * factor, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.cents < self._cents_of(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: Money) -> bool:
        return self.cents <= self._cents_of(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: Money) -> bool:
        return self.cents > self._cents_of(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: Money) -> bool:
        return self.cents >= self._cents_of(other) if isinstance(other, Money) else NotImplemented

    def __str__(self) -> str:
        units, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{units}.{cents:02} {self.currency}"
