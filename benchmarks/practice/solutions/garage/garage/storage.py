"""The cars, in a SQLite file."""

import sqlite3
from contextlib import closing

from .models import Car


class Storage:
    def __init__(self, path):
        self._path = path
        self._run("CREATE TABLE IF NOT EXISTS cars (plate TEXT PRIMARY KEY, kind TEXT, entered REAL)")

    def _run(self, statement, values=()):
        with closing(sqlite3.connect(self._path)) as db, db:
            return db.execute(statement, values).fetchall()

    def add(self, car, entered):
        self._run("INSERT INTO cars VALUES (?, ?, ?)", (car.plate, car.kind, entered))

    def entered(self, plate):
        rows = self._run("SELECT entered FROM cars WHERE plate = ?", (plate,))
        return rows[0][0] if rows else None

    def remove(self, plate):
        self._run("DELETE FROM cars WHERE plate = ?", (plate,))

    def cars(self):
        return [Car(*row) for row in self._run("SELECT plate, kind FROM cars ORDER BY plate")]
