"""Sentences taken apart."""

from __future__ import annotations

import pytest

from swfactory.requirements.text.clauses import clauses, conditional, joined, statements


def names(clause: str) -> list[str]:
    return [name for name in ("pack", "unpack") if f" {name}" in f" {clause}"]


def test_commas_in_brackets_and_quotes_part_nothing() -> None:
    sentence = 'a list (b, c), "d, e", [f, g]，和 `h, i` 、j'
    assert [clause for _, clause in clauses(sentence)] == ["a list (b, c)", '"d, e"', "[f, g]", "和 `h, i`", "j"]


def test_lists_are_one_clause() -> None:
    assert joined("returns the name, the age and size, all in lower case", names) == [
        "returns the name, the age and size",
        "all in lower case",
    ]
    assert joined("returns pairs, pack, names sorted", names) == ["returns pairs", "pack", "names sorted"]


def test_statements_of_two_functions_stand_apart() -> None:
    said = ["text with digits fails in pack and malformed input fails in unpack", "for both: pack gives 1"]
    assert [*statements(said, names)] == [
        "text with digits fails in pack",
        "malformed input fails in unpack",
        "for both",
        "pack gives 1",
    ]
    assert [*statements(["pack and unpack of nothing fail"], names)] == ["pack and unpack of nothing fail"]


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("When it is full, put(key, value) drops the oldest", ("when it is full", "put(key, value) drops the oldest")),
        ("If a, b or c is missing, stop", ("", "If a, b or c is missing, stop")),
        ("put(key) works", ("", "put(key) works")),
        ("After that it is empty", ("", "After that it is empty")),
    ],
)
def test_a_condition_is_told_from_what_happens_then(clause, parts):
    assert conditional(clause) == parts


def test_lists_of_numbers_stay_whole_and_each_error_is_raised():
    said = "insert(coin) accepts 5, 10, 20 and 50 cents and raises ValueError for others, KeyError when it is shut"
    parts = joined(said, lambda clause: ["insert"] if "insert" in clause else [])
    assert [*statements(parts, lambda _: [])] == [
        "insert(coin) accepts 5, 10, 20 and 50 cents",
        "raises ValueError for others",
        "raises KeyError when it is shut",
    ]
