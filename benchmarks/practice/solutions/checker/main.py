"""Checks a JSON file: python main.py SCHEMA DATA"""

import argparse
import json
import sys
from pathlib import Path

from checker.schema import build


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def fail(path, exc):
    print(f"error: {path}: {exc}", file=sys.stderr)
    return 2


def main():
    parser = argparse.ArgumentParser(description="Check a JSON file against a description.")
    parser.add_argument("schema")
    parser.add_argument("data")
    args = parser.parse_args()
    try:
        field = build(read(args.schema))
    except (OSError, ValueError) as exc:
        return fail(args.schema, exc)
    try:
        data = read(args.data)
    except (OSError, ValueError) as exc:
        return fail(args.data, exc)
    errors = field.errors(data)
    for path, message in errors:
        print(f"{path}: {message}")
    if errors:
        return 1
    print("valid")
    return 0


if __name__ == "__main__":
    sys.exit(main())
