"""Render a template with the values of a JSON file."""

import json
import sys
from pathlib import Path

from template import render


def main() -> int:
    template, data = sys.argv[1:]
    try:
        text = Path(template).read_text(encoding="utf-8")
        values = json.loads(Path(data).read_text(encoding="utf-8"))
    except OSError as exc:
        print(exc, file=sys.stderr)
        return 2
    except ValueError as exc:
        print(f"{data}: {exc}", file=sys.stderr)
        return 2
    try:
        print(render(text, values), end="")
    except KeyError as exc:
        print(f"missing name {exc}", file=sys.stderr)
        return 1
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
