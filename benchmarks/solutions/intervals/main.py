"""Merge the intervals of a file."""

import sys
from pathlib import Path

from intervals import IntervalSet


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: main.py FILE", file=sys.stderr)
        return 1
    merged = IntervalSet()
    try:
        lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        print(f"cannot read {sys.argv[1]}: {exc.strerror}", file=sys.stderr)
        return 1
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            start, end = map(int, line.split())
            merged.add(start, end)
        except ValueError as exc:
            print(f"line {number}: {exc}", file=sys.stderr)
            return 1
    for start, end in merged:
        print(f"{start}-{end}")
    print(f"total {merged.length()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
