"""Print a CSV file as a text table."""

import argparse
import csv
import sys
from pathlib import Path


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def plain(rows: list[list[str]], numeric: list[bool]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append(" | ".join(cells).rstrip())
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return lines


def markdown(rows: list[list[str]], numeric: list[bool]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"| {' | '.join('---:' if right else '---' for right in numeric)} |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    try:
        with Path(args.file).open(newline="", encoding="utf-8") as lines:
            rows = [row for row in csv.reader(lines) if row]
    except OSError as exc:
        print(f"cannot read {args.file}: {exc.strerror}", file=sys.stderr)
        return 1
    if not rows:
        print(f"{args.file} is empty", file=sys.stderr)
        return 1
    width = len(rows[0])
    rows = [(row + [""] * width)[:width] for row in rows]
    numeric = [len(rows) > 1 and all(is_number(row[i]) for row in rows[1:]) for i in range(width)]
    print("\n".join((markdown if args.markdown else plain)(rows, numeric)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
