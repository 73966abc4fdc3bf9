"""Clauses without a verb, turned into orders."""

from __future__ import annotations

import pytest

from swfactory.requirements.text.orders import as_order


@pytest.mark.parametrize(
    ("clause", "order"),
    [
        ("each row sorted", "sort each row"),
        ("lines with a single word left out", "leave out lines with a single word"),
        ("rows sorted by their first cell", "sort rows by their first cell"),
        ("words counted in lower case", "count words in lower case"),
        ("blank lines skipped", "skip blank lines"),
        ("duplicates removed", "remove duplicates"),
        ("all amounts rounded to cents", "round all amounts to cents"),
        ("letters kept", "keep letters"),
        ("cells padded with spaces", "pad cells with spaces"),
        ("the rest joined by commas", "join the rest by commas"),
        ("text with tabs raises ValueError in pack", "raise ValueError for text with tabs"),
        ("A limit below 1 raises a ValueError", "raise ValueError for a limit below 1"),
        ("IDs twice raise KeyError", "raise KeyError for IDs twice"),
        ("raising KeyError naming the missing part", "raise KeyError naming the missing part"),
        ("ValueError otherwise", "raise ValueError otherwise"),
        ("returning the rest", "return the rest"),
        ("square only, else ValueError", "raise ValueError unless square"),
        ("size must be positive, otherwise ValueError", "raise ValueError unless size is positive"),
        ("a and b must be positive, otherwise a ValueError", "raise ValueError unless a and b are positive"),
        ("for a non-empty list (otherwise ValueError)", "raise ValueError unless it is a non-empty list"),
        ("lending twice, or to nobody, raises KeyError", "raise KeyError for lending twice, or to nobody"),
        ("Returns pairs sorted by name", "return pairs sorted by name"),
    ],
)
def test_a_clause_without_a_verb_becomes_an_order(clause: str, order: str) -> None:
    assert as_order(clause) == order


@pytest.mark.parametrize(
    "clause",
    [
        "most frequent first",
        "it returns a list of words that are sorted",
        "what raises the price",
        "sorted",
        "",
        "空格换成连字符",
        "what was left is printed",
        "a list of the sorted names",
    ],
)
def test_other_clauses_stay(clause: str) -> None:
    assert as_order(clause) == clause


@pytest.mark.parametrize(
    ("clause", "order"),
    [
        ("get and put make a key the newest", "get and put make a key the newest"),
        ("a side is a number, otherwise ValueError", "raise ValueError unless a side is a number"),
    ],
)
def test_what_is_a_statement_already_stays_one(clause, order):
    assert as_order(clause) == order


def test_an_error_without_a_verb_is_raised():
    assert as_order("ValueError if arrivals are not sorted") == "raise ValueError if arrivals are not sorted"
