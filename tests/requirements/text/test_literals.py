import pytest

from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.text.literals import imports_of, leading_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a", and more', '"a"'),
        ("[1, -2.5, None]. Then", "[1, -2.5, None]"),
        ("1+2j.", "1+2j"),
        ('{"A": Decimal("1.50"), "B": Decimal(2)}.', '{"A": Decimal("1.50"), "B": Decimal(2)}'),
        ("date(2024, 2, 29) then", "date(2024, 2, 29)"),
        ("timedelta(days=1)", "timedelta(days=1)"),
        ("{1, 2}", "{1, 2}"),
        ("set()", "set()"),
        ("[10] * 12) returns", "[10] * 12"),
        ('"ab" * 3, say', '"ab" * 3'),
    ],
)
def test_a_text_begins_with_a_value(text, value):
    assert leading_value(text) == value


@pytest.mark.parametrize(
    "text", ["x", "open('a')", "Decimal(x)", "1 + 1", "{**{}}", "a value", "", "Matrix([1])", "[0] * n", "[0] * 10000"]
)
def test_what_has_to_be_computed_is_no_value(text):
    assert leading_value(text) != text or not text


def test_a_word_that_begins_with_a_number_is_none():
    assert leading_value("3rd") is None


def test_values_bring_their_imports():
    assert (
        imports_of('f(Decimal("1")) == [date(1, 2, 3)]') == "from datetime import date\nfrom decimal import Decimal\n"
    )
    assert imports_of("f(1) == 2") == ""


def test_an_example_with_amounts_is_a_test():
    text = 'books.py: balances([("A10", Decimal("1"))]) is {"A10": Decimal("1.00")}.'
    ((name, example),) = api_examples(text)
    assert name == "balances"
    assert example.code.startswith("from decimal import Decimal\nfrom books import balances\n")
    assert example.code.endswith('assert balances([("A10", Decimal("1"))]) == {"A10": Decimal("1.00")}\n')
