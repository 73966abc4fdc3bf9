"""Cases that a sentence tells apart."""

import pytest

from swfactory.requirements.cases import cases, last_case


@pytest.mark.parametrize(
    ("said", "case"),
    [
        ("Short names are padded and long names ", "long names "),
        ("Negative prices are fine but a price that is not a number ", "a price that is not a number "),
        ("A price that is not a number and a negative price ", "A price that is not a number and a negative price "),
        ("If a key is lost, the program prints an error and ", "If a key is lost, the program prints an error and "),
        ("A lost key is an error and then ", "A lost key is an error and then "),
        ("When none is left, or a second time, ", "When none is left, or a second time, "),
        ("负数可以，但不是数字的值以", "不是数字的值以"),
        ("文件不存在时打印错误，并以", "文件不存在时打印错误，并以"),
    ],
)
def test_a_verb_is_about_the_last_case(said: str, case: str) -> None:
    assert last_case(said) == case


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        (
            "short names are padded and long names raise ValueError",
            ["short names are padded", "long names raise ValueError"],
        ),
        (
            "raises ValueError for long names and short names are padded",
            ["raises ValueError for long names", "short names are padded"],
        ),
        ("raises KeyError if the name is long and the list is full",) * 2,
        ("short names and long names raise ValueError",) * 2,
        ("short names are padded and long ones are cut",) * 2,
    ],
)
def test_an_error_is_parted_from_what_is_none(clause: str, parts: list[str] | str) -> None:
    assert cases(clause) == (parts if isinstance(parts, list) else [parts])
