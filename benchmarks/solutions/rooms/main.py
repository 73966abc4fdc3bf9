"""会议室预订的命令行。"""

import argparse
import sys
from datetime import datetime

from rooms.scheduler import ConflictError, Scheduler

FORMAT = "%Y-%m-%dT%H:%M"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    shapes = {
        "room": "name seats",
        "book": "room title start end",
        "agenda": "room",
        "free": "start end",
        "cancel": "id",
    }
    for name, shape in shapes.items():
        command = commands.add_parser(name)
        for argument in shape.split():
            command.add_argument(argument)
        if name == "free":
            command.add_argument("--seats", type=int, default=1)
    return parser.parse_args()


def run(args: argparse.Namespace) -> None:
    scheduler = Scheduler("rooms.json")
    match args.command:
        case "room":
            scheduler.add_room(args.name, int(args.seats))
        case "book":
            booking = scheduler.book(args.room, args.title, time(args.start), time(args.end))
            print(f"已预订 {booking.id}")
        case "agenda":
            for b in scheduler.agenda(args.room):
                print(f"{b.id} {b.start:{FORMAT}} {b.end:{FORMAT}} {b.title}")
        case "free":
            for name in scheduler.free(time(args.start), time(args.end), args.seats):
                print(name)
        case "cancel":
            scheduler.cancel(int(args.id))


def time(text: str) -> datetime:
    return datetime.strptime(text, FORMAT)


def main() -> int:
    try:
        run(arguments())
    except ConflictError as exc:
        print(f"错误：{exc}", file=sys.stderr)
        return 3
    except KeyError as exc:
        print(f"错误：没有 {exc}", file=sys.stderr)
        return 1
    except ValueError as exc:
        print(f"错误：{exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
