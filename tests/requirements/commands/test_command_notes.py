"""What is said of each command."""

import pytest

from swfactory.requirements.commands.command_notes import command_notes


@pytest.mark.parametrize(
    "said",
    ["联系人不存在时打印“未找到”并以状态 1 退出", "For an unknown name it prints `not found` and exits with status 1"],
)
def test_what_does_not_exist_is_said_of_the_commands_that_need_it(said):
    text = f"`python main.py add NAME` keeps. `python main.py delete NAME` forgets. {said}."
    notes = command_notes(text, ["add", "delete"])
    assert notes == {"add": ["add NAME: keeps"], "delete": ["delete NAME: forgets", said]}


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            "`python main.py on` and `python main.py off` switch it.",
            {"on": ["on: switch it"], "off": ["off: switch it"]},
        ),
        (
            "`python main.py on` switches, `python main.py off` too. More.",
            {"on": ["on: switches"], "off": ["off: too"]},
        ),
        (
            "The subcommands on NAME (prints `x; y`), off NAME and all. `python main.py on` is one.",
            {"on": ["on NAME: prints `x; y`", "on: is one"], "off": ["off NAME: and all"]},
        ),
        ("`python main.py on` 打印 1；`python main.py off` 打印 2。", {"on": ["on: 打印 1"], "off": ["off: 打印 2"]}),
    ],
    ids=["shared", "each", "a list", "Chinese"],
)
def test_what_is_said_of_a_command_comes_right_after_it(text, notes):
    assert command_notes(text, ["on", "off"]) == notes


def test_asides_stand_apart_and_go_with_the_form():
    text = (
        "`python main.py list` prints lines like `1: tea (hot; cold)` (sorted; without a bracket when there is none), "
        "`python main.py find WORD` prints those with WORD in the same form."
    )
    form = ["`1: tea (hot; cold)`", "sorted", "without a bracket when there is none"]
    assert command_notes(text, ["list", "find"]) == {
        "list": [f"list: prints lines like {form[0]}", *form[1:]],
        "find": ["find WORD: prints those with WORD in the same form", *form],
    }


def test_options_are_ways_of_calling_a_program_without_subcommands():
    text = "`python main.py FILE` prints all. `--top 3` prints three."
    assert command_notes(text, [""]) == {"": ["FILE: prints all", "--top 3: prints three"]}


def test_an_option_of_all_subcommands_is_told_with_each() -> None:
    text = (
        "`python main.py top` prints names. `python main.py list` prints all. `--since 2024` on any of them skips old."
    )
    notes = command_notes(text, ["top", "list"])
    assert notes["top"] == ["top: prints names", "--since 2024: on any of them skips old"]
    assert notes["list"][-1] == "--since 2024: on any of them skips old"


def test_what_a_program_prints_in_a_special_case() -> None:
    text = (
        'main.py: `python main.py FILE` prints the words. An empty file prints "no words". A missing one exits with 2.'
    )
    assert command_notes(text, [""]) == {"": ["FILE: prints the words", 'An empty file prints "no words"']}
    assert command_notes('Nothing is shown. A bad word prints "no".', [""]) == {}


def test_a_statement_after_a_semicolon_belongs_to_the_call_before_it():
    text = "`python main.py add X` adds; adding a name twice fails.\n\n`python main.py show X` shows; all is shown."
    assert command_notes(text, ["add", "show"]) == {
        "add": ["add X: adds", "adding a name twice fails"],
        "show": ["show X: shows", "all is shown"],
    }


def test_what_is_said_of_one_is_not_said_of_a_list():
    text = "`python main.py add x`, `python main.py low` prints names. `python main.py a` and `python main.py b` print."
    assert command_notes(text, ["add", "low", "a", "b"]) == {
        "low": ["low: prints names"],
        "a": ["a: print"],
        "b": ["b: print"],
    }


def test_a_program_may_be_described_before_it_is_called():
    text = "main.py reads numbers and prints their sum: `python main.py FILE`. kit.py offers add(a)."
    assert command_notes(text, [""])[""] == ["reads numbers and prints their sum"]


def test_what_is_said_of_lines_holds_for_every_command_that_reads_a_file():
    text = (
        "`python main.py sum FILE` adds, `python main.py top data.csv 3` sorts, `python main.py help` helps. "
        "Each line has a name and a number. Empty lines are ignored. A bad line exits with status 1."
    )
    notes = command_notes(text, ["sum", "top", "help"])
    told = ["Each line has a name and a number", "Empty lines are ignored"]
    assert notes == {"sum": ["sum FILE: adds", *told], "top": ["top data.csv 3: sorts", *told], "help": ["help: helps"]}


def test_an_item_without_a_full_stop_ends_with_its_line() -> None:
    items = "- `python m.py add NAME`: adds one, prints `added NAME`\n- `python m.py drop NAME` - drops it"
    text = f"Commands:\n\n{items}\n\nEnd."
    assert command_notes(text, ["add", "drop"]) == {
        "add": ["add NAME: adds one, prints `added NAME`"],
        "drop": ["drop NAME: drops it"],
    }


def test_what_is_not_there_is_an_error_to_be_raised() -> None:
    text = "`python m.py add NAME` adds, `python m.py remove NAME` drops. An unknown name exits with status 1."
    assert command_notes(text, ["add", "remove"])["remove"] == [
        "remove NAME: drops",
        "An unknown name exits with status 1 (raise LookupError)",
    ]
