import csv
import sys
from pathlib import Path

from ostrelle.errors import Refused
from ostrelle.slate import Slip, write_slate


def main() -> int:
    source, target = sys.argv[1:3]
    with Path(source).open(encoding="utf-8", newline="") as file:
        slips = [Slip("PARCEL", row) for row in csv.DictReader(file)]
    try:
        print(write_slate(target, slips))
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
