"""Adds and splits amounts of money: see ``python main.py --help``."""

import argparse
import sys

from money import Money


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(1, f"error: {message}\n")


def main():
    parser = Parser(description='Work with amounts such as "12.50 EUR".')
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add", help="print the sum").add_argument("amounts", nargs="+")
    split = commands.add_parser("split", help="print equal parts")
    split.add_argument("amount")
    split.add_argument("parts", type=int)
    args = parser.parse_args()
    try:
        if args.command == "add":
            results = [sum(Money.parse(amount) for amount in args.amounts)]
        else:
            results = Money.parse(args.amount).allocate([1] * args.parts)
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    print(*results, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
