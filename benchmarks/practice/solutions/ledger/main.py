"""Plain-text bookkeeping."""

import argparse
import sys
from datetime import date
from pathlib import Path

from ledger.parser import parse
from ledger.report import balances, by_depth, register


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    for name in ("check", "balance", "register"):
        command = commands.add_parser(name)
        command.add_argument("file")
        command.add_argument("--from", dest="first", type=date.fromisoformat, default=date.min)
        command.add_argument("--to", dest="last", type=date.fromisoformat, default=date.max)
        if name == "balance":
            command.add_argument("--depth", type=positive)
        if name == "register":
            command.add_argument("account")
    options = parser.parse_args()
    try:
        transactions = parse(Path(options.file).read_text(encoding="utf-8"))
    except OSError as exc:
        print(f"{options.file}: {exc.strerror}", file=sys.stderr)
        return 2
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    transactions = [item for item in transactions if options.first <= item.date <= options.last]
    if options.action == "check":
        print(f"{len(transactions)} transactions")
    elif options.action == "balance":
        totals = balances(transactions)
        if options.depth is not None:
            totals = by_depth(totals, options.depth)
        for account, cents in totals.items():
            print(f"{account}  {money(cents)}")
    else:
        for day, title, cents, total in register(transactions, options.account):
            print(f"{day}  {title}  {money(cents)}  {money(total)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
