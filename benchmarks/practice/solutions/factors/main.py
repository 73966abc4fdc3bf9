"""Prime factors, greatest common divisors and primes."""

import math
import sys


def factors(number: int) -> list[int]:
    if number < 2:
        raise ValueError(f"{number} has no prime factors")
    found = []
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
        divisor += 1
    return [*found, number] if number > 1 else found


def primes(limit: int) -> list[int]:
    return [number for number in range(2, limit + 1) if factors(number) == [number]]


def whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number


def main() -> int:
    try:
        action, *words = sys.argv[1:]
        numbers = [whole(word) for word in words]
        if action == "factor" and len(numbers) == 1:
            print(*factors(numbers[0]), sep=" x ")
        elif action == "gcd" and len(numbers) > 1:
            print(math.gcd(*numbers))
        elif action == "primes" and len(numbers) == 1:
            print(*primes(numbers[0]))
        else:
            raise ValueError("expected factor N, gcd N N... or primes N")
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
