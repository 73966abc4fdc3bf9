"""What a journal consists of."""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Posting:
    account: str
    cents: int


@dataclass
class Transaction:
    date: date
    title: str
    postings: list[Posting] = field(default_factory=list)
