import sys

from ostrelle.errors import Refused, SlateError
from ostrelle.measure import weight_text
from ostrelle.slate import read_slate


def fail(category: str, message: object, status: int) -> int:
    print(f"ostrelle/{category}: {message}", file=sys.stderr)
    return status


def main() -> int:
    if len(sys.argv) != 2:
        return fail("usage", "main.py FILE", 30)
    try:
        parcels = [slip.fields for slip in read_slate(sys.argv[1]) if slip.kind == "PARCEL"]
        rows = [f"{parcel['ref']} :: {parcel['to']} :: {weight_text(parcel['kg'])}" for parcel in parcels]
    except FileNotFoundError:
        return fail("absent", sys.argv[1], 32)
    except SlateError as exc:
        return fail("garbled", exc, 33)
    except Refused as exc:
        return fail("refused", exc, 31)
    print(*rows, f"= {len(rows)}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
