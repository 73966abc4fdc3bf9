import sys
from datetime import date

from ostrelle.errors import Refused
from ostrelle.tides import due_date


def main() -> int:
    try:
        print(due_date(date.fromisoformat(sys.argv[1]), int(sys.argv[2])))
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
