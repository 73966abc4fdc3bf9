"""Range, mean and odds of dice expressions."""

import sys

import dice


def run(words: list[str]) -> str:
    match words:
        case ["range", text]:
            low, high = dice.bounds(text)
            return f"{low} to {high}"
        case ["mean", text]:
            return f"{dice.mean(text):.1f}"
        case ["odds", text, total]:
            ways = dice.ways(text)
            return f"{ways.get(int(total), 0)} of {sum(ways.values())}"
    raise ValueError("expected range TEXT, mean TEXT or odds TEXT TOTAL")


def main() -> int:
    try:
        print(run(sys.argv[1:]))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
