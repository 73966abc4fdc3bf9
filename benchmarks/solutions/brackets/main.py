"""Check the brackets of a text file."""

import sys
from pathlib import Path

CLOSERS = {")": "(", "]": "[", "}": "{"}


def problem(text: str) -> str:
    """Describe the first problem, or return an empty string."""
    stack: list[tuple[str, int, int]] = []
    for row, line in enumerate(text.splitlines(), 1):
        quoted = False
        for column, char in enumerate(line, 1):
            if char == '"':
                quoted = not quoted
            elif quoted:
                continue
            elif char in CLOSERS.values():
                stack.append((char, row, column))
            elif char in CLOSERS and (not stack or stack.pop()[0] != CLOSERS[char]):
                return f"{row}:{column} unexpected {char}"
    if stack:
        char, row, column = stack[-1]
        return f"{row}:{column} unclosed {char}"
    return ""


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: main.py FILE", file=sys.stderr)
        return 2
    try:
        text = Path(sys.argv[1]).read_text(encoding="utf-8")
    except OSError as exc:
        print(f"cannot read {sys.argv[1]}: {exc.strerror}", file=sys.stderr)
        return 2
    found = problem(text)
    print(found or "balanced")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
