"""Values that fit parameters."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.values import POSITIVE, is_said_of, value_of


def values(text: str, name: str, parameter: str, turns: int = 2) -> list[str]:
    outline = read_outline(text, "kit.py")
    assert outline is not None
    methods = [*outline.functions, *(method for row in outline.classes.values() for method in row)]
    (method,) = (method for method in methods if method.name == name)
    return [value_of(parameter, method, turn) for turn in range(turns)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ["'a'", "'c'"]),
        ("so that sub(3) is 2", ["1", "3"]),
        ('so that sub("hat") is 2', ["'a'", "'c'"]),
        ('so that sub("2024-01-05") is 2', ["'2024-01-05'", "'2024-01-05'"]),
        ("so that sub([1, 0, 2]) is 3", ["[1, 0, 2]", "[3, 5]"]),
        ("so that sub(['x']) is 1", ["['a']", "['b', 'c']"]),
        ("so that sub([[1]]) is 1", ["[[1, 2], [3, 4]]", "[[5, 6], [7, 9]]"]),
    ],
)
def test_a_value_is_of_the_kind_that_is_shown(said: str, expected: list[str]) -> None:
    assert values(f"kit.py offers sub(thing), {said}.", "sub", "thing") == expected


def test_an_annotation_tells_all() -> None:
    text = "kit.py has a class Kit() with put(name: str, parts: list[int], share: float = 0.5)."
    assert values(text, "put", "name") == ["'a'", "'c'"]
    assert values(text, "put", "parts") == ["[1, 2]", "[3, 5]"]


def test_an_object_of_another_class_is_made() -> None:
    text = "cart.py has a class Cart() with add(sku). kit.py has a class Kit() with place(cart)."
    assert values(text, "place", "cart", 1) == ["Cart()"]


def test_what_takes_the_fields_of_a_record_tells_that_others_take_its_key() -> None:
    text = (
        "models.py has a dataclass Room: name, seats. kit.py has a class Kit() with add_room(name, seats), book(room)."
    )
    assert values(text, "book", "room", 1) == ["'a'"]


def test_starred_parameters_need_nothing() -> None:
    text = "kit.py has a class Kit() with select(*names) and group(name, **results)."
    assert values(text, "group", "name", 1) == ["'a'"]


@pytest.mark.parametrize(
    ("clause", "those"),
    [
        ("raise ValueError for adding a name twice or a duration that is not positive", {"duration"}),
        ("raise ValueError unless name and duration are positive", {"name", "duration"}),
        ("raise ValueError for durations below 1", {"duration"}),
        ("raise ValueError for non-positive durations and long names", {"duration"}),
        ("raise ValueError for long names", set()),
    ],
)
def test_what_is_said_of_which_parameter(clause: str, those: set[str]) -> None:
    assert {p for p in ("name", "duration") if is_said_of(POSITIVE, clause, p, "name, duration, needs=()")} == those
