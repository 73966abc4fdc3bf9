"""Prints busy and free spans: see ``python main.py --help``."""

import argparse
import re
import sys

from spans import SpanSet


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(1, f"error: {message}\n")


def parse_span(text):
    match = re.fullmatch(r"([0-9]+)-([0-9]+)", text.strip())
    if match is None or int(match[1]) >= int(match[2]):
        raise ValueError(f"not a span: {text!r}")
    return int(match[1]), int(match[2])


def read(path):
    busy = SpanSet()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    busy.add(*parse_span(line))
                except ValueError as exc:
                    raise ValueError(f"line {number}: {exc}") from exc
    return busy


def main():
    parser = Parser(description="Print the spans of a file, joined.")
    parser.add_argument("file")
    parser.add_argument("--free", type=parse_span, metavar="START-END", help="print the gaps in this span")
    parser.add_argument("--at", type=int, metavar="NUMBER", help="print busy or free")
    args = parser.parse_args()
    if args.free and args.at is not None:
        parser.error("--free and --at exclude each other")
    try:
        busy = read(args.file)
    except UnicodeDecodeError as exc:
        print(f"error: {args.file}: {exc}", file=sys.stderr)
        return 2
    except OSError as exc:
        print(f"error: {args.file}: {exc.strerror}", file=sys.stderr)
        return 2
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    if args.at is not None:
        print("busy" if args.at in busy else "free")
    else:
        for start, end in busy.gaps(*args.free) if args.free else busy:
            print(f"{start}-{end}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
