"""Conversions that a requirement shows."""

import pytest

from swfactory.requirements.conversions import Conversion, shown_conversion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "main.py converts weights: `python main.py 2 kg g` prints 2000.00. Units: g, kg, lb.",
            Conversion(("g", "kg", "lb"), 2, "kg", "g", 2000, 2),
        ),
        (
            "Write main.py to convert times. `python main.py --to s 1.5 h` prints `5400`. Units are s, min and h.",
            Conversion(("s", "min", "h"), 1.5, "s", "h", 5400, 0),
        ),
        (
            'weigh.py has convert(value, unit, to): convert(2, "kg", "g") gives 2000, for it converts g, kg and lb.',
            Conversion(("g", "kg", "lb"), 2, "kg", "g", 2000, 0),
        ),
        (
            "换算体积的程序 main.py：`python main.py 3 l ml` 打印 3000.0。单位：ml、l、gal。",
            Conversion(("ml", "l", "gal"), 3, "l", "ml", 3000, 1),
        ),
    ],
    ids=["a command", "another order", "a call", "Chinese"],
)
def test_a_conversion_that_is_shown(text, expected):
    assert shown_conversion(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "main.py converts weights. Units: g, kg, lb.",
        "main.py converts weights: `python main.py 2 kg g` prints 2000.",
        "main.py converts names: `python main.py kg g` prints 2. Names: g, kg, lb.",
        "main.py draws: `python main.py 2 red blue` prints 4. Colours: red, blue, green.",
        "main.py converts weights: `python main.py 2 kg kg` prints 2. Units: g, kg, lb.",
    ],
    ids=["none is shown", "no units", "no value", "no conversion", "to itself"],
)
def test_no_conversion(text):
    assert shown_conversion(text) is None
