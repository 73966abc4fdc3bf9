"""A bank ledger in bank.json; amounts are kept in cents."""

import json
import re
import sys
from pathlib import Path

FILE = Path("bank.json")


class LedgerError(Exception):
    """Something that cannot be booked."""


def cents(text: str) -> int:
    if not re.fullmatch(r"\d+(\.\d{1,2})?", text):
        raise LedgerError(f"{text!r} is not an amount")
    whole, _, part = text.partition(".")
    value = int(whole) * 100 + int(part.ljust(2, "0"))
    if value <= 0:
        raise LedgerError("the amount must be positive")
    return value


def money(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"


class Ledger:
    def __init__(self) -> None:
        self.accounts: dict[str, dict] = json.loads(FILE.read_text()) if FILE.exists() else {}

    def save(self) -> None:
        FILE.write_text(json.dumps(self.accounts, indent=2))

    def account(self, name: str) -> dict:
        if name not in self.accounts:
            raise LedgerError(f"there is no account {name!r}")
        return self.accounts[name]

    def open(self, name: str) -> None:
        if name in self.accounts:
            raise LedgerError(f"account {name!r} exists already")
        self.accounts[name] = {"balance": 0, "history": []}

    def book(self, name: str, change: int, entry: str) -> None:
        account = self.account(name)
        if account["balance"] + change < 0:
            raise LedgerError(f"{name} has only {money(account['balance'])}")
        account["balance"] += change
        account["history"].append(f"{entry} {money(abs(change))}")

    def transfer(self, giver: str, taker: str, amount: int) -> None:
        if giver == taker:
            raise LedgerError("giver and taker are the same")
        self.account(taker)
        self.book(giver, -amount, f"transfer to {taker}")
        self.book(taker, amount, f"transfer from {giver}")


def run(argv: list[str]) -> None:
    ledger = Ledger()
    match argv:
        case ["open", name]:
            ledger.open(name)
        case ["deposit", name, amount]:
            ledger.book(name, cents(amount), "deposit")
        case ["withdraw", name, amount]:
            ledger.book(name, -cents(amount), "withdraw")
        case ["transfer", giver, taker, amount]:
            ledger.transfer(giver, taker, cents(amount))
        case ["balance", name]:
            print(money(ledger.account(name)["balance"]))
        case ["history", name]:
            for entry in ledger.account(name)["history"]:
                print(entry)
        case _:
            raise LedgerError("usage: main.py open|deposit|withdraw|transfer|balance|history ...")
    ledger.save()


if __name__ == "__main__":
    try:
        run(sys.argv[1:])
    except LedgerError as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(1)
