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
    ],
)
def test_data_in_a_file_of_its_own_is_kept(said: str) -> None:
    assert keeps_data(said)


def test_a_program_that_keeps_nothing_prints_what_it_is_shown_to() -> None:
    assert not keeps_data(COMMANDS)
    assert [example.steps[0].argv[2] for example in command_examples(COMMANDS)] == ["add", "done", "stats"]
