"""Methods that are asked for by what calls them."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.special_methods import operand_of, special_methods


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It has +, -, * (by a number) and ==.", ["__add__", "__sub__", "__mul__", "__eq__"]),
        ("It has ** and abs(v).", ["__pow__", "__abs__"]),
        ("evaluation by calling it (p(3)), and str, which gives text", ["__call__", "__str__"]),
        ("__len__ and iterating over it", ["__len__", "__iter__"]),
        ("it supports len(), in and iteration", ["__contains__", "__iter__", "__len__"]),
        ("works with `in`, and what comes in and goes out is counted in, say, days", ["__contains__"]),
        ("it takes money in and gives it back", []),
        ("name: str, a - b is shown, 2*3 too", []),
    ],
)
def test_what_calls_them_names_them(text: str, names: list[str]) -> None:
    assert [*special_methods(text)] == names


def test_what_they_take() -> None:
    names = ("__len__", "__add__", "__getitem__", "__call__")
    assert [operand_of(name) for name in names] == ["", "other", "index", "value"]
