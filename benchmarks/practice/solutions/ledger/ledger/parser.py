"""Journals as text."""

import re
from datetime import date

from ledger.models import Posting, Transaction

HEAD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\s+(\S.*)")
POSTING = re.compile(r"\s+(\S+(?: \S+)*)(?:\s{2,}(-?)([0-9]+)(?:\.([0-9]{1,2}))?)?")


def _close(transaction, line):
    open_postings = [posting for posting in transaction.postings if posting.cents is None]
    if len(transaction.postings) < 2:
        raise ValueError(f"line {line}: fewer than two postings")
    if len(open_postings) > 1:
        raise ValueError(f"line {line}: more than one posting without an amount")
    total = sum(posting.cents or 0 for posting in transaction.postings)
    if open_postings:
        open_postings[0].cents = -total
    elif total:
        raise ValueError(f"line {line}: the postings do not sum to zero")


def _head(line, number):
    found = HEAD.fullmatch(line.rstrip())
    try:
        return Transaction(date.fromisoformat(found[1]), found[2])
    except (TypeError, ValueError) as exc:
        raise ValueError(f"line {number}: expected a date and a title") from exc


def _posting(line, number):
    found = POSTING.fullmatch(line.rstrip())
    if found is None:
        raise ValueError(f"line {number}: expected an account and an amount")
    account, sign, whole, decimals = found.groups()
    if whole is None:
        return Posting(account, None)
    cents = int(whole) * 100 + int((decimals or "").ljust(2, "0"))
    return Posting(account, -cents if sign else cents)


def parse(text):
    transactions = []
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(";"):
            continue
        if not line[0].isspace():
            if transactions:
                _close(transactions[-1], first)
            transactions.append(_head(line, number))
            first = number
        elif transactions:
            transactions[-1].postings.append(_posting(line, number))
        else:
            raise ValueError(f"line {number}: a posting before any transaction")
    if transactions:
        _close(transactions[-1], first)
    return transactions
