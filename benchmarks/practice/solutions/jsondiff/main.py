"""Print the differences between two JSON files."""

import argparse
import json
import sys
from pathlib import Path

from jsondiff import compare


def text(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs=2)
    parser.add_argument("--ignore", action="append", default=[])
    options = parser.parse_args()
    values = []
    for file in options.files:
        try:
            values.append(json.loads(Path(file).read_text(encoding="utf-8")))
        except (OSError, ValueError) as exc:
            print(f"error: {file}: {exc}", file=sys.stderr)
            return 2
    changes = compare(*values, ignore=options.ignore)
    for sign, path, old, new in changes:
        shown = {"+": text(new), "-": text(old), "~": f"{text(old)} -> {text(new)}"}[sign]
        print(f"{sign} {path}: {shown}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
