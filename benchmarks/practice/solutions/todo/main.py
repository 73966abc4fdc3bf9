"""A to-do list in todo.json."""

import argparse
import json
import sys
from pathlib import Path

FILE = Path("todo.json")
PRIORITIES = ["high", "normal", "low"]


def load() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"next": 1, "tasks": {}}


def main() -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="action", required=True)
    add = commands.add_parser("add")
    add.add_argument("text")
    add.add_argument("--priority", choices=PRIORITIES, default="normal")
    commands.add_parser("list").add_argument("--all", action="store_true")
    commands.add_parser("done").add_argument("id")
    commands.add_parser("remove").add_argument("id")
    commands.add_parser("stats")
    try:
        options = parser.parse_args()
    except SystemExit as exc:
        return 1 if exc.code else 0
    data = load()
    tasks = data["tasks"]
    if options.action == "add":
        number = data["next"]
        tasks[str(number)] = {"text": options.text, "priority": options.priority, "done": False}
        data["next"] += 1
        print(f"added {number}")
    elif options.action == "list":
        for number, task in sorted(
            tasks.items(), key=lambda pair: (PRIORITIES.index(pair[1]["priority"]), int(pair[0]))
        ):
            if options.all or not task["done"]:
                print(f"{number} [{task['priority']}] {task['text']}" + (" (done)" if task["done"] else ""))
    elif options.action == "stats":
        done = sum(task["done"] for task in tasks.values())
        print(f"open: {len(tasks) - done}, done: {done}")
    elif options.id not in tasks:
        print(f"no task {options.id}", file=sys.stderr)
        return 1
    elif options.action == "done":
        tasks[options.id]["done"] = True
    else:
        del tasks[options.id]
    FILE.write_text(json.dumps(data), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
