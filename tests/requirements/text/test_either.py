"""Of two answers a program gives one."""

import re

import pytest

from swfactory.requirements.commands.shapes import output_shapes, pattern_of
from swfactory.requirements.text.either import either_of, either_pattern


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        (" prints valid or invalid, and more", "valid or invalid"),
        (' prints "yes" or "no" accordingly.', "yes or no"),
        (" prints either true or false", "true or false"),
        (" prints `win` or `draw` for each game", "win or draw"),
        ("打印“是”或“否”。", "是 or 否"),
        (" prints one or more lines.", ""),
        (" prints the sum or an error.", ""),
        (" prints names or numbers that were given.", ""),
        (" prints 3 or 4.", ""),
        (' prints "not found" or "found".', ""),
        (" exits with 0 or 1.", ""),
    ],
)
def test_two_words_are_the_answers(said, shape):
    assert either_of(said) == shape


def test_a_line_is_one_of_the_two():
    pattern = pattern_of("valid or invalid")
    assert [bool(re.fullmatch(pattern, line)) for line in ("valid", "invalid", "Valid", "valid or invalid")] == [
        *(True, True, False, False)
    ]
    assert either_pattern("food: 12.50") == either_pattern("a or b or c") == ""


def test_it_is_the_shape_of_a_command():
    text = 'main.py: `python main.py check "4 1"` prints valid or invalid, and `python main.py digit 7` prints 3.'
    assert output_shapes(text) == {"check": "valid or invalid"}
