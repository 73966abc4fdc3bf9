import sys

from ostrelle.errors import Refused
from ostrelle.waymark import mint_waymark


def main() -> int:
    try:
        print(mint_waymark(sys.argv[1], int(sys.argv[2])))
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
