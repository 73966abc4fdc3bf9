"""Exceptions that a requirement names or invents."""

from __future__ import annotations

import pytest

from swfactory.requirements.exceptions import named_exceptions, own_exceptions


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
