"""运行状态机：见 python main.py --help"""

import argparse
import sys
from pathlib import Path

from fsm.errors import FsmError
from fsm.loader import load


def fail(status, message):
    print(f"错误：{message}", file=sys.stderr)
    return status


def main():
    parser = argparse.ArgumentParser(description="运行状态机。")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="依次执行事件")
    path = commands.add_parser("path", help="打印到某状态的事件")
    dead = commands.add_parser("dead", help="打印无法到达的状态")
    for command in (run, path, dead):
        command.add_argument("file")
    run.add_argument("events", nargs="+", metavar="event")
    path.add_argument("state")
    args = parser.parse_args()
    try:
        machine = load(Path(args.file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, FsmError) as exc:
        return fail(2, f"{args.file}：{exc}")
    try:
        if args.command == "run":
            print(machine.state)
            for event in args.events:
                print(machine.send(event))
        elif args.command == "path":
            events = machine.path(args.state)
            if events is None:
                print("unreachable")
                return 1
            print(*events)
        else:
            reachable = set(machine.reachable())
            for state in machine.states():
                if state not in reachable:
                    print(state)
    except FsmError as exc:
        return fail(1, exc)
    return 0


if __name__ == "__main__":
    sys.exit(main())
