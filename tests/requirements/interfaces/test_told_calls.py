"""Sentences that show all the calls before an outcome, and those that leave some of them open."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.told_calls import told_calls

OFFERED = "`s.py` has a class `Stack` with `push(item)`, `pop()`, `peek()` and `size()`. "


def _lines(said: str) -> list[list[str]]:
    return [example.code.split("\n\n")[1].splitlines() for example in told_calls(OFFERED + said, "s.py")]


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("After `push(1)` and `push(2)`, `pop()` returns `2` and `size()` returns `1`.", "assert subject.pop() == 2"),
        ("After push(1), then push(2), len(stack) is 2.", "assert len(subject) == 2"),
        ("例如：先 `push(1)` 再 `push(2)`，`pop()` 返回 `2`。", "assert subject.pop() == 2"),
        ("With `s = Stack()`, first `s.push(1)`, `s.push(2)`, then `s.peek()` gives 2.", "assert subject.peek() == 2"),
    ],
)
def test_the_first_outcome_is_checked_after_the_calls_before_it(said: str, last: str) -> None:
    assert _lines(said) == [["subject = Stack()", "subject.push(1)", "subject.push(2)", last]]


@pytest.mark.parametrize(
    "said",
    [
        "After `push(1)` twice, `size()` is 2.",
        "After `push(1)`, `pop()` returns 1 if it is new.",
        "After `push(1)`, `pop()` returns 1 or 2.",
        "After `push(1)`, `pop()` returns the item and `size()` is 0.",
        "After `push(item)`, `size()` is 1.",
        "`push(1)` is quick and `size()` is 1.",
        "After `push(1)` has failed, `size()` is 0.",
    ],
)
def test_what_is_left_open_is_not_checked(said: str) -> None:
    assert _lines(said) == []


def test_an_object_is_made_as_it_is_shown() -> None:
    offered = "`a.py`: class Account(owner, balance=0) with `deposit(amount)` and `worth()`."
    text = offered + " {}, after `deposit(5)`, `worth()` is 15."
    (example,) = told_calls(text.format('With `Account("Ann", 10)`'), "a.py")
    assert example.code.split("\n\n")[1].splitlines() == [
        "subject = Account('Ann', 10)",
        "subject.deposit(5)",
        "assert subject.worth() == 15",
    ]
    assert not told_calls(text.format("With some account"), "a.py")
