"""Check card numbers, or tell the digit that they lack."""

import argparse
import sys
from typing import NoReturn

from luhn import check_digit, is_valid


class Parser(argparse.ArgumentParser):
    """Ends with status 1 where an argument is wrong."""

    def error(self, message: str) -> NoReturn:
        print(f"error: {message}", file=sys.stderr)
        sys.exit(1)


def main() -> int:
    parser = Parser()
    parser.add_argument("action", choices=["check", "digit"])
    parser.add_argument("number")
    options = parser.parse_args()
    try:
        if options.action == "check":
            print("valid" if is_valid(options.number) else "invalid")
        else:
            print(check_digit(options.number))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
