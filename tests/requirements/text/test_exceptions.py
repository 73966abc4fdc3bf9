"""Exceptions that a requirement names or invents."""

from __future__ import annotations

import pytest

from swfactory.requirements.text.exceptions import named_exceptions, own_exceptions, raised


def test_builtin_ones_are_named() -> None:
    assert named_exceptions("It raises KeyError, ValueError or OddError, then KeyError.") == ("KeyError", "ValueError")


@pytest.mark.parametrize(
    "text",
    [
        "It raises Overdrawn, an exception of your own that is a subclass of ValueError.",
        "It raises `Overdrawn` (derived from `ValueError`).",
    ],
)
def test_invented_ones_are_written(text: str) -> None:
    assert own_exceptions(text) == ('class Overdrawn(ValueError):\n    """Raised by this module."""',)


def test_other_classes_are_none() -> None:
    assert own_exceptions("A class Square, a subclass of Shape. It raises ValueError.") == ()


@pytest.mark.parametrize(
    ("clause", "exception"),
    [
        ("raises KeyError for an unknown key", "KeyError"),
        ("raise `ValueError` unless it is even", "ValueError"),
        ("抛出 ValueError", "ValueError"),
        ("ignores an unknown key instead of raising KeyError", ""),
        ("does nothing rather than raising KeyError", ""),
        ("gives None without raising KeyError", ""),
        ("does not raise KeyError", ""),
        ("never raises a KeyError", ""),
        ("不抛出 KeyError", ""),
        ("returns 0 instead of raising ValueError, raises KeyError for a lost key", "KeyError"),
        ("raises KeyError or raises ValueError", ""),
        ("raises OddError", ""),
        ("a number, otherwise ValueError", ""),
    ],
)
def test_what_is_denied_is_not_raised(clause: str, exception: str) -> None:
    assert raised(clause) == exception


def test_the_rest_may_raise() -> None:
    assert raised("a number, otherwise ValueError", otherwise=True) == "ValueError"
