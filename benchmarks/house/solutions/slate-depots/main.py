import sys
from collections import defaultdict
from decimal import Decimal

from ostrelle.errors import OstrelleError
from ostrelle.measure import weight_text
from ostrelle.slate import read_slate
from ostrelle.waymark import read_waymark


def main() -> int:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    try:
        for slip in read_slate(sys.argv[1]):
            if slip.kind == "PARCEL":
                totals[read_waymark(slip.fields["ref"]).depot] += Decimal(slip.fields["kg"])
    except OstrelleError as exc:
        print(exc, file=sys.stderr)
        return 1
    for depot, kilograms in sorted(totals.items()):
        print(depot, weight_text(kilograms))
    return 0


if __name__ == "__main__":
    sys.exit(main())
