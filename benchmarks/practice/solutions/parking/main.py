"""A car park in parking.db."""

import argparse
import sqlite3
import sys
from contextlib import closing
from datetime import datetime, timedelta

from fees import fee

SCHEMA = """
CREATE TABLE IF NOT EXISTS park (spaces INTEGER, income INTEGER);
CREATE TABLE IF NOT EXISTS inside (id INTEGER PRIMARY KEY, plate TEXT UNIQUE, kind TEXT, time TEXT);
"""
FORMAT = "%Y-%m-%dT%H:%M"


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(message)


def run(words: list[str], base: sqlite3.Connection) -> None:
    parser = Parser(description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("open").add_argument("spaces", type=int)
    enter = commands.add_parser("enter")
    leave = commands.add_parser("leave")
    for command in (enter, leave):
        command.add_argument("plate")
        command.add_argument("time")
    enter.add_argument("--kind", choices=["car", "bike"], default="car")
    commands.add_parser("inside")
    commands.add_parser("income")
    options = parser.parse_args(words)

    park = base.execute("SELECT spaces, income FROM park").fetchone()
    taken = base.execute("SELECT count(*) FROM inside").fetchone()[0]
    if options.action == "open":
        if options.spaces < max(1, taken):
            raise ValueError(f"{options.spaces} spaces are too few")
        if park is None:
            base.execute("INSERT INTO park VALUES (?, 0)", [options.spaces])
        else:
            base.execute("UPDATE park SET spaces = ?", [options.spaces])
    elif options.action == "inside":
        for plate, kind, time in base.execute("SELECT plate, kind, time FROM inside ORDER BY id"):
            print(plate, kind, time)
    elif options.action == "income":
        print(f"{(park[1] if park else 0) / 100:.2f}")
    else:
        time = datetime.strptime(options.time, FORMAT)
        found = base.execute("SELECT kind, time FROM inside WHERE plate = ?", [options.plate]).fetchone()
        if options.action == "enter":
            if park is None:
                raise ValueError("the car park is not open")
            if found:
                raise ValueError(f"{options.plate} is inside already")
            if taken >= park[0]:
                raise ValueError("all spaces are taken")
            row = [options.plate, options.kind, time.strftime(FORMAT)]
            base.execute("INSERT INTO inside (plate, kind, time) VALUES (?, ?, ?)", row)
        else:
            if found is None:
                raise ValueError(f"{options.plate} is not inside")
            cents = fee((time - datetime.strptime(found[1], FORMAT)) // timedelta(minutes=1), found[0])
            base.execute("DELETE FROM inside WHERE plate = ?", [options.plate])
            base.execute("UPDATE park SET income = income + ?", [cents])
            print(f"{cents / 100:.2f}")


def main() -> int:
    with closing(sqlite3.connect("parking.db")) as base, base:
        base.executescript(SCHEMA)
        try:
            run(sys.argv[1:], base)
        except ValueError as exc:
            print(f"error: {exc}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
