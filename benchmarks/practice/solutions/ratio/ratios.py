"""Ratios of whole numbers."""

import re
from functools import total_ordering
from math import gcd


@total_ordering
class Ratio:
    def __init__(self, numerator, denominator=1):
        if denominator == 0:
            raise ZeroDivisionError("a denominator of zero")
        if denominator < 0:
            numerator, denominator = -numerator, -denominator
        shared = gcd(numerator, denominator)
        self.numerator = numerator // shared
        self.denominator = denominator // shared

    @classmethod
    def parse(cls, text):
        match = re.fullmatch(r"(-?\d+)(?:/(\d+))?", text.strip())
        if match is None:
            raise ValueError(f"no ratio: {text!r}")
        return cls(int(match[1]), int(match[2] or 1))

    @staticmethod
    def _of(other):
        return Ratio(other) if isinstance(other, int) else other if isinstance(other, Ratio) else None

    def __add__(self, other):
        if (o := self._of(other)) is None:
            return NotImplemented
        return Ratio(self.numerator * o.denominator + o.numerator * self.denominator, self.denominator * o.denominator)

    def __sub__(self, other):
        return NotImplemented if (o := self._of(other)) is None else self + Ratio(-o.numerator, o.denominator)

    def __mul__(self, other):
        if (o := self._of(other)) is None:
            return NotImplemented
        return Ratio(self.numerator * o.numerator, self.denominator * o.denominator)

    def __truediv__(self, other):
        return NotImplemented if (o := self._of(other)) is None else self * Ratio(o.denominator, o.numerator)

    def __eq__(self, other):
        o = self._of(other)
        return o is not None and (self.numerator, self.denominator) == (o.numerator, o.denominator)

    def __lt__(self, other):
        if (o := self._of(other)) is None:
            return NotImplemented
        return self.numerator * o.denominator < o.numerator * self.denominator

    def __hash__(self):
        return hash(self.numerator / self.denominator)

    def __abs__(self):
        return Ratio(abs(self.numerator), self.denominator)

    def __float__(self):
        return self.numerator / self.denominator

    def __str__(self):
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"
