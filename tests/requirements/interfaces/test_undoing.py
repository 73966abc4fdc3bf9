"""Methods that undo what others do."""

import sys
import types
import unittest.mock

from swfactory.requirements.interfaces.undoing import undoing_examples

TEXT = (
    "A package hall/ with seats.py (dataclass Row: name, seats) and hall.py (class Hall(path), SQLite storage, with "
    "add_row(row), book(name, guest), cancel(name, guest), left(name), find(text)). Cancelling what is not booked "
    "raises ValueError."
)


class Hall:
    """What the text asks for."""

    def __init__(self, path):
        self.rows, self.booked = {}, []

    def add_row(self, row):
        self.rows[row.name] = row.seats

    def book(self, name, guest):
        self.booked.append((name, guest))

    def cancel(self, name, guest):
        self.booked.remove((name, guest))

    def left(self, name):
        return self.rows[name] - sum(name == booked for booked, _ in self.booked)


class Forgetful(Hall):
    """One that frees no seat."""

    def cancel(self, name, guest):
        assert (name, guest) in self.booked


class SoldOut(Hall):
    """One that does not know what is taken."""

    def left(self, name):
        if not super().left(name):
            raise KeyError(name)
        return super().left(name)


class OneGuest(Hall):
    """One that seats a single guest a row."""

    def book(self, name, guest):
        if any(name == booked for booked, _ in self.booked):
            raise ValueError(name)
        super().book(name, guest)


class Careless(Hall):
    """One that counts no guest."""

    def left(self, name):
        return self.rows[name]


class Vague(Hall):
    """One that says whether there is a seat, not how many."""

    def left(self, name):
        return super().left(name) > 0


def failures(product, folder, text=TEXT):
    failed = []
    row = types.SimpleNamespace(Row=lambda name, seats: types.SimpleNamespace(name=name, seats=seats))
    modules = {"hall": types.ModuleType("hall"), "hall.hall": types.SimpleNamespace(Hall=product), "hall.seats": row}
    with unittest.mock.patch.dict(sys.modules, modules):
        for example in undoing_examples(text, "hall/hall.py"):
            assert example.origin == "stated"
            try:
                exec(example.code, {"tmp_path": folder})
            except (AssertionError, LookupError, ValueError):
                failed.append("; ".join(example.code.splitlines()[-2:]))
    return failed


def test_afterwards_everything_is_as_it_was(tmp_path):
    assert len(undoing_examples(TEXT, "hall/hall.py")) == 3
    assert failures(Hall, tmp_path) == []
    assert failures(Forgetful, tmp_path) == ["subject.cancel('c', 'c'); assert subject.left('c') == before"]
    assert failures(SoldOut, tmp_path) == ["subject.book('a', 'a'); subject.left('a')"]


def test_what_is_there_several_times_can_be_had_by_several(tmp_path):
    counted = f"{TEXT} Booking when no seat is left raises ValueError."
    fewer = "subject.book('c', 'a'); assert isinstance(before, bool) or subject.left('c') == before - 2"
    assert len(undoing_examples(counted, "hall/hall.py")) == 5
    assert failures(Hall, tmp_path, counted) == failures(Vague, tmp_path, counted) == []
    assert failures(OneGuest, tmp_path, counted) == ["subject.book('c', 'c'); subject.book('c', 'a')", fewer]
    assert failures(Careless, tmp_path, counted) == [fewer]


def test_what_one_has_is_shown_in_order(tmp_path):
    text = TEXT.replace("find(text)", "held(guest) returning names sorted")
    (shown,) = (example.code for example in undoing_examples(text, "hall/hall.py") if "list(" in example.code)
    assert shown.splitlines()[-1] == "assert list(subject.held('a')) == ['a', 'b', 'c', 'd']"
    unsorted = {"held": lambda self, guest: [name for name, booked in self.booked if booked == guest]}
    in_order = {"held": lambda self, guest: sorted(name for name, booked in self.booked if booked == guest)}
    assert failures(type("InOrder", (Hall,), in_order), tmp_path, text) == []
    (failed,) = failures(type("Unsorted", (Hall,), unsorted), tmp_path, text)
    assert failed.endswith(shown.splitlines()[-1])


def test_without_a_pair_there_are_none():
    assert undoing_examples(TEXT.replace("what is not booked", "twice"), "hall/hall.py") == ()
    assert undoing_examples(TEXT.replace("cancel(name, guest)", "cancel(name)"), "hall/hall.py") == ()
