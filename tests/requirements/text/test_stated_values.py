"""Values that a text states."""

import pytest

from swfactory.requirements.text.stated_values import GIVES, stated_value


@pytest.mark.parametrize(
    "words",
    [
        " gives ", " returns `", " is ", " should be ", " must equal ", " is equal to ", " should be equal to ",
        " produces ", " results in ", " evaluates to ", " == ", " -> ",
        " 返回 ", " 应返回 ", " 应该返回 ", " 会返回 ", " 等于 ",
    ],
)  # fmt: skip
def test_words_that_state_a_value(words: str) -> None:
    match = GIVES.match(words)
    assert match is not None
    assert match.end() == len(words)


@pytest.mark.parametrize("words", [" isn't 3", " is-like 3", " gave 3", " should not be 3", " 不等于 3"])
def test_words_that_state_none(words: str) -> None:
    match = GIVES.match(words)
    assert match is None or not stated_value(words[match.end() :])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.", "3"),
        (" 3, and so on", "3"),
        ("3 and f(2) gives 4", "3"),
        ("[1, 2] always", "[1, 2]"),
        ("(3, 1)", "(3, 1)"),
        ("'a' (a letter)", "'a'"),
        ("'a' for one letter", "'a'"),
        ("3，而 f(2) 返回 4", "3"),
        ("[1, 3] in ascending order.", "[1, 3]"),
        ("[1, 3], in sorted order", "[1, 3]"),
        ("[1, 3] without changing its argument", "[1, 3]"),
        ("False instead of raising", "False"),
        ("3 rather than 4", "3"),
        ("5.0 — a float", "5.0"),
        ("3、`f(2)` 返回 4", "3"),
    ],
)
def test_a_value_that_is_all(text: str, value: str) -> None:
    assert stated_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "[1, 4, 9, ...]",
        "1, 4, ...",
        "1.333...",
        "0.66…",
        "3, 1",
        "3 and 4",
        "[1, 2] in any order",
        "[1, 2], in any order",
        "[1, 2] in no order",
        "3–5",
        "3、4",
        "[1, 2]（顺序不限）",
        "2 lists",
        "6 characters long",
        "'a' or 'b'",
        "`1` or `2`",
        "None or raises",
        "“是”或“否”",
        "3 个",
        "3:30",
        "1.5.2",
        "3, if it rains",
        "3 when it rains",
    ],
)
def test_a_value_that_is_not_all(text: str) -> None:
    assert stated_value(text) == ""
