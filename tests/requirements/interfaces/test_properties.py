"""What a requirement states of every answer."""

from __future__ import annotations

import pytest

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.properties import property_examples


def asserts(said: str, *calls: str) -> list[list[str]]:
    examples = [ApiExample(code=code) for code in calls]
    made = property_examples(f"kit.py offers pick(words){said}.", "kit.py", examples)
    return [[line for line in one.code.splitlines() if line.startswith("assert")] for one in made]


CALL = "from kit import pick\n\npick(['b', 'a'])\n"


@pytest.mark.parametrize(
    ("said", "checks"),
    [
        (" returning lists, each list sorted", ["assert all(list(one) == sorted(one) for one in made)"]),
        (
            " returning lists, lists sorted by their first word",
            ["assert [one[0] for one in made] == sorted(one[0] for one in made)"],
        ),
        (" returning names sorted", ["assert list(made) == sorted(made)"]),
        (" returning a sorted list of names", ["assert list(made) == sorted(made)"]),
        (" sorted", ["assert list(made) == sorted(made)"]),
        (" returning pairs, names sorted", ["assert list(made) == sorted(made)"]),
    ],
)
def test_what_is_sorted_is_tested(said: str, checks: list[str]) -> None:
    assert asserts(said, CALL) == [checks]


@pytest.mark.parametrize(
    "said",
    [
        " returning names sorted by length",
        " returning names, the longest first",
        " returning pairs, pairs sorted in descending order",
        " returning a list of the words of a sorted file",
        "",
    ],
)
def test_another_order_is_not_guessed(said: str) -> None:
    assert asserts(said, CALL) == []


def test_only_snippets_that_end_with_the_call_are_used_and_not_too_many() -> None:
    assert asserts(" sorted", "from kit import other\n\nother()\n", "x = 1\n") == []
    assert len(asserts(" sorted", *[CALL] * 9)) == 3


def test_what_the_call_needs_stays() -> None:
    (example,) = property_examples("kit.py offers pick(words) sorted.", "kit.py", [ApiExample(code=CALL)])
    assert example.origin == "stated"
    assert example.code == "from kit import pick\nmade = pick(['b', 'a'])\nassert list(made) == sorted(made)\n"


def test_methods_have_properties_too() -> None:
    call = ApiExample(code="from lib import Shelf\n\nshelf = Shelf()\nshelf.names()\n")
    (example,) = property_examples("lib.py has a class Shelf() with names() returning names sorted.", "lib.py", [call])
    assert "made = shelf.names()" in example.code


def test_a_module_that_nothing_is_said_of_has_none() -> None:
    assert [*property_examples("Write main.py.", "main.py", [ApiExample(code=CALL)])] == []
