"""Add up a column of a CSV file."""

import csv
import sys


def main() -> int:
    """Print the sum of a column."""
    path, column = sys.argv[1:]
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, names = list(reader), reader.fieldnames or []
    except FileNotFoundError:
        print(f"no file {path}", file=sys.stderr)
        return 3
    if column not in names:
        print(f"no column {column}", file=sys.stderr)
        return 4
    total = 0.0
    for row in rows:
        try:
            total += float(row[column])
        except ValueError:
            continue
    print(f"{total:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
