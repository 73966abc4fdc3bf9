"""Plan routes over a CSV file of roads."""

import sys

from graph import Graph


def run(argv: list[str]) -> None:
    match argv:
        case [file, "path", start, goal]:
            total, way = Graph.load(file).shortest(start, goal)
            print(" -> ".join(way))
            print(f"{total:.1f} km")
        case [file, "reach", start]:
            for place in Graph.load(file).reachable(start):
                print(place)
        case _:
            raise ValueError("usage: main.py FILE path A B | FILE reach A")


if __name__ == "__main__":
    try:
        run(sys.argv[1:])
    except KeyError as exc:
        sys.exit(f"error: unknown place {exc}")
    except (OSError, ValueError) as exc:
        sys.exit(f"error: {exc}")
