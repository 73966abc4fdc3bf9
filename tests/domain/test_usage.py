"""Commands that are shown without their program."""

from __future__ import annotations

import pytest

from swfactory.domain.requirement import Requirement
from swfactory.domain.usage import with_programs

USAGE = """\
A car park, main.py.

    usage: main.py open SPACES            (the car park has that many)
           main.py leave PLATE [--late]   prints the fee
           main.py inside
"""


def test_a_usage_text_becomes_a_list_of_commands() -> None:
    assert with_programs(USAGE).splitlines()[2:] == [
        "- `python main.py open SPACES` (the car park has that many)",
        "- `python main.py leave PLATE [--late]` prints the fee",
        "- `python main.py inside`",
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "main.py keeps names: `add NAME` adds one, `list` prints all.",
            "main.py keeps names: `python main.py add NAME` adds one, `python main.py list` prints all.",
        ),
        (
            "main.py: `add NAME` adds; `drop NAME` drops `name`.",
            "main.py: `python main.py add NAME` adds; `python main.py drop NAME` drops `name`.",
        ),
        ("main.py has `python main.py x`, `add NAME` and `drop NAME`.", None),
        ("lib.py has `add NAME` and `drop NAME`.", None),
        ("main.py knows `true`, `none` and `null`.", None),
        ("main.py prints lines like `total SUM`.", None),
    ],
)
def test_commands_get_their_program_where_none_is_whole(text: str, read: str | None) -> None:
    assert with_programs(text) == (read or text)
    assert Requirement.parse(text).text == (read or text)
