"""Products and orders in SQLite."""

import sqlite3

from shop.models import Line, Product


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.executescript(
            "CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, name TEXT, price INTEGER);"
            "CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT);"
            "CREATE TABLE IF NOT EXISTS lines (number INTEGER, sku TEXT, quantity INTEGER);"
        )

    def add_product(self, product):
        with self.db:
            self.db.execute(
                "INSERT OR REPLACE INTO products VALUES (?, ?, ?)", (product.sku, product.name, product.price)
            )

    def product(self, sku):
        row = self.db.execute("SELECT * FROM products WHERE sku = ?", (sku,)).fetchone()
        if row is None:
            raise KeyError(sku)
        return Product(*row)

    def place(self, cart):
        lines = cart.lines()
        if not lines:
            raise ValueError("the cart is empty")
        for line in lines:
            self.product(line.sku)
        with self.db:
            number = self.db.execute("INSERT INTO orders DEFAULT VALUES").lastrowid
            self.db.executemany(
                "INSERT INTO lines VALUES (?, ?, ?)", [(number, line.sku, line.quantity) for line in lines]
            )
        return number

    def order(self, number):
        rows = self.db.execute("SELECT sku, quantity FROM lines WHERE number = ? ORDER BY sku", (number,)).fetchall()
        if not rows:
            raise KeyError(number)
        return [Line(*row) for row in rows]
