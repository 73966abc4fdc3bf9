import argparse
import sys

from ostrelle.coin import coin_text
from ostrelle.errors import Refused
from ostrelle.tariff import quote


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("destination")
    parser.add_argument("kilograms")
    parser.add_argument("--express", action="store_true")
    args = parser.parse_args()
    try:
        offer = quote(args.destination, args.kilograms, express=args.express)
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 1
    print(f"zone: {offer.zone}")
    print(f"carriage: {coin_text(offer.carriage)}")
    print(f"handling: {coin_text(offer.handling)}")
    print(f"total: {coin_text(offer.total)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
