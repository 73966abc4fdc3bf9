"""Snapshots of folders in manifest.json."""

import argparse
import json
import sys
from pathlib import Path

from manifest import compare, scan

FILE = Path("manifest.json")


def load() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"next": 1, "snapshots": {}}


def pick(snapshots: dict, number: int) -> dict:
    if str(number) not in snapshots:
        raise LookupError(f"there is no snapshot {number}")
    return snapshots[str(number)]


def newest(snapshots: dict, folder: str) -> dict:
    numbers = [int(number) for number, snapshot in snapshots.items() if snapshot["folder"] == folder]
    if not numbers:
        raise LookupError(f"there is no snapshot of {folder}")
    return snapshots[str(max(numbers))]


def tell(lines: list[str]) -> int:
    print(*(lines or ["no changes"]), sep="\n")
    return 1 if lines else 0


def run(options: argparse.Namespace) -> int:
    data = load()
    snapshots = data["snapshots"]
    if options.action == "list":
        for number, snapshot in sorted(snapshots.items(), key=lambda pair: int(pair[0])):
            print(f"{number}: {snapshot['folder']} ({len(snapshot['files'])} files)")
        return 0
    if options.action == "status":
        since = options.since
        snapshot = newest(snapshots, options.folder) if since is None else pick(snapshots, since)
        return tell(compare(snapshot["files"], scan(options.folder, snapshot["exclude"])))
    if options.action == "diff":
        return tell(compare(pick(snapshots, options.old)["files"], pick(snapshots, options.new)["files"]))
    if options.action == "take":
        number = data["next"]
        files = scan(options.folder, options.exclude)
        snapshots[str(number)] = {"folder": options.folder, "exclude": options.exclude, "files": files}
        data["next"] += 1
        print(f"snapshot {number}: {len(files)} files")
    else:
        pick(snapshots, options.number)
        del snapshots[str(options.number)]
    FILE.write_text(json.dumps(data, indent=2), encoding="utf-8")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    take = commands.add_parser("take")
    take.add_argument("folder")
    take.add_argument("--exclude", action="append", default=[])
    commands.add_parser("list")
    status = commands.add_parser("status")
    status.add_argument("folder")
    status.add_argument("--since", type=int)
    diff = commands.add_parser("diff")
    diff.add_argument("old", type=int)
    diff.add_argument("new", type=int)
    commands.add_parser("forget").add_argument("number", type=int)
    options = parser.parse_args()
    try:
        return run(options)
    except (LookupError, OSError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
