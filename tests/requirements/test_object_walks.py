"""Walks through the methods of a class."""

import ast

import pytest

from swfactory.requirements.object_walks import object_walks

TEXT = (
    "Write bag.py with a class Bag(size): put(item, count), take(item), newest(), load(text) as a class method, "
    "__len__, + and repr. take of an unknown item raises KeyError."
)


def walks(text=TEXT, path="bag.py"):
    codes = [example.code for example in object_walks(text, path)]
    for code in codes:
        ast.parse(code)
    return codes


def test_every_method_is_tried_on_an_object_with_something_in_it() -> None:
    codes = walks()
    head = (
        "import contextlib\nfrom bag import Bag\n\nsubject = Bag(1)\nsubject.put('a', 1)\nsubject.put('b', 3)\n"
        "subject.put('c', 2)\nsubject.put('d', 2)\nwith contextlib.suppress(KeyError, ValueError):\n    "
    )
    assert all(code.startswith(head) for code in codes)
    assert [code.removeprefix(head).strip() for code in codes] == [
        "[subject.take('b'), len(subject)]",
        "[subject.take('c'), len(subject)]",
        "[subject.newest(), len(subject)]",
        "Bag.load('c')",
        "len(subject)",
        "subject + Bag(1)",
        "repr(subject)",
    ]


def test_a_class_that_nothing_is_put_into() -> None:
    codes = walks("grid.py has a class Grid(rows) with flip() and *.", "grid.py")
    made = "Grid([[1, 2], [3, 4]])"
    assert [code.splitlines()[-1].strip() for code in codes] == [
        "subject.flip()",
        f"subject * {made}",
        "subject * 2",
    ]
    assert all(f"subject = {made}" in code for code in codes)


@pytest.mark.parametrize("text", ["bag.py with put(item).", "bag.py with a class Bag(path) and put(item).", ""])
def test_without_a_class_that_can_be_made_there_are_none(text) -> None:
    assert walks(text) == []
