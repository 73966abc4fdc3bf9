"""SQLite storage of items and movements."""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS items (sku TEXT PRIMARY KEY, name TEXT NOT NULL, minimum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS movements (
    id INTEGER PRIMARY KEY, sku TEXT NOT NULL REFERENCES items, quantity INTEGER NOT NULL, price REAL);
"""


class Store:
    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(SCHEMA)

    def add_item(self, sku: str, name: str, minimum: int) -> None:
        with self._db:
            self._db.execute("INSERT INTO items VALUES (?, ?, ?)", (sku, name, minimum))

    def items(self) -> dict[str, tuple[str, int]]:
        rows = self._db.execute("SELECT sku, name, minimum FROM items ORDER BY sku")
        return {sku: (name, minimum) for sku, name, minimum in rows}

    def move(self, sku: str, quantity: int, price: float | None) -> None:
        with self._db:
            self._db.execute("INSERT INTO movements (sku, quantity, price) VALUES (?, ?, ?)", (sku, quantity, price))

    def movements(self, sku: str) -> list[tuple[int, float | None]]:
        return list(self._db.execute("SELECT quantity, price FROM movements WHERE sku = ? ORDER BY id", (sku,)))
