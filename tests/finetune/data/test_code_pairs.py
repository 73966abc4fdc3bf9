from __future__ import annotations

import pytest

from swfactory.finetune.data.code_pairs import TestIndex, code_rows, is_test
from swfactory.finetune.data.collect import SourceFile
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.units import units_of

from .conftest import CODE, TEST

SOURCE = SourceRecipe(type="folder", path="lib", makers=("docstring_to_body",))
ALL = ("docstring_to_body", "test_to_code", "code_to_question")
SHOP = '''\
import math
from os import path as p

RATE = 3


class Cart:
    @property
    def total(self):
        """Sum of all prices in the cart.

        In cents.
        """
        return sum(self.prices)

    def round(self, to: int = 1) -> int:
        """Round the total up to a multiple."""
        whole = math.ceil(self.total / to)
        return whole * to


async def fetch(name):
    return p.join(name, str(RATE))


def one_line(x): return x
'''


def file(text: str, path: str = "small.py", language: str = "python") -> SourceFile:
    return SourceFile(source="lib", path=path, text=text, group="g", license="MIT", language=language)


def test_units_know_what_they_need():
    units = {unit.name: unit for unit in units_of(SHOP)}
    assert list(units) == ["Cart.total", "Cart.round", "fetch", "one_line"]
    assert units["Cart.total"].code.startswith("@property\ndef total(self):")
    assert units["Cart.total"].head == "@property\ndef total(self):"
    assert units["Cart.total"].stub.splitlines()[2:] == [
        '    """Sum of all prices in the cart.',
        "",
        "    In cents.",
        '    """',
    ]
    assert units["Cart.round"].imports == "import math"
    assert units["Cart.round"].bare.splitlines() == [
        "def round(self, to: int = 1) -> int:",
        "    whole = math.ceil(self.total / to)",
        "    return whole * to",
    ]
    assert (units["fetch"].imports, units["fetch"].lacks) == ("from os import path as p", {"RATE"})
    assert units["one_line"].code == "def one_line(x): return x\n"
    assert units_of("def broken(:") == []


def test_ends_of_lines_within_a_text_cut_no_function():
    said = 'def page(text):\n    return text + "\f\u2028end"\n\n\ndef after():\n    return 1\n'
    assert "".join(unit.code for unit in units_of(said)) == said.replace("\n\n\n", "\n")


def test_documentation_tests_and_code_become_pairs():
    tests = TestIndex()
    tests.add(file(TEST, "test_small.py"))
    rows = {row.origin.maker: row for row in code_rows(file(CODE), SOURCE, ALL, tests)}
    asked, answered = rows["docstring_to_body"].messages
    assert '"""Limit a speed to the range from zero to the limit."""' in asked.content
    assert "return min(value, limit)" not in asked.content
    assert answered.content == f"```python\n{units_of(CODE)[0].code.strip()}\n```"
    asked, answered = rows["test_to_code"].messages
    assert "assert clamp_speed(9, 5) == 5" in asked.content
    assert "return min(value, limit)" in answered.content
    asked, answered = rows["code_to_question"].messages
    assert "Limit a speed" not in asked.content
    assert answered.content == "Limit a speed to the range from zero to the limit."
    origin = rows["test_to_code"].origin
    assert (origin.name, origin.license, origin.path, origin.group) == ("clamp_speed", "MIT", "small.py", "g")


def test_only_what_is_asked_for_and_nothing_of_tests():
    assert [row.origin.maker for row in code_rows(file(SHOP), SOURCE, ("code_to_question",), TestIndex())] == [
        "code_to_question",
        "code_to_question",
    ]
    assert list(code_rows(file(SHOP, "tests/test_shop.py"), SOURCE, ALL, TestIndex())) == []
    assert [is_test(path) for path in ("a/test_x.py", "x_test.py", "testing.py")] == [True, True, False]


def test_a_group_may_be_a_function():
    source = SOURCE.model_copy(update={"group": "function"})
    groups = [row.origin.group for row in code_rows(file(SHOP), source, ("code_to_question",), TestIndex())]
    assert groups == ["g::Cart.total", "g::Cart.round"]


def test_other_languages_give_documented_functions():
    pytest.importorskip("tree_sitter")
    text = "package x\n\n// Double returns twice its argument.\nfunc Double(n int) int {\n\treturn 2 * n\n}\n"
    (row,) = code_rows(file(text, "x.go", "go"), SOURCE, ALL, TestIndex())
    asked, answered = row.messages
    assert "Double returns twice its argument." in asked.content
    assert "return 2 * n" not in asked.content
    assert "return 2 * n" in answered.content
