"""Roman numerals from 1 to 3999, in their usual form only."""

PAIRS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]  # fmt: skip


def to_roman(number: int) -> str:
    if not 1 <= number <= 3999:
        raise ValueError(f"{number} is not between 1 and 3999")
    text = ""
    for value, symbol in PAIRS:
        while number >= value:
            text += symbol
            number -= value
    return text


def from_roman(text: str) -> int:
    wanted = text.upper()
    rest, number = wanted, 0
    for value, symbol in PAIRS:
        while rest.startswith(symbol):
            number += value
            rest = rest[len(symbol) :]
    if rest or not 1 <= number <= 3999 or to_roman(number) != wanted:
        raise ValueError(f"{text!r} is not a Roman numeral")
    return number
