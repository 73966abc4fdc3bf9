"""The literal commands of a requirement as one session."""

import pytest

from swfactory.requirements.commands.command_walks import command_walk


def test_a_walk_through_the_commands_of_a_requirement():
    text = (
        "`python main.py add 1 tea` saves. `python main.py list` prints all, `python main.py list --hot` some, "
        "`python main.py list` again. `python main.py find WORD` searches, `python main.py read a.txt` loads, "
        "`python main.py drop x` exits with status 1."
    )
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [" ".join(step.argv[2:]) for step in walk.steps] == ["add 1 tea", "list", "list --hot", "find tea"]
    assert [step.exit_code for step in walk.steps] == [0, 0, 0, 0]
    assert command_walk("`python main.py 5` prints `five`.", "main.py") is None
    assert command_walk(text, "other.py") is None


def test_a_search_for_a_word_in_chinese():
    text = "`python main.py add tea` 保存，`python main.py find 词` 查找，`python main.py list` 列出。"
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [" ".join(step.argv[2:]) for step in walk.steps] == ["add tea", "find tea", "list"]


def test_a_search_in_any_case_is_tried_in_another_one():
    text = "`python main.py add tea` saves, `python main.py find WORD` searches in any case."
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert walk.steps[-1].argv[2:] == ("find", "Tea")


def test_a_command_that_speaks_of_what_was_shown_before_succeeds():
    text = (
        "`python main.py add tea` prints `item 7`, `python main.py move tea box` moves, `python main.py list` lists, "
        "`python main.py drop 7` drops, `python main.py drop 8` too."
    )
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [step.exit_code for step in walk.steps] == [0, None, 0, 0, None]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("`python todo.py add milk` adds, `python todo.py list` lists, `python todo.py remove 1` removes.", "stated"),
        (
            "`python todo.py add milk` adds, `python todo.py remove 1` removes, `python todo.py done 1` marks.",
            "derived",
        ),
        ("`python todo.py done 1` marks, `python todo.py add milk` adds.", "derived"),
        ("`python todo.py add milk` adds.", "derived"),
    ],
)
def test_a_walk_whose_commands_find_what_they_are_about_is_stated(text, origin) -> None:
    walk = command_walk(text, "todo.py")
    assert walk is not None
    assert walk.origin == origin


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("prints an error and exits with a non-zero status", [0]),
        ("ends with error code 2", [0]),
        ("fails with a message", [0]),
        ("以非零状态退出", [0]),
        ("exits with status 1 if a shelf is full", [0, None]),
        ("shows the error rate", [0, 0]),
    ],
)
def test_a_command_that_fails_is_not_walked_through(said: str, codes: list[int | None]) -> None:
    walk = command_walk(f"`python stock.py add 5 tins` adds. `python stock.py check` {said}.", "stock.py")
    assert walk is not None
    assert [step.exit_code for step in walk.steps] == codes


@pytest.mark.parametrize(
    ("commands", "walk"),
    [
        (
            "`python main.py start PROJECT 09:00` begins a project, `python main.py stop 10:30` ends it.",
            ["start project1 09:00", "stop 10:30"],
        ),
        ("`python main.py add NAME PRICE` adds, `python main.py list` lists.", ["add name1 2", "list"]),
        ("`python main.py load FILE` loads, `python main.py list` lists.", ["list"]),
        ("`python main.py add NAME...` saves, `python main.py list` lists.", ["list"]),
        ("`python main.py add 'NAME` saves, `python main.py list` lists.", ["list"]),
        ("`python main.py list` lists, `python main.py add NAME PRICE` saves.", ["list"]),
    ],
    ids=["mixed", "placeholders", "a file", "several", "no command", "not first"],
)
def test_what_the_others_are_about_is_put_in_first(commands, walk) -> None:
    found = command_walk(f"It is kept in a database. {commands}", "main.py")
    assert found is not None
    assert ([" ".join(step.argv[2:]) for step in found.steps], found.origin) == (walk, "derived")


def test_where_nothing_is_kept_nothing_has_to_be_put_in() -> None:
    found = command_walk("`python main.py add NAME PRICE` adds, `python main.py list` lists.", "main.py")
    assert found is not None
    assert [step.argv[2:] for step in found.steps] == [("list",)]
