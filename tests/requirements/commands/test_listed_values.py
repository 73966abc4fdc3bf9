"""Several values that a command is said to print."""

import pytest

from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.commands.listed_values import listed_values, on_lines_of_their_own


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (" 3.40 oc, 3.30 oc and 3.30 oc: when", ("3.40 oc", "3.30 oc", "3.30 oc")),
        (" `a: 1`, `b: x` and `total: 9`.", ("a: 1", "b: x", "total: 9")),
        (" 2t+01n 和 0t+01n。", ("2t+01n", "0t+01n")),
        (" 12 and exits with status 0", ()),
        (" `yes` or `no`", ()),
        (" 3.40", ()),
        (" weak, medium and strong", ()),
        (" 1, 2, Fizz, 4, Buzz", ()),
        (" 1, 2, ..., 5", ()),
        (" `a`, `b` or `c`", ()),
        (" `a`, `b` and so on", ()),
        (" 0, 1, 1 on one line", ("0", "1", "1")),
        (" 1, 2, and exits with status 0", ("1", "2")),
        (" `1`, `2` and `3`, separated by spaces", ("1", "2", "3")),
        (" `1`、`2` 和 `3`，按顺序排列", ("1", "2", "3")),
        (" 1, 2, sorted", ("1", "2")),
        (" `a` 和 `b`，以及别的", ()),
    ],
)
def test_a_list_of_values_is_read(said, values) -> None:
    assert listed_values(said) == values


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("prints each share, one per line", True),
        ("prints four lines", True),
        ("逐行打印", True),
        ("prints the shares", False),
        ("reads a file line by line", False),
        ("prints them on one line", False),
    ],
)
def test_lines_of_their_own_are_told(text, lines) -> None:
    assert on_lines_of_their_own(text) is lines


def test_values_on_lines_are_the_whole_output() -> None:
    (example,) = command_examples("It prints the shares, one per line: `python main.py 10 3` prints 3.4, 3.3 and 3.3.")
    assert example.steps[0].stdout == "3.4\n3.3\n3.3"


@pytest.mark.parametrize(
    "said", ["3.4, 3.3 and 3.2, separated by spaces", "3.4, 3.3 and 3.2 on one line", "3.4、3.3 和 3.2，用空格分隔"]
)
def test_values_that_stand_side_by_side_are_not_each_on_a_line(said) -> None:
    (example,) = command_examples(f"It reads one per line: `python main.py 10 3` prints {said}.")
    assert (example.steps[0].stdout, example.steps[0].stdout_contains) == (None, ("3.4", "3.3", "3.2"))


def test_values_of_which_nothing_else_is_known_are_in_the_output() -> None:
    (example,) = command_examples("`python main.py 10 3` prints 3.4, 3.3 and 3.2.")
    assert example.steps[0].stdout is None
    assert example.steps[0].stdout_contains == ("3.4", "3.3", "3.2")


def test_what_a_relative_clause_says_is_an_example() -> None:
    (example,) = command_examples("Dates are printed so, as in `python main.py 2025-03-05 3`, which prints 2025-03-08.")
    assert example.steps[0].stdout == "2025-03-08"
