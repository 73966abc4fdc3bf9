"""How people type a requirement."""

import pytest

from swfactory.domain.markup import with_back_quotes
from swfactory.domain.requirement import Requirement


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("For example, python fact.py 5 prints 120.", "For example, `python fact.py 5` prints 120."),
        ("python3 a/b.py 'x y' --up -> X", "`python3 a/b.py 'x y' --up` -> X"),
        ("python x.py 1 prints 2 and python x.py 2 prints 4", "`python x.py 1` prints 2 and `python x.py 2` prints 4"),
        ("运行 python x.py 1 打印 2。", "运行 `python x.py 1` 打印 2。"),
        ("`python x.py 1` prints 2", "`python x.py 1` prints 2"),
        ("Run python x.py to start. It prints a menu.", "Run python x.py to start. It prints a menu."),
        ("$ python x.py 1 prints", "$ python x.py 1 prints"),
        ("```\npython x.py 1 prints\n```", "```\npython x.py 1 prints\n```"),
        ("Write x.py, which prints 3.", "Write x.py, which prints 3."),
    ],
)
def test_commands_of_running_text_come_into_back_quotes(text: str, marked: str) -> None:
    assert with_back_quotes(text) == marked
    assert Requirement.parse(text).text == marked.strip()
