"""Words that stand for others, told from those that are meant as they are."""

import pytest

from swfactory.requirements.commands.placeholders import has_placeholder, placeholder_name


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["FILE"], "", True),
        (["<name>", "3"], "", False),
        (["[FILE...]"], "", True),
        (["PASSWORD"], "a password is strong", True),
        (["PASSWORD"], "a secret is strong", False),
        (["abc", "3"], "", False),
        (["0", "K", "C"], "from K to C", False),
        (["N", "M"], "", True),
        (["roll", "2d6", "--seed", "N"], "", True),
        (["-5", "K"], "", False),
        (["KG", "METRES"], "", True),
        (["KG", "METRES", "--metric"], "", True),
        (["EUR", "USD"], "", False),
        ([], "", False),
        (["日期"], "", True),
        (["IN.csv", "OUT.slate"], "", True),
        (["README.md"], "", False),
        (["WORDFILE", "cat"], "", True),
        (["PROFILE"], "", True),
        (["千克..."], "", True),
        (["张三"], "", False),
    ],
)
def test_placeholders_are_told_from_values(words, text, expected):
    assert has_placeholder(words, text) is expected


@pytest.mark.parametrize(
    ("word", "beside", "name"),
    [
        ("FILE", [], "file"),
        ("<user-name>", ["3"], "user_name"),
        ("[TEXT...]", [], "text"),
        ("FROM", ["VALUE", "FROM", "TO"], "from_"),
        ("KILOGRAMS", ["DESTINATION", "KILOGRAMS"], "kilograms"),
        ("KG", ["KG", "METRES"], "kg"),
        ("MCMXCIV", ["MCMXCIV"], ""),
        ("千克...", [], "kilograms"),
        ("IN.csv", [], "source"),
        ("OUT.slate", [], "target"),
        ("DATA.json", [], "data"),
        ("LOG_FILE", ["LOG_FILE", "3"], "log_file"),
        ("张三", [], ""),
        ("EUR", ["EUR", "USD"], ""),
        ("EUR", ["10", "EUR", "USD"], ""),
        ("AAPL", ["AAPL"], ""),
        ("...", [], ""),
        ("chess", ["chess"], ""),
    ],
)
def test_an_argument_is_called_what_its_placeholder_says(word, beside, name):
    assert placeholder_name(word, beside) == name
