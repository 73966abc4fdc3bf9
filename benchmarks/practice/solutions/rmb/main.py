"""Print an amount in Chinese capitals."""

import sys

from rmb import to_chinese


def main() -> int:
    try:
        if len(sys.argv) != 2:
            raise ValueError("usage: main.py AMOUNT")
        print(to_chinese(sys.argv[1]))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
