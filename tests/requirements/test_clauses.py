"""Sentences taken apart."""

from __future__ import annotations

from swfactory.requirements.clauses import clauses, joined, statements


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
