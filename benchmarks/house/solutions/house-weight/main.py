import sys

from ostrelle.errors import Refused
from ostrelle.measure import weight_text


def main() -> int:
    status = 0
    for kilograms in sys.argv[1:]:
        try:
            print(weight_text(kilograms))
        except Refused as exc:
            print(exc, file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
