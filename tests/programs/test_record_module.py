"""A module of nothing but records."""

import pytest

from swfactory.programs.record_module import record_module


def test_a_dataclass_with_its_fields():
    source = record_module("hall/ with seats.py (dataclass Seat: row, price) and hall.py.", "hall/seats.py")
    names = {"__name__": "seats"}
    exec(source, names)
    seat = names["Seat"]("A", 9.5)
    assert (seat.row, seat.price) == ("A", 9.5)
    assert seat == names["Seat"]("A", 9.5)


@pytest.mark.parametrize(
    "text",
    [
        "seats.py has a dataclass Seat: row, price. seats.py also reads seats from a file.",
        "seats.py (dataclass Seat: row, price; load(path) reads them).",
        "seats.py sells seats.",
        "hall.py has a dataclass Seat: row, price.",
    ],
)
def test_a_model_writes_what_is_more_than_that(text):
    assert record_module(text, "seats.py") == ""
