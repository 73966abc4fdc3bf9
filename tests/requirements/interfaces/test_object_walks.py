"""Walks through the methods of a class."""

import ast

import pytest

from swfactory.requirements.interfaces.object_walks import object_walks

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
        "import contextlib\nfrom bag import Bag\n\nsubject = Bag(1)\nsubject.put('a', 1)\nsubject.put('c', 3)\n"
        "subject.put('d', 2)\nsubject.put('b', 2)\nwith contextlib.suppress(KeyError, ValueError):\n    "
    )
    assert all(code.startswith(head) for code in codes)
    assert [code.removeprefix(head).strip() for code in codes] == [
        "[subject.take('c'), len(subject)]",
        "[subject.take('d'), len(subject)]",
        "[subject.newest(), len(subject)]",
        "Bag.load('d')",
        "len(subject)",
        "subject + Bag(3)",
        "repr(subject)",
    ]


def test_a_property_is_seen_before_and_after() -> None:
    codes = walks("jar.py has a class Jar(): put(count), take(count), and a `total` property.", "jar.py")
    assert codes[0].splitlines()[-3::2] == ["subject = Jar()", "    subject.total"]
    assert all("subject.total]" in code for code in codes[1:3])


def test_a_class_that_nothing_is_put_into() -> None:
    codes = walks("grid.py has a class Grid(rows) with flip() and *.", "grid.py")
    made, larger = "Grid([[1, 2], [3, 4]])", "Grid([[3, 1, 2], [0, 4, 1], [5, 2, 6]])"
    assert [(*code.splitlines()[-3::2],) for code in codes] == [
        (f"subject = {made}", "    subject.flip()"),
        (f"subject = {made}", "    subject * Grid([[5, 6], [7, 9]])"),
        (f"subject = {made}", "    subject * 2"),
        (f"subject = {larger}", "    subject.flip()"),
    ]


def test_an_object_with_a_clock_gets_one_that_tells_the_time_it_is_told() -> None:
    codes = walks("gate.py has a class Gate(limit, clock=time.monotonic) with pass_by(key) and count().", "gate.py")
    lines = [
        "now = [0.0]",
        "subject = Gate(1, clock=lambda: now[0])",
        *(f"subject.pass_by({key!r})" for key in "acdb"),
        "now[0] = 0.5",
    ]
    assert all("\n".join(lines) in code for code in codes)
    assert [code.splitlines()[-1].strip() for code in codes] == [
        "subject.pass_by('c')",
        "subject.pass_by('d')",
        "subject.count()",
    ]


@pytest.mark.parametrize("text", ["bag.py with put(item).", "bag.py with a class Bag(path) and put(item).", ""])
def test_without_a_class_that_can_be_made_there_are_none(text) -> None:
    assert walks(text) == []


def test_exceptions_of_the_requirement_s_own_are_no_crash() -> None:
    text = "kit.py has a class Queue(): push(item), pop(). pop of an empty queue raises QueueEmpty."
    assert all("suppress(Exception)" in example.code for example in object_walks(text, "kit.py"))


def test_of_a_dict_nobody_knows_what_is_in_it() -> None:
    text = "kit.py has a class Form(fields), fields a dict from name to type: check(value), which returns a list."
    assert object_walks(text, "kit.py") == ()


def test_rows_fit_the_columns_and_a_test_can_be_called() -> None:
    text = "kit.py has a class Grid(columns): append(row), where(test)."
    codes = [example.code for example in object_walks(text, "kit.py")]
    assert any("Grid(['b', 'a', 'c'])" in code and "append([1, 3, 2])" in code for code in codes)
    assert any("where(bool)" in code for code in codes)


def test_another_object_is_one_of_the_same_class() -> None:
    text = "kit.py has a class Point(x, y): distance(other), which returns a number, moved(dx)."
    codes = [example.code for example in object_walks(text.replace("(x, y)", "(width, height)"), "kit.py")]
    assert any("subject.distance(Point(" in code for code in codes)
    assert not any("subject.distance('" in code for code in codes)


def test_no_more_is_put_in_than_goes_in() -> None:
    text = "kit.py has a class Garage(places=3): enter(plate), parked()."
    codes = [example.code for example in object_walks(text, "kit.py")]
    assert {code.count("subject.enter(") for code in codes if "subject.parked()" in code} == {3}
