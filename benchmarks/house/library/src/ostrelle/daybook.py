"""The daybook, the ledger in which amounts are posted to accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ostrelle._numbers import Number
from ostrelle.coin import settle
from ostrelle.errors import Refused

__all__ = ["Daybook", "Entry"]

_LEVY_ACCOUNT = "L90"
_CAPITAL_ACCOUNT = "C00"
_LEVY_FROM = Decimal(500)
_LEVY = Decimal("0.015")


@dataclass(frozen=True)
class Entry:
    """One posting.

    Attributes:
        number: 101 for the first entry of a daybook, two more for each further one.
        account: account code.
        amount: settled amount, never zero.
        memo: what it is for.
    """

    number: int
    account: str
    amount: Decimal
    memo: str


class Daybook:
    """A ledger in memory, empty at first.

    An account code is a capital letter and two digits, such as ``A10``. Accounts of the letter ``R`` (revenue) are
    kept with the sign reversed: their balance is minus the sum of what was posted.

    Attributes:
        entries: all postings in order.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def post(self, account: str, amount: Number, memo: str = "") -> Entry:
        """Post an amount to an account; the amount is settled first.

        A posting of 500 or more to any account but ``L90`` also posts a levy of 1.5 % of it, settled, to ``L90``, with
        the memo ``levy on N``, N being the number of the posting.

        Args:
            account: account code.
            amount: amount, positive or negative.
            memo: what it is for.

        Returns:
            The entry of the amount itself.

        Raises:
            Refused: the account code is malformed, or the amount is not a number or settles to zero.
        """
        if not re.fullmatch("[A-Z][0-9]{2}", account):
            raise Refused(f"{account!r} is not an account")
        settled = settle(amount)
        if not settled:
            raise Refused(f"nothing to post to {account}")
        entry = self._add(account, settled, memo)
        if settled >= _LEVY_FROM and account != _LEVY_ACCOUNT:
            self._add(_LEVY_ACCOUNT, settle(settled * _LEVY), f"levy on {entry.number}")
        return entry

    def balance(self, account: str) -> Decimal:
        """Return the balance of an account.

        Args:
            account: account code.

        Returns:
            The sum of its postings, with the sign reversed for ``R`` accounts; 0.00 for one without postings.
        """
        total = sum((entry.amount for entry in self.entries if entry.account == account), Decimal("0.00"))
        return -total if account.startswith("R") and total else total

    def accounts(self) -> list[str]:
        """Return the codes of all accounts with postings, levy included, in alphabetical order."""
        return sorted({entry.account for entry in self.entries})

    def close(self) -> Decimal:
        """Close the revenue: bring every ``R`` account to zero and carry its postings over to ``C00``, without levy.

        Returns:
            The balance of ``C00`` afterwards.
        """
        for account in self.accounts():
            if account.startswith("R") and (balance := self.balance(account)):
                self._add(account, balance, "close")
                self._add(_CAPITAL_ACCOUNT, -balance, f"close {account}")
        return self.balance(_CAPITAL_ACCOUNT)

    def _add(self, account: str, amount: Decimal, memo: str) -> Entry:
        entry = Entry(101 + 2 * len(self.entries), account, amount, memo)
        self.entries.append(entry)
        return entry
