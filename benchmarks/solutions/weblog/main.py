"""Analyse a web server log."""

import argparse
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

from parser import parse_line


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("summary", "top", "hours"):
        command = commands.add_parser(name)
        command.add_argument("file", type=Path)
        command.add_argument("--since")
        if name == "top":
            command.add_argument("--by", choices=["path", "ip", "status"], default="path")
            command.add_argument("--limit", type=int)
    return parser.parse_args()


def read(path: Path, since: datetime) -> tuple[list[dict], int]:
    entries, skipped = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        try:
            entry = parse_line(line)
        except ValueError:
            skipped += 1
            continue
        if entry["time"] >= since:
            entries.append(entry)
    return entries, skipped


def main() -> int:
    args = arguments()
    try:
        since = datetime.fromisoformat(args.since) if args.since else datetime.min
        entries, skipped = read(args.file, since)
    except (OSError, ValueError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    if args.command == "summary":
        print(f"requests: {len(entries)}")
        print(f"bytes: {sum(entry['bytes'] for entry in entries)}")
        print(f"errors: {sum(entry['status'] >= 400 for entry in entries)}")
        print(f"skipped: {skipped}")
    elif args.command == "top":
        counts = Counter(entry[args.by] for entry in entries)
        for value, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: args.limit]:
            print(f"{number} {value}")
    else:
        for hour, number in sorted(Counter(entry["time"].hour for entry in entries).items()):
            print(f"{hour}: {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
