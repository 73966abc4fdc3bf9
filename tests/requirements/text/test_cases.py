"""Cases that a sentence tells apart."""

import pytest

from swfactory.requirements.text.cases import cases, last_case, of_another


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
        *[
            (said, said)
            for said in (
                "A lost key prints an error, stores nothing and ",
                "A lost key is rejected, nothing is stored, ",
                "A lost key is reported while the process ",
                "Errors give a message, no traceback is shown, and the ",
                "编号不存在时返回提示，标准输出为空，",
                "宽度可以为零，但为负数时",
                "宽度可以为零，但负数",
            )
        ],
    ],
)
def test_a_verb_is_about_the_last_case(said: str, case: str) -> None:
    assert last_case(said) == case


@pytest.mark.parametrize(
    ("said", "other"),
    [
        (" prints 3, whereas a wrong name ", True),
        (" prints 3, and a wrong name prints `x` and ", True),
        (" prints 3 and on errors ", True),
        (" saves it, and for unknown names it ", True),
        (" 输出 3，名称未知则", True),
        (" 输出 3，会员不存在时", True),
        (" prints 3, and the process ", False),
        (" prints 3, the sum, and ", False),
        (" prints 3 but ", False),
        (" 输出 3，程序则", False),
        (" 输出 3，按规则", False),
        (" 输出 3，因此", False),
        (" 输出 3，其", False),
        (" prints 3 and, for an unknown name, ", True),
        (" ", False),
    ],
)
def test_a_verb_may_be_about_something_else(said: str, other: bool) -> None:
    assert of_another(said) is other


def test_what_follows_may_tell_of_something_else() -> None:
    assert of_another(" prints 3 and ", " for unknown names.")
    assert not of_another(" ", " for unknown names.")


@pytest.mark.timeout(10)
def test_a_long_list_is_read_at_once() -> None:
    assert last_case("Prices are fine, " + "and ".join(f"w{number}, " for number in range(3000))).startswith("w0, and")
    assert not of_another(f" prints 3{' ' * 20000}")


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
