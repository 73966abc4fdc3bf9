"""Calculate expressions."""

import argparse
import sys
from pathlib import Path

from calc import CalcError, evaluate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("expressions", nargs="*")
    parser.add_argument("--file", type=Path)
    args = parser.parse_args()
    lines = args.expressions
    if args.file:
        try:
            lines = args.file.read_text(encoding="utf-8").splitlines()
        except OSError as exc:
            print(f"cannot read {args.file}: {exc.strerror}", file=sys.stderr)
            return 1
        lines = [line for line in lines if line.strip() and not line.startswith("#")]
    variables: dict[str, float] = {}
    for line in lines:
        try:
            value = evaluate(line, variables)
        except CalcError as exc:
            print(f"error at {exc.position}: {exc}", file=sys.stderr)
            return 1
        print(int(value) if value == int(value) else value)
    return 0


if __name__ == "__main__":
    sys.exit(main())
