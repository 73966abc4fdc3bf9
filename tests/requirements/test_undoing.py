"""Methods that undo what others do."""

import sys
import types
import unittest.mock

from swfactory.requirements.undoing import undoing_examples

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


def failures(product, folder):
    failed = []
    row = types.SimpleNamespace(Row=lambda name, seats: types.SimpleNamespace(name=name, seats=seats))
    modules = {"hall": types.ModuleType("hall"), "hall.hall": types.SimpleNamespace(Hall=product), "hall.seats": row}
    with unittest.mock.patch.dict(sys.modules, modules):
        for example in undoing_examples(TEXT, "hall/hall.py"):
            assert example.origin == "stated"
            try:
                exec(example.code, {"tmp_path": folder})
            except (AssertionError, LookupError):
                failed.append("; ".join(example.code.splitlines()[-2:]))
    return failed


def test_afterwards_everything_is_as_it_was(tmp_path):
    assert len(undoing_examples(TEXT, "hall/hall.py")) == 3
    assert failures(Hall, tmp_path) == []
    assert failures(Forgetful, tmp_path) == ["subject.cancel('c', 'c'); assert subject.left('c') == before"]
    assert failures(SoldOut, tmp_path) == ["subject.book('a', 'a'); subject.left('a')"]


def test_without_a_pair_there_are_none():
    assert undoing_examples(TEXT.replace("what is not booked", "twice"), "hall/hall.py") == ()
    assert undoing_examples(TEXT.replace("cancel(name, guest)", "cancel(name)"), "hall/hall.py") == ()
