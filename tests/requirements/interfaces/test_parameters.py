"""Parameters as a requirement shows them."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.parameters import is_parameters, names_of, required


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("", True),
        ("item, priority=0", True),
        ("a: int = 3, *rest, **more, needs=()", True),
        ("3", False),
        ("'a'", False),
    ],
)
def test_values_are_none(text: str, is_so: bool) -> None:
    assert is_parameters(text) is is_so


def test_names_and_what_has_to_be_given() -> None:
    assert names_of("a: int, *rest, b=2") == ["a", "rest", "b"]
    assert required("a: int, b=2, c") == ["a", "c"]
