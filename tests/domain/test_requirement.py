import pytest
from pydantic import ValidationError

from swfactory.domain.requirement import Requirement, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Write a program that adds.", "en"),
        ("写一个命令行程序，把两个数相加。", "zh"),
        ("写一个程序 main.py，运行 `python main.py add 1 2` 输出 3", "zh"),
        ("A greeter that prints 你好 to the user of the shell.", "en"),
        ("???", "en"),
    ],
)
def test_the_language_is_the_one_that_says_more(text, language):
    assert detect_language(text) == language
    assert Requirement.parse(text).language == language


def test_the_text_is_kept_word_for_word_but_stripped():
    assert Requirement.parse("  Add\n two  numbers \n", license="MIT") == Requirement(
        text="Add\n two  numbers", license="MIT"
    )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_requirement(text):
    with pytest.raises(ValidationError):
        Requirement(text=text)
