"""Tables of units that answers of a model agree on."""

import pytest

from swfactory.programs.unit_table import agreed_table, table_source
from swfactory.requirements.conversions import Conversion

KNOWN = Conversion(("g", "kg", "lb"), 2, "kg", "g", 2000, 0)
IN_G = {"g": 1, "kg": 1000, "lb": 453.592}
IN_KG = {"g": 0.001, "kg": 1, "lb": 0.45359237}
SLIPPED = {"g": 0.0022, "kg": 2.2046, "lb": 10}
EMPTY = {"g": 0, "kg": 1, "lb": 0.4}


def test_the_table_that_another_one_agrees_with():
    assert agreed_table([SLIPPED, EMPTY, IN_G, IN_KG], KNOWN) == IN_G
    assert agreed_table([IN_KG, {}, IN_G], KNOWN) == IN_KG


@pytest.mark.parametrize(
    "tables",
    [[], [IN_G], [IN_G, SLIPPED, EMPTY], [IN_G, {"g": 1, "kg": 1000}], [dict.fromkeys(IN_G, 2.0)] * 2],
    ids=["none", "one alone", "no two alike", "a unit is missing", "no base"],
)
def test_what_nothing_speaks_for_is_no_table(tables):
    assert agreed_table(tables, KNOWN) == {}


def test_what_is_shown_must_come_out():
    wrong = {"g": 1, "kg": 100, "lb": 45}
    assert agreed_table([wrong, wrong], KNOWN) == {}
    degrees = Conversion(("C", "F", "K"), 100, "C", "F", 212, 0)
    assert agreed_table([{"C": 1, "F": 1.8, "K": 1}] * 2, degrees) == {}
    other_way = Conversion(("g", "kg", "lb"), 2000, "kg", "g", 2, 0)
    assert agreed_table([IN_G, IN_KG], other_way) == IN_G


def test_a_table_as_python():
    names = {}
    exec(table_source({'"': 0.001, "kg": 1}), names)
    assert names["FACTORS"] == {'"': 0.001, "kg": 1}
    assert table_source(IN_KG).startswith("# What 1 of each unit is in kg.\n")
