"""Line up columns of text from standard input."""

import argparse
import sys


def split(line: str, separator: str | None) -> list[str]:
    return line.split() if separator is None else [cell.strip() for cell in line.split(separator)]


def align(rows: list[list[str]], right: set[int], rule: bool) -> list[str]:
    size = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (size - len(row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if rule and rows:
        rows.insert(1, ["-" * width for width in widths])
    return [
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True), 1)
        ).rstrip()
        for row in rows
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sep")
    parser.add_argument("--right")
    parser.add_argument("--rule", action="store_true")
    options = parser.parse_args()
    try:
        right = set() if options.right is None else {int(number) for number in options.right.split(",")}
        if any(number < 1 for number in right):
            raise ValueError("columns count from 1")
        if options.sep == "":
            raise ValueError("--sep must not be empty")
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    rows = [split(line, options.sep) for line in sys.stdin.read().splitlines() if line.strip()]
    for line in align(rows, right, options.rule):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
