"""Show a board after some generations."""

import argparse
import sys
from pathlib import Path

import life


def main() -> int:
    if any(word.startswith("-") and word[1:].isdigit() for word in sys.argv[1:]):
        print("generations must not be negative", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("generations")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args()
    try:
        text = Path(options.file).read_text(encoding="utf-8")
    except OSError as exc:
        print(exc, file=sys.stderr)
        return 2
    try:
        cells = life.parse(text)
        if not options.generations.isdigit():
            raise ValueError(f"{options.generations} is not a number of generations")
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    for _ in range(int(options.generations)):
        cells = life.step(cells)
    lines = text.splitlines()
    print(len(cells) if options.count else life.show(cells, len(lines), len(lines[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
