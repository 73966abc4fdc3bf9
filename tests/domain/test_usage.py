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
        (
            "A CLI, notes.py: `add NAME` adds one, `list` prints all.",
            "A CLI, notes.py: `python notes.py add NAME` adds one, `python notes.py list` prints all.",
        ),
        (
            "main.py: `add NAME` adds one, `drop NAME` drops one; where it is there, `add` prints `no`.",
            "main.py: `python main.py add NAME` adds one, `python main.py drop NAME` drops one;"
            " where it is there, `add` prints `no`.",
        ),
        (
            "main.py: `add NAME` prints `added NAME`, `drop NAME` drops one.",
            "main.py: `python main.py add NAME` prints `added NAME`, `python main.py drop NAME` drops one.",
        ),
        ("A CLI, notes.py, and a module db.py: `add NAME` adds, `drop NAME` drops.", None),
        ("main.py has `python main.py x`, `add NAME` and `drop NAME`.", None),
        ("lib.py has `add NAME` and `drop NAME`.", None),
        ("vm.py is a program with the instructions `push NUMBER` and `jump LABEL`.", None),
        ("main.py reads commands from standard input: `add NAME` and `drop NAME`.", None),
        ("main.py knows `true`, `none` and `null`.", None),
        ("main.py prints lines like `total SUM`.", None),
    ],
)
def test_commands_get_their_program_where_none_is_whole(text: str, read: str | None) -> None:
    assert with_programs(text) == (read or text)
    assert Requirement.parse(text).text == (read or text)


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            "| Command | Output |\n|---|---|\n| `python d.py add 1` | `2` |\n| `python d.py day` | `Wed` |\n",
            "- `python d.py add 1` prints `2`\n- `python d.py day` prints `Wed`\n",
        ),
        (
            "| Subcommand | What it does |\n|:--|---|\n| `add NAME` | adds one |\n| `list` | prints all |",
            "- `python d.py add NAME`: adds one\n- `python d.py list`: prints all",
        ),
        ("| Key | Meaning |\n|---|---|\n| `name` | of the user |\n| `size NUMBER` | in bytes |\n", None),
        ("| Option | Meaning |\n|---|---|\n| `-n N` | only so many |\n", None),
        ("| Command | Alias | Meaning |\n|---|---|---|\n| `add NAME` | `a` | adds |\n| `list` | `l` | lists |\n", None),
    ],
)
def test_a_table_of_commands_becomes_a_list(table: str, read: str | None) -> None:
    text = "The program is d.py.\n\n"
    assert with_programs(text + table).removeprefix(text).strip() == (read or table).strip()


def test_commands_and_signatures_in_headings_become_lists() -> None:
    text = (
        "The program is notes.py.\n\n### `add TEXT`\nAdds a note and prints `saved`.\nIt is kept.\n\n### `list`\n\n"
        "Prints all.\n\n## `Box(size)`\nHolds things.\n\n## `notes.json`\nHolds all.\n"
    )
    assert with_programs(text).split("\n\n", 1)[1].splitlines() == [
        "- `python notes.py add TEXT`: adds a note and prints `saved`. It is kept.",
        "",
        "- `python notes.py list`: prints all.",
        "",
        "- `Box(size)`: holds things.",
        "",
        "## `notes.json`",
        "Holds all.",
    ]


def test_a_table_in_a_block_of_code_is_an_example() -> None:
    table = "| Command | Output |\n|---|---|\n| `python d.py add 1` | `2` |\n"
    text = f"The program is d.py. It reads:\n\n```\n{table}```\n"
    assert with_programs(text) == text
