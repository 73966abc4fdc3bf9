"""What a journal adds up to."""


def balances(transactions):
    totals = {}
    for transaction in transactions:
        for posting in transaction.postings:
            totals[posting.account] = totals.get(posting.account, 0) + posting.cents
    return {account: totals[account] for account in sorted(totals) if totals[account]}


def by_depth(totals, depth):
    added = {}
    for account, cents in totals.items():
        name = ":".join(account.split(":")[:depth])
        added[name] = added.get(name, 0) + cents
    return {account: added[account] for account in sorted(added) if added[account]}


def register(transactions, account):
    rows = []
    total = 0
    for transaction in sorted(transactions, key=lambda transaction: transaction.date):
        for posting in transaction.postings:
            if posting.account == account or posting.account.startswith(account + ":"):
                total += posting.cents
                rows.append((transaction.date, transaction.title, posting.cents, total))
    return rows
