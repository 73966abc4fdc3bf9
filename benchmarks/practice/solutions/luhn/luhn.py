"""The Luhn check of card numbers."""


def digits_of(text: str) -> list[int]:
    kept = text.replace(" ", "").replace("-", "")
    if not kept or not all(sign in "0123456789" for sign in kept):
        raise ValueError(f"{text!r} is not a number")
    return [int(sign) for sign in kept]


def checksum(digits: list[int]) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10


def is_valid(number: str) -> bool:
    return checksum(digits_of(number)) == 0


def check_digit(number: str) -> int:
    return (10 - checksum([*digits_of(number), 0])) % 10
