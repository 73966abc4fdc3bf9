"""Read and change configuration files."""

import argparse
import sys
from pathlib import Path

from config import dump, load


def main() -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="action", required=True)
    for action, names in {"get": ["file", "name"], "set": ["file", "name", "value"], "list": ["file"]}.items():
        command = commands.add_parser(action)
        for name in names:
            command.add_argument(name)
    options = parser.parse_args()
    path = Path(options.file)
    try:
        data = load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        print(exc, file=sys.stderr)
        return 2
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 3
    if options.action == "list":
        for line in sorted(f"{section}.{key}={value}" for section, keys in data.items() for key, value in keys.items()):
            print(line)
        return 0
    section, _, key = options.name.rpartition(".")
    if options.action == "set":
        data.setdefault(section, {})[key] = options.value
        path.write_text(dump(data), encoding="utf-8")
        return 0
    try:
        print(data[section][key])
    except KeyError:
        print(f"{options.name} is unknown", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
