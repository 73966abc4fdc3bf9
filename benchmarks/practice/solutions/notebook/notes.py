"""A note keeper for the terminal."""

import argparse
import json
import sys
from pathlib import Path

PATH = Path("notes.json")


def load() -> dict:
    """The notes by number, and the last number that was given."""
    return json.loads(PATH.read_text("utf-8")) if PATH.exists() else {"last": 0, "notes": {}}


def save(data: dict) -> None:
    """Write all to the file."""
    PATH.write_text(json.dumps(data), "utf-8")


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("text")
    commands.add_parser("list")
    commands.add_parser("search").add_argument("word")
    commands.add_parser("delete").add_argument("number", type=int)
    args = parser.parse_args()
    data = load()
    if args.command == "add":
        data["last"] += 1
        data["notes"][str(data["last"])] = args.text
        save(data)
        print(f"saved note {data['last']}")
    elif args.command == "delete":
        if data["notes"].pop(str(args.number), None) is None:
            print(f"no note {args.number}", file=sys.stderr)
            return 1
        save(data)
        print(f"deleted note {args.number}")
    else:
        word = args.word.lower() if args.command == "search" else ""
        for number, text in data["notes"].items():
            if word in text.lower():
                print(f"{number}: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
