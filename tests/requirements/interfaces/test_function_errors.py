"""Calls of functions that must raise."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.function_errors import function_errors


def calls(text: str) -> set[tuple[str, str]]:
    """The failing call, and where its expectation comes from."""
    return {(example.code.splitlines()[-1].strip(), example.origin) for example in function_errors(text, "kit.py")}


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("sub(text). An empty text raises ValueError.", {("sub('')", "stated")}),
        ("sub(text). Malformed text and negative numbers raise ValueError.", {("sub('?!')", "derived")}),
        ("sub(minutes). Negative minutes raise ValueError.", {("sub(-1)", "stated")}),
        ("sub(count). A count below 3 raises ValueError.", {("sub(2)", "stated")}),
        ("sub(count). A count above 9 raises ValueError.", {("sub(10)", "stated")}),
        ("sub(count) and add(count). Anything below 3 is fine.", set()),
        ("sub(count). Counts below 3 are padded and counts above 9 raise ValueError.", {("sub(10)", "stated")}),
        ("sub(count). sub raises ValueError for numbers above 9, a count below 3 is fine.", {("sub(10)", "stated")}),
        ("sub(count). A count below 3 never raises ValueError.", set()),
        ("sub(count). A count below 3 is padded instead of raising ValueError.", set()),
        ("sub(one, other). An empty text raises ValueError.", set()),
        ("sub(text). An empty text raises KitError.", set()),
        ("sub(values), add(values) and cut(values, n). An empty list raises ValueError.",
         {("sub([])", "derived"), ("add([])", "derived")}),
        ("sub(text). A character without a code raises ValueError.", set()),
        ("sub(text). Text without a digit raises ValueError.", {("sub('')", "stated")}),
        ("sub(code). An unknown code raises ValueError.", {("sub('?!')", "derived")}),
        (
            "sub(number), which mints, and tell(number). Both take text; anything else that is not a digit raises "
            "ValueError, and so does text without a digit.",
            {
                ("sub('')", "stated"), ("sub('?!')", "derived"),
                ("tell('')", "stated"), ("tell('?!')", "derived"),
            },
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_an_argument_is_tried(said: str, made: set[tuple[str, str]]) -> None:
    assert calls(f"kit.py offers {said}") == made


def test_classes_are_left_to_others() -> None:
    assert function_errors("kit.py has a class Kit() with sub(text). An empty text raises ValueError.", "kit.py") == ()


@pytest.mark.parametrize(
    "text",
    [
        "models.py has a dataclass Line: sku, quantity. kit.py offers total(line).",
        "cart.py has a class Cart() with add(x). kit.py offers total(cart).",
        "kit.py offers total(x), so that total({1, 2}) is 2.",
        "kit.py offers total(x), so that total(1e999) is 2.",
    ],
)
def test_what_is_no_plain_value_is_left_alone(text: str) -> None:
    assert calls(f"{text} An empty word raises ValueError.") == set()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("a capacity that is not positive raises ValueError",
         {("sub([4, 1], 0, 'cm')", "stated"), ("sub([4, 1], -1, 'cm')", "stated")}),
        ("a negative capacity raises ValueError", {("sub([4, 1], -1, 'cm')", "stated")}),
        ("a capacity below 3 raises ValueError", {("sub([4, 1], 2, 'cm')", "stated")}),
        ("an unknown unit raises KeyError", {("sub([4, 1], 10, 'nosuchthing')", "stated")}),
        ("未知单位抛出 KeyError", {("sub([4, 1], 10, 'nosuchthing')", "stated")}),
        ("a negative size raises ValueError", set()),
        ("sizes above 8 raise ValueError", set()),
        ("an unknown unit is taken for cm", set()),
        ("a capacity of 3 or less or above 20 raises ValueError",
         {("sub([4, 1], 3, 'cm')", "stated"), ("sub([4, 1], 21, 'cm')", "stated")}),
    ],
)  # fmt: skip
def test_of_several_arguments_that_are_shown_one_is_made_wrong(said: str, made: set[tuple[str, str]]) -> None:
    text = (
        f"kit.py offers sub(sizes, capacity, unit), so that sub([4, 1], 10, 'cm') returns 2; {said}. Units: mm, cm, m."
    )
    assert calls(text) == made


def test_without_a_call_that_is_shown_nobody_knows_the_other_arguments() -> None:
    assert calls("kit.py offers sub(sizes, capacity). A capacity that is not positive raises ValueError.") == set()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("A max_length below 3 raises ValueError", {"sub('a b', max_length=2)"}),
        ("a negative max_length raises ValueError", {"sub('a b', max_length=-1)"}),
        ("an end that is unknown raises ValueError", set()),
    ],
)
def test_an_argument_that_may_be_left_out_is_made_wrong(said: str, made: set[str]) -> None:
    text = f"kit.py offers sub(text, end='-', max_length=None); sub('a b') returns 'ab'. {said}."
    assert {call for call, _ in calls(text)} == made
