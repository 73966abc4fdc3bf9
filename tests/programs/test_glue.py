"""Commands of a program that are calls of methods."""

import types

import pytest

from swfactory.programs.argument_parser import parameters_of
from swfactory.programs.glue import glue
from swfactory.requirements.interfaces.outline import read_outline

HALL = (
    "A package hall/ with seats.py (dataclass Seat: row, price), db.py (SQLite storage) and hall.py (class Hall(path) "
    "with add_seat(seat), book(row, guest), give_up(row, guest), free(row), rows(guest), find(text)). main.py has the "
    "subcommands add ROW PRICE, book ROW GUEST, cancel ROW GUEST, free ROW (prints a number), rows GUEST (one row per "
    "line), find TEXT (lines `ROW: PRICE` sorted by price)."
)


def glued(text):
    outline = read_outline(text, "hall/hall.py")
    _, *methods = outline.classes["Hall"]
    return glue(text, parameters_of(text, "main.py"), methods, "hall")


def test_each_command_calls_its_method():
    found = glued(HALL)
    assert {command: "; ".join(known.body) for command, known in found.items()} == {
        "add": "hall.add_seat(Seat(row, price))",
        "book": "hall.book(row, guest)",
        "cancel": "hall.give_up(row, guest)",
        "free": "print(hall.free(row))",
        "rows": "for row in hall.rows(guest):;     print(row)",
        "find": "for seat in sorted(hall.find(text), key=lambda seat: seat.price):;"
        '     print(f"{seat.row}: {seat.price}")',
    }
    assert {known.method: known.answer for known in found.values() if known.answer} == {
        "free": "return a number",
        "find": "return a list of Seat",
    }


@pytest.mark.parametrize("shape", ['"ROW" at PRICE', "'ROW' at PRICE", """"ROW" isn't PRICE"""])
def test_a_line_may_have_quotes_in_it(shape, capsys):
    (_, line) = glued(HALL.replace("`ROW: PRICE`", f"`{shape}`"))["find"].body
    exec(line.strip(), {"seat": types.SimpleNamespace(row="A", price=3)})
    assert capsys.readouterr().out == shape.replace("ROW", "A").replace("PRICE", "3") + "\n"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("book", HALL.replace("book ROW GUEST", "book ROW GUEST (prints a receipt)")),
        ("free", HALL.replace("prints a number", "prints a number, or none")),
        ("find", HALL.replace("`ROW: PRICE`", "`ROW: GUEST`")),
        ("find", HALL.replace("sorted by price", "sorted by price in reverse")),
        ("cancel", HALL.replace("give_up(row, guest)", "give_up(guest)")),
        ("rows", HALL.replace("one row per", "one class per")),
        ("cancel", HALL.replace("cancel ROW GUEST", "cancel ROW GUEST, move ROW GUEST")),
    ],
    ids=["prints more", "says more", "no field", "another order", "takes less", "a keyword", "two of a kind"],
)
def test_what_is_more_than_a_call_is_left_to_a_model(command, text):
    assert command not in glued(text)
