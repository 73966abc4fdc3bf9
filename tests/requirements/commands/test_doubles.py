"""What must not be put in twice."""

from __future__ import annotations

import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.doubles import double_examples

NAMES = ("add", "rename", "list")


def made(sentence: str, *words: str) -> list[tuple[str, int | None, str]]:
    good = CommandExample(steps=(Step(argv=("python", "main.py", *words), stdout="added"),))
    examples = [*double_examples(sentence, [good], NAMES)]
    assert all(example.steps[0].argv == example.steps[1].argv for example in examples)
    assert all((example.steps[0].stdout, example.steps[0].exit_code) == (None, None) for example in examples)
    return [(" ".join(e.steps[1].argv[2:]), e.steps[1].exit_code, e.origin) for e in examples]


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        ("`python main.py add Ann` adds one (a name that is already there exits with status 1).", "stated"),
        (
            "`python main.py add Ann` adds one (a note is optional; one that is there already exits with status 1).",
            "stated",
        ),
        ("A name that already exists exits with status 1.", "derived"),
        ("Duplicate names exit with status 1 and a message on stderr.", "derived"),
        ("联系人已存在时以状态 1 退出。", "derived"),
    ],
)
def test_what_is_there_is_put_in_again(sentence: str, origin: str) -> None:
    assert made(sentence, "add", "Ann") == [("add Ann", 1, origin)]


@pytest.mark.parametrize(
    "sentence",
    [
        "`python main.py add Ann` adds one, `python main.py rename Ann Bo` renames it (a name that is already there "
        "exits with status 1).",
        "rename to a name that is already there exits with status 1.",
        "A name that is already there is replaced; an unknown one exits with status 1.",
        "A name that is already there exits with status 0.",
        "A name that is not there exits with status 1.",
    ],
)
def test_what_is_said_of_another_command_or_is_no_error_makes_nothing(sentence: str) -> None:
    assert made(sentence, "add", "Ann") == []


@pytest.mark.parametrize("words", [("list", "Ann"), ("add",), ("Ann",)])
def test_only_what_puts_something_in_is_repeated(words: tuple[str, ...]) -> None:
    assert made("A name that is already there exits with status 1.", *words) == []


def test_a_message_is_asked_for_where_one_is_said() -> None:
    good = CommandExample(steps=(Step(argv=("python", "main.py", "add", "Ann")),))
    sentence = "A name that is already there exits with status 1 and a message on stderr."
    (example,) = double_examples(sentence, [good], NAMES)
    assert example.steps[1].stderr_nonempty
