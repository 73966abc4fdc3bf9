import argparse
import json
import sys
from datetime import date, timedelta
from pathlib import Path

FILE = Path("plants.json")


def next_day(plant):
    return date.fromisoformat(plant["watered"]) + timedelta(days=plant["every"])


def due(plants, day):
    found = []
    for name, plant in plants.items():
        if plant["watered"] is None:
            found.append((-(10**9), name, "never"))
        elif (late := (day - next_day(plant)).days) >= 0:
            said = "today" if late == 0 else f"{late} day{'s' * (late != 1)} late"
            found.append((-late, name, said))
    return [f"{name} ({said})" for _, name, said in sorted(found)]


def run(args, plants):
    if args.command == "add":
        if args.name in plants:
            raise ValueError(f"{args.name} already exists")
        if args.every < 1:
            raise ValueError(f"not an interval: {args.every}")
        plants[args.name] = {"every": args.every, "watered": None}
        print(f"added {args.name}")
    elif args.command == "water":
        plants[args.name]["watered"] = date.fromisoformat(args.day).isoformat()
        print(f"{args.name}: next {next_day(plants[args.name])}")
    elif args.command == "due":
        print("\n".join(due(plants, date.fromisoformat(args.day))))
    else:
        if args.new in plants:
            raise ValueError(f"{args.new} already exists")
        plants[args.new] = plants.pop(args.name)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add")
    add.add_argument("name")
    add.add_argument("every", type=int)
    water = commands.add_parser("water")
    water.add_argument("name")
    water.add_argument("day")
    commands.add_parser("due").add_argument("day")
    rename = commands.add_parser("rename")
    rename.add_argument("name")
    rename.add_argument("new")
    args = parser.parse_args()
    plants = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    try:
        run(args, plants)
    except KeyError as error:
        sys.exit(f"unknown plant: {error.args[0]}")
    except ValueError as error:
        sys.exit(f"error: {error}")
    FILE.write_text(json.dumps(plants, indent=2), encoding="utf-8")


main()
