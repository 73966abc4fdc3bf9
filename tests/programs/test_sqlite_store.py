"""The module that keeps data in an SQLite database."""

import sqlite3

import pytest

from swfactory.programs.sqlite_store import agreed_tables, sqlite_interface, sqlite_module, sqlite_path

HALL = (
    "A package hall/ with seats.py (dataclass Seat: number, price), db.py (SQLite storage in hall.db) and hall.py "
    "(class Hall(path) with add(seat), book(number, guest))."
)
SEATS = {"Seats": ("number", "price")}
BOOKED = {"bookings": ("seat_number", "guest")}


@pytest.mark.parametrize(
    ("text", "named", "path"),
    [
        (HALL, ("hall/seats.py", "hall/db.py", "hall/hall.py"), "hall/db.py"),
        ("Notes kept in SQLite.", ("main.py",), "storage.py"),
        ("Notes in SQLite, store.py (class Store(path) with add(note)).", ("store.py",), ""),
        ("Notes in SQLite, store.py with put and get.", ("store.py",), ""),
        ("Notes in SQLite, notes.py.", ("notes.py",), ""),
        ("Notes in a database, db.py.", ("db.py",), ""),
    ],
)
def test_where_it_goes(text, named, path):
    assert sqlite_path(text, named) == path


def test_what_two_answers_agree_on():
    answers = [
        SEATS | BOOKED,
        SEATS | {"booking": ("id", "number", "guest_name", "booked_at")},
        SEATS | {"guests": ("guest", "price", "number")},
        {},
    ]
    assert agreed_tables(answers, HALL) == {"seats": ("number", "price"), "bookings": ("number", "guest")}


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [SEATS | BOOKED],
        [SEATS | BOOKED, SEATS | {"bookings": ("guest", "price")}],
    ],
)
def test_without_agreement_there_are_none(answers):
    assert agreed_tables(answers, HALL) == {}


def test_names_that_sqlite_reserves_make_no_tables():
    text = "Keep notes, each with a group and an order, in SQLite."
    assert agreed_tables([{"notes": ("group", "order")}] * 2, text) == {}


def test_without_records_the_answers_are_all_there_is():
    text = "Keep notes, each with a title and a text, in SQLite."
    assert agreed_tables([{"notes": ("title", "text")}] * 2, text) == {"notes": ("title", "text")}
    assert agreed_tables([{"notes": ("body",)}, {}], text) == {}


@pytest.fixture
def connect(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(sqlite_module(HALL, agreed_tables([SEATS | BOOKED] * 2, HALL)), names)
    return names["connect"]


def test_every_change_is_kept_and_rows_have_names(connect, tmp_path):
    connect().execute("INSERT INTO seats (number, price) VALUES (?, ?)", (1, 9.5))
    (row,) = connect(tmp_path / "hall.db").execute("SELECT * FROM seats").fetchall()
    assert (row["number"], row[1]) == (1, 9.5)
    assert connect("other.db").execute("SELECT * FROM bookings").fetchall() == []


def test_a_record_comes_once(connect):
    connection = connect()
    connection.execute("INSERT INTO seats VALUES (1, 9.5)")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO seats VALUES (1, 8.0)")


def test_a_model_sees_the_tables_and_not_how_they_are_made():
    shown = sqlite_interface(HALL, {"seats": ("number", "price"), "notes": ("id", "text")})
    assert "seats (number INTEGER PRIMARY KEY, price REAL)" in shown
    assert "notes (id INTEGER PRIMARY KEY, text TEXT)" in shown
    assert 'def connect(path="hall.db")' in shown
    assert "executescript" not in shown
