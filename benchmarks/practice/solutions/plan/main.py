"""Print the plan of a file."""

import sys
from pathlib import Path

from scheduler import Scheduler


def number(text):
    value = float(text)
    return int(value) if value == int(value) else value


def main() -> int:
    plan = Scheduler()
    try:
        for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                name, duration, *needs = line.split(maxsplit=2)
                plan.add(name, number(duration), [need.strip() for text in needs for need in text.split(",")])
        lines = [f"{name}: {plan.start(name)}-{plan.start(name) + plan.durations[name]}" for name in plan.order()]
    except OSError as exc:
        print(exc, file=sys.stderr)
        return 2
    except (KeyError, ValueError) as exc:
        print(exc, file=sys.stderr)
        return 1
    print(*lines, f"total: {plan.finish()}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
