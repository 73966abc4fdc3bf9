"""Examples of objects."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.object_examples import object_examples

CLASS = "kit.py has a class Vector(x, y) with length(), add(other), __add__ and __str__. "


def claims(said: str) -> list[str]:
    return [example.code.splitlines()[-1] for example in object_examples(CLASS + said)]


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ('str(Vector(1, 2)) is "(1, 2)".', 'assert str(Vector(1, 2)) == "(1, 2)"'),
        ("`Vector(1, 2) + Vector(3, 4)` gives `Vector(4, 6)`.", "assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)"),
        (
            "Vector(1, 2) + Vector(3, 4) equals Vector(4, 6). abs(Vector(3, 4)) may be anything.",
            "assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)",
        ),
        ("Vector(3, 4) * 2 results in Vector(6, 8).", "assert Vector(3, 4) * 2 == Vector(6, 8)"),
        ("Vector(3, 4).length() is 5, and so on.", "assert Vector(3, 4).length() == 5"),
        ("Vector(3, 4).add(Vector(1, 1)).length() == 6.", "assert Vector(3, 4).add(Vector(1, 1)).length() == 6"),
        ("Vector(3, 4).x 为 3。", "assert Vector(3, 4).x == 3"),
        ("Vector(3, 4) * 2 is Vector(6, 8).", "assert Vector(3, 4) * 2 == Vector(6, 8)"),
        ('Vector(3, 4) is 3i + 4j; str gives "0" or "3i + 4j".', "assert str(Vector(3, 4)) == '3i + 4j'"),
    ],
)
def test_what_an_object_gives_is_an_example(said: str, claim: str) -> None:
    assert claims(said) == [claim]


@pytest.mark.parametrize(
    "said",
    [
        "Vector(3, 4).parts() gives 3.0, 4.0 and so on.",
        "Vector(3, 4).parts() gives 3 and 4.",
        "Vector(3, 4).length() is 5 metres.",
        "Vector(3, 4) == Vector(3, 4) is True.",
        'str(Vector(1, 2)) is "(1, 2)" or "<1, 2>".',
        "Vector(3, 4, 5).length() is 7.",
        "Vector(a, 4).length() is 7.",
        "Other(3, 4).length() is 7.",
        "Vector(3, 4) is a vector.",
        "Vector(3, 4) is 3i + 4j.",
        'Vector(3, 4) is 3i + 4j, not "3i + 4k".',
    ],
)
def test_what_states_no_value_is_none(said: str) -> None:
    assert claims(said) == []


def test_the_class_is_imported_from_its_module() -> None:
    (example,) = object_examples(CLASS + "Vector(3, 4).length() is 5.")
    assert example.code == "from kit import Vector\n\nassert Vector(3, 4).length() == 5\n"
    assert example.origin == "quoted"
