"""Polynomials with coefficients from the constant term upwards."""

from numbers import Number


class Polynomial:
    def __init__(self, coefficients):
        if not all(isinstance(number, Number) for number in coefficients):
            raise TypeError("coefficients must be numbers")
        self.coefficients = list(coefficients)
        while self.coefficients and self.coefficients[-1] == 0:
            self.coefficients.pop()

    def degree(self):
        return len(self.coefficients) - 1

    def __eq__(self, other):
        return isinstance(other, Polynomial) and self.coefficients == other.coefficients

    def __hash__(self):
        return hash(tuple(self.coefficients))

    def __call__(self, x):
        total = 0
        for number in reversed(self.coefficients):
            total = total * x + number
        return total

    def __add__(self, other):
        size = max(len(self.coefficients), len(other.coefficients))
        one = self.coefficients + [0] * (size - len(self.coefficients))
        two = other.coefficients + [0] * (size - len(other.coefficients))
        return Polynomial([a + b for a, b in zip(one, two, strict=True)])

    def __sub__(self, other):
        return self + other * -1

    def __mul__(self, other):
        if isinstance(other, Number):
            return Polynomial([number * other for number in self.coefficients])
        product = [0] * (len(self.coefficients) + len(other.coefficients))
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Polynomial(product)

    __rmul__ = __mul__

    def derivative(self):
        return Polynomial([power * number for power, number in enumerate(self.coefficients)][1:])

    def __str__(self):
        text = ""
        for power, number in reversed(list(enumerate(self.coefficients))):
            if number:
                size = "" if abs(number) == 1 and power else str(abs(number))
                variable = "" if power == 0 else "x" if power == 1 else f"x^{power}"
                sign = "-" if number < 0 else "+"
                text += f" {sign} {size}{variable}" if text else ("-" if number < 0 else "") + size + variable
        return text or "0"
