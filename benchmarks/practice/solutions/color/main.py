"""Mixes and inverts colours: see ``python main.py --help``."""

import argparse
import sys

from color import Color


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(1, f"error: {message}\n")


def main():
    parser = Parser(description="Work with colours such as #ff8000.")
    commands = parser.add_subparsers(dest="command", required=True)
    mix = commands.add_parser("mix", help="print the mixture of two colours")
    mix.add_argument("color")
    mix.add_argument("other")
    mix.add_argument("--share", type=float, default=0.5, help="share of the second colour, from 0 to 1")
    commands.add_parser("invert", help="print the opposite").add_argument("color")
    commands.add_parser("text", help="print the colour of a legible text").add_argument("color")
    args = parser.parse_args()
    try:
        color = Color.parse(args.color)
        if args.command == "mix":
            print(color.mix(Color.parse(args.other), args.share))
        elif args.command == "invert":
            print(color.inverted())
        else:
            print("black" if color.brightness() >= 128 else "white")
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
