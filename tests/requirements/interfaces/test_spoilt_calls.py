"""Calls of functions that must raise."""

import pytest

from swfactory.requirements.interfaces.spoilt_calls import length_calls, spoilt_calls


def calls(text: str) -> list[tuple[str, str]]:
    """Each call with its exception, and what is known of it."""
    found = []
    for example in spoilt_calls(text):
        *_, raises, call = example.code.splitlines()
        found.append(
            (f"{call.strip()} {raises.removeprefix('with pytest.raises(').removesuffix('):')}", example.origin)
        )
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("text with digits raises ValueError in pack.", [("pack('ab1') ValueError", "stated")]),
        ("pack(text) raises TypeError when text contains a digit.", [("pack('ab1') TypeError", "stated")]),
        ("an empty text raises ValueError in pack.", [("pack('') ValueError", "stated")]),
        ("pack of an empty text raises ValueError.", [("pack('') ValueError", "stated")]),
        ("malformed text raises ValueError in unpack.", [("unpack('ab') ValueError", "derived")]),
        (
            "an empty text raises ValueError in pack and malformed text raises KeyError in unpack.",
            [("pack('') ValueError", "stated"), ("unpack('ab') KeyError", "derived")],
        ),
        (
            "an empty text gives an empty text and text with digits raises ValueError in pack.",
            [("pack('ab1') ValueError", "stated")],
        ),
        ("an empty text does not raise ValueError in pack.", []),
        ("an empty text raises PackError in pack.", []),
        ("an empty text raises ValueError in squeeze.", []),
        ("a text that is too long raises ValueError in pack.", []),
    ],
)
def test_a_sentence_says_which_call_fails(said: str, expected: list[tuple[str, str]]) -> None:
    assert calls(f'Write zip.py with pack(text) and unpack(text): pack("ab") gives "a1b1". {said}') == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [("a negative number", ["-1"]), ("zero", ["0"]), ("a number that is not positive", ["-1", "0"])],
)
def test_numbers_are_spoilt_as_numbers(what: str, expected: list[str]) -> None:
    text = f"Write sq.py with root(number): root(9) gives 3. root raises ValueError for {what}."
    assert [call for call, _ in calls(text)] == [f"root({value}) ValueError" for value in expected]


def test_what_is_shown_without_a_good_call_is_left_alone() -> None:
    assert spoilt_calls("Write zip.py with pack(text). An empty text raises ValueError in pack.") == ()
    assert spoilt_calls("repr is like Box([1]) and an empty box raises ValueError.") == ()


def test_what_is_no_literal_is_not_spoilt() -> None:
    text = 'Write due.py with add(amounts): add([Decimal("1")]) gives 1. An empty list raises ValueError in add.'
    assert spoilt_calls(text) == ()


def test_a_text_of_another_length_is_refused():
    text = "pin.py offers check(code) (4 digits, ValueError otherwise) and strength(code) giving a number."
    assert [example.code.splitlines()[-2:] for example in length_calls(text, "pin.py")] == [
        ["with pytest.raises(ValueError):", "    check('')"],
        ["with pytest.raises(ValueError):", "    check('1' * 5)"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "pin.py offers check(code) (4 digits).",
        "pin.py offers check(code) (digits, ValueError otherwise).",
        "pin.py offers check(code, size) (4 digits, ValueError otherwise).",
        "Write main.py.",
    ],
)
def test_without_a_length_and_an_error_there_is_no_such_call(text):
    assert length_calls(text, "pin.py") == ()
