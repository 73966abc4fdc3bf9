"""Tables of values."""

import pytest

from swfactory.requirements.interfaces.value_tables import table_examples

MODULE = "fees.py has fee(minutes: int, kind='car') in cents and name(code). "


def claims(said: str) -> list[str]:
    return [example.code.splitlines()[-1].removeprefix("assert ") for example in table_examples(said)]


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        (
            MODULE + "Of fee(minutes): 15 -> 0, 16 -> 200, 1441 -> 1400.",
            ["fee(15) == 0", "fee(16) == 200", "fee(1441) == 1400"],
        ),
        (MODULE + "name(code) gives (1 → 'a' and 2 → \"b\").", ["name(1) == 'a'", 'name(2) == "b"']),
        (MODULE + "例如 name(code)：1 => [1, 2]、-2.5 => (3, 4)。", ["name(1) == [1, 2]", "name(-2.5) == (3, 4)"]),
        (MODULE + "Of name(code): 1 -> 'I', 4 -> 'IV'.", ["name(1) == 'I'", "name(4) == 'IV'"]),
        (MODULE + "fee(minutes)\n  15 -> 0\n  16 -> 200\n", ["fee(15) == 0", "fee(16) == 200"]),
    ],
)
def test_each_row_is_an_example(said, rows):
    assert claims(said) == rows


@pytest.mark.parametrize(
    "said",
    [
        MODULE + "15 -> 0.",
        MODULE + "Of name(code): 1 -> 0.5, 3 -> 0.333...",
        MODULE + "Of name(code): 1 -> 'I' or 'i', 4 -> 'IV'.",
        MODULE + "It goes a -> b, b -> c.",
        "fees.py has fee(minutes, kind): 15 -> 0, 16 -> 200.",
        "Write main.py: 15 -> 0, 16 -> 200.",
        MODULE + "Versions: 1.2.3 -> 1.2.4, 2.0.0 -> 3.0.0.",
    ],
)
def test_what_is_no_table_is_left_alone(said):
    assert claims(said) == []


def test_the_function_is_imported():
    (first, _) = table_examples(MODULE + "fee(minutes): 15 -> 0, 16 -> 200.")
    assert (first.code, first.origin) == ("from fees import fee\n\nassert fee(15) == 0\n", "quoted")
