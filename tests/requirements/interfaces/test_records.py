"""Records that a requirement describes by their fields."""

import pytest

from swfactory.requirements.interfaces.outline import home_of, offered, records_in
from swfactory.requirements.interfaces.records import field_type, records_of


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("models.py (dataclass Seat: row, price).", {"row": "str", "price": "float"}),
        ("a dataclass Seat(row: int, free: bool)", {"row": "int", "free": "bool"}),
        ("a dataclass `Seat` with the fields row, number and guest_name.", {"row": "str", "guest_name": "str"}),
        ("model.py 中有 dataclass Seat：row、count。", {"row": "str", "count": "int"}),
    ],
)
def test_the_fields_of_a_record(text, fields):
    (record,) = records_of(text)
    assert record.name == "Seat"
    assert fields.items() <= record.fields.items()
    assert record.key == "row"


@pytest.mark.parametrize("text", ["Use dataclasses.", "a class Seat with row and price", "A dataclass for seats."])
def test_no_record(text):
    assert records_of(text) == ()


def test_a_field_says_by_its_name_what_it_holds():
    assert [field_type(name) for name in ("title", "copies", "price", "max_size")] == ["str", "int", "float", "int"]


def test_the_module_that_has_it():
    text = "A package hall/ with seats.py (dataclass Seat: row, price) and hall.py (class Hall() with book(seat))."
    (record,) = records_of(text)
    assert home_of(text, record) == "hall.seats"
    assert records_in(text, "hall/seats.py") == (record,)
    assert records_in(text, "hall/hall.py") == ()
    assert offered(text, "hall/seats.py") == ("Seat",)
    assert offered(text, "hall/hall.py") == ("Hall",)


def test_several_records_may_follow_one_word():
    points, lines = records_of("geo.py (dataclasses Point: x, y and Line: start, length)")
    assert (points.name, [*points.fields], lines.name, [*lines.fields]) == (
        "Point",
        ["x", "y"],
        "Line",
        ["start", "length"],
    )
