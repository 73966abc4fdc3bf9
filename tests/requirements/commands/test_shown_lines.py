"""Lines that say what a program was called with."""

import pytest

from swfactory.requirements.commands.shown_lines import shown_line_examples

SHOWN = "`python main.py REF...` prints one line for each: `A/1: sound` when it is valid, `A/2: broken` when not."


def test_lines_that_begin_with_an_argument_are_what_a_call_prints():
    (example,) = shown_line_examples(SHOWN, "main.py")
    (step,) = example.steps
    assert step.argv == ("python", "main.py", "A/1", "A/2")
    assert (step.stdout, step.exit_code, example.origin) == ("A/1: sound\nA/2: broken", None, "stated")


@pytest.mark.parametrize(
    "text",
    [
        SHOWN.replace("REF...", "REF"),
        SHOWN.replace("one line for each", "what it found"),
        SHOWN.replace("A/1", "a.txt"),
        SHOWN.replace("A/2", "A/1"),
        SHOWN.replace("A/1", "NAME"),
        SHOWN.replace("main.py", "other.py"),
        "It prints one line for each: `A/1: sound`.",
        "`python main.py REF...` prints one line for each, as `python main.py 3` does.",
    ],
)
def test_what_shows_no_argument_is_no_example(text):
    assert shown_line_examples(text, "main.py") == ()


def test_chinese():
    (example,) = shown_line_examples("`python main.py 编号...` 每个编号打印一行，例如 `A/1: 有效`。", "main.py")
    assert example.steps[0].stdout == "A/1: 有效"


@pytest.mark.parametrize(
    "rule",
    ["The exit status is 1 when at least one of them is broken, else 0.", "Exits with status 1 if any line is broken."],
)
def test_one_line_may_settle_the_status(rule):
    every, good = shown_line_examples(f"{SHOWN} {rule}", "main.py")
    assert (every.steps[0].exit_code, every.steps[0].argv[2:]) == (1, ("A/1", "A/2"))
    assert (good.steps[0].exit_code, good.steps[0].argv[2:], good.steps[0].stdout) == (0, ("A/1",), "A/1: sound")


def test_a_status_in_chinese():
    text = "`python main.py 编号...` 每个编号打印一行：`A/1: 有效` 或 `A/2: 无效`。只要有一个 无效 ，退出状态为 2。"
    every, good = shown_line_examples(text, "main.py")
    assert (every.steps[0].exit_code, good.steps[0].exit_code) == (2, 0)


def test_a_status_that_has_another_cause_says_nothing_of_the_lines():
    (example,) = shown_line_examples(f"{SHOWN} The exit status is 1 if any file is missing.", "main.py")
    assert example.steps[0].exit_code is None
