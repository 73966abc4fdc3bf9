"""Convert and add durations."""

import argparse
import sys
from typing import NoReturn

from durations import parse, show


class Parser(argparse.ArgumentParser):
    """Ends with status 1 where an argument is wrong."""

    def error(self, message: str) -> NoReturn:
        print(f"error: {message}", file=sys.stderr)
        sys.exit(1)


def main() -> int:
    parser = Parser()
    parser.add_argument("action", choices=["parse", "show", "add"])
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()
    try:
        if options.action == "parse":
            print(parse(options.words[0]))
        elif options.action == "show":
            print(show(int(options.words[0])))
        else:
            print(show(sum(parse(word) for word in options.words)))
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
