"""Programs that keep data."""

from __future__ import annotations

import pytest

from swfactory.requirements.quotations import command_examples
from swfactory.requirements.text.keeping import keeps_data

COMMANDS = (
    '`python main.py add "Buy milk"` prints `added 1`, `python main.py done 1` prints `done 1`, '
    "`python main.py stats` prints `open: 2, done: 1`."
)


def test_what_is_printed_of_stored_data_is_no_example_by_itself() -> None:
    kept = f"A to-do list stored in todo.json. {COMMANDS}"
    assert keeps_data(kept)
    assert [example.steps[0].argv[2] for example in command_examples(kept)] == ["add"]


@pytest.mark.parametrize(
    "said",
    [
        "class Deck(path) keeps cards in a JSON file.",
        "It keeps one line for each plant in plants.csv.",
        "It works on the file plants.csv in the current directory.",
        "数据放在当前目录的 plants.csv 里。",
        "A tracker of plants in plants.json: `python main.py add Fern` adds one.",
        "plants.json 里有植物：`python main.py add Fern` 添加一个。",
    ],
)
def test_data_in_a_file_of_its_own_is_kept(said: str) -> None:
    assert keeps_data(said)


@pytest.mark.parametrize(
    "said",
    [
        "`python main.py sum` prints the sum of the numbers in numbers.csv.",
        "`python main.py add 1 2` prints 3.",
        "`python main.py FILE` reads lines like those in a.txt.",
    ],
)
def test_a_file_that_nothing_is_put_into_keeps_nothing(said: str) -> None:
    assert not keeps_data(said)


def test_a_program_that_keeps_nothing_prints_what_it_is_shown_to() -> None:
    assert not keeps_data(COMMANDS)
    assert [example.steps[0].argv[2] for example in command_examples(COMMANDS)] == ["add", "done", "stats"]
