"""Prints a CSV file: see ``python main.py --help``."""

import argparse
import sys

from tabular.formats import show, to_csv, to_markdown, to_text
from tabular.reader import read_csv

FORMATS = {"text": to_text, "markdown": to_markdown, "csv": to_csv}


def condition(text):
    column, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("COLUMN=VALUE expected")
    return column, value


def main():
    parser = argparse.ArgumentParser(description="Filter, sort and print a CSV file.")
    parser.add_argument("file")
    parser.add_argument("--where", type=condition, metavar="COLUMN=VALUE")
    parser.add_argument("--sort", metavar="COLUMN")
    parser.add_argument("--reverse", action="store_true")
    parser.add_argument("--select", metavar="A,B,...")
    parser.add_argument("--format", choices=FORMATS, default="text")
    args = parser.parse_args()
    try:
        table = read_csv(args.file)
    except (OSError, ValueError) as exc:
        print(f"error: {args.file}: {exc}", file=sys.stderr)
        return 2
    try:
        if args.where:
            column, value = args.where
            table[column]  # an empty table has to have it, too
            table = table.where(lambda row: show(row[column]) == value)
        if args.sort:
            table = table.sort(args.sort, reverse=args.reverse)
        if args.select:
            table = table.select(*args.select.split(","))
    except KeyError as exc:
        print(f"error: unknown column {exc.args[0]}", file=sys.stderr)
        return 1
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    sys.stdout.write(FORMATS[args.format](table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
