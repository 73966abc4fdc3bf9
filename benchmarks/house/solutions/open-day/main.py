import sys
from datetime import date

from ostrelle.tides import is_open, next_open


def fail(category: str, message: object, status: int) -> int:
    print(f"ostrelle/{category}: {message}", file=sys.stderr)
    return status


def main() -> int:
    if len(sys.argv) != 2:
        return fail("usage", "main.py DATE", 30)
    try:
        day = date.fromisoformat(sys.argv[1])
    except ValueError as exc:
        return fail("refused", exc, 31)
    print("aye" if is_open(day) else "nay")
    print(f"{next_open(day):%d/%m-%y}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
