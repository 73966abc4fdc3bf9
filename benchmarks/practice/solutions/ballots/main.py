"""Count ballots that rank candidates."""

import argparse
import sys
from pathlib import Path


def read(path: str) -> list[list[str]]:
    ballots = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        names = [name.strip() for name in line.split(">")]
        if "" in names or len(set(names)) < len(names):
            raise ValueError(f"line {number}: a name is empty or occurs twice")
        ballots.append(names)
    if not ballots:
        raise ValueError("there are no ballots")
    return ballots


def count(ballots: list[list[str]], left: list[str]) -> dict[str, int]:
    votes = dict.fromkeys(left, 0)
    for ballot in ballots:
        choice = next((name for name in ballot if name in votes), None)
        if choice is not None:
            votes[choice] += 1
    return votes


def rounds(ballots: list[list[str]], left: list[str]) -> list[dict[str, int]]:
    done = [count(ballots, left)]
    while 2 * max(done[-1].values()) <= sum(done[-1].values()):
        votes = done[-1]
        last = min(reversed(votes), key=lambda name: votes[name])
        left = [name for name in left if name != last]
        done.append(count(ballots, left))
    return done


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("first").add_argument("file")
    winner = commands.add_parser("winner")
    winner.add_argument("file")
    winner.add_argument("--rounds", action="store_true")
    options = parser.parse_args()
    try:
        ballots = read(options.file)
    except OSError as exc:
        print(f"{options.file}: {exc.strerror}", file=sys.stderr)
        return 2
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    names = list(dict.fromkeys(name for ballot in ballots for name in ballot))
    if options.action == "first":
        votes = dict.fromkeys(names, 0)
        for ballot in ballots:
            votes[ballot[0]] += 1
        for name in sorted(names, key=lambda name: -votes[name]):
            print(f"{name}: {votes[name]}")
        return 0
    done = rounds(ballots, names)
    if options.rounds:
        for number, votes in enumerate(done, 1):
            print(f"round {number}: " + ", ".join(f"{name} {votes[name]}" for name in votes))
    print(f"winner: {max(done[-1], key=lambda name: done[-1][name])} (round {len(done)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
