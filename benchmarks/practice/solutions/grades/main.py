"""Averages, best and failed of a list of marks."""

import argparse
import sys
from pathlib import Path


def read(path: str) -> list[tuple[str, int]]:
    marks = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip():
            name, _, mark = line.rpartition(",")
            if not 0 <= int(mark) <= 100:
                raise ValueError(f"{mark} is not between 0 and 100")
            marks.append((name.strip(), int(mark)))
    return marks


def main() -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="action", required=True)
    for action in ("average", "top", "fail"):
        command = commands.add_parser(action)
        command.add_argument("file")
        if action == "top":
            command.add_argument("count", type=int)
    options = parser.parse_args()
    try:
        marks = read(options.file)
    except OSError as exc:
        print(exc, file=sys.stderr)
        return 2
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    if options.action == "average":
        print(f"{sum(mark for _, mark in marks) / len(marks):.1f}" if marks else "0.0")
    elif options.action == "top":
        for name, mark in sorted(marks, key=lambda pair: -pair[1])[: options.count]:
            print(f"{name}: {mark}")
    else:
        for name, mark in marks:
            if mark < 60:
                print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
