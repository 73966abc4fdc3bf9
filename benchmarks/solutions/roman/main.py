"""Convert between numbers and Roman numerals."""

import sys

from roman import from_roman, to_roman


def main() -> int:
    if len(sys.argv) != 2:
        print("error: expected one number or numeral", file=sys.stderr)
        return 1
    word = sys.argv[1]
    try:
        print(to_roman(int(word)) if word.lstrip("-").isdigit() else from_roman(word))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
