"""A habit tracker in habits.json."""

import json
import re
import sys
from datetime import date
from pathlib import Path

FILE = Path("habits.json")


def day_of(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date like 2024-05-01")
    return date.fromisoformat(text).toordinal()


def streak(days: set[int], last: int) -> int:
    length = 0
    while last - length in days:
        length += 1
    return length


def best(days: set[int]) -> int:
    return max((streak(days, day) for day in days), default=0)


def total(name: str, days: set[int]) -> str:
    return f"{name}: {len(days)} day{'' if len(days) == 1 else 's'}"


def run(words: list[str], habits: dict[str, set[int]]) -> list[str]:
    """Carry out a command on the habits and return the lines to print."""
    match words:
        case ["list"]:
            return [f"{total(name, days)}, best {best(days)}" for name, days in sorted(habits.items())]
        case ["add", name]:
            if name in habits:
                raise ValueError(f"{name} is there already")
            habits[name] = set()
            return []
        case ["drop" | "best", name] | ["mark" | "unmark" | "streak", name, _]:
            if name not in habits:
                raise ValueError(f"there is no habit {name}")
            days = habits[name]
        case _:
            raise ValueError("expected add, mark, unmark, streak, best, list or drop, and what they need")
    if words[0] == "drop":
        del habits[name]
        return []
    if words[0] == "best":
        return [str(best(days))]
    day = day_of(words[2])
    if words[0] == "streak":
        return [str(streak(days, day if day in days else day - 1))]
    if words[0] == "mark":
        days.add(day)
    elif day in days:
        days.remove(day)
    else:
        raise ValueError(f"{words[2]} is not marked")
    return [total(name, days)]


def main() -> int:
    stored = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    habits = {name: {day_of(day) for day in days} for name, days in stored.items()}
    try:
        lines = run(sys.argv[1:], habits)
    except ValueError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    data = {name: [str(date.fromordinal(day)) for day in sorted(days)] for name, days in habits.items()}
    FILE.write_text(json.dumps(data, indent=2), encoding="utf-8")
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
