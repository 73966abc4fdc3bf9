from collections.abc import Iterable
from decimal import Decimal

from ostrelle.daybook import Daybook

Posting = tuple[str, str, str]


def _book(postings: Iterable[Posting]) -> Daybook:
    book = Daybook()
    for account, amount, memo in postings:
        book.post(account, amount, memo)
    return book


def balances(postings: Iterable[Posting]) -> dict[str, Decimal]:
    book = _book(postings)
    return {account: book.balance(account) for account in book.accounts()}


def closed_capital(postings: Iterable[Posting]) -> Decimal:
    return _book(postings).close()
