import sys

from ostrelle.coin import coin_text, share_out
from ostrelle.errors import Refused


def main() -> int:
    try:
        shares = share_out(sys.argv[1], int(sys.argv[2]))
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 1
    for share in shares:
        print(coin_text(share))
    return 0


if __name__ == "__main__":
    sys.exit(main())
