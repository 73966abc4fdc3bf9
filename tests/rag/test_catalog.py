"""The catalogue of a collection."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from swfactory.errors import StoreError
from swfactory.rag.catalog import SCHEMA_VERSION, Catalog


def test_those_who_open_a_new_catalogue_at_once_make_it_together(tmp_path) -> None:
    def opened(number: int) -> None:
        together.wait()
        catalog = Catalog(tmp_path / f"{number}.db")
        assert catalog.count() == 0
        catalog.close()

    together = threading.Barrier(4)
    with ThreadPoolExecutor(4) as threads:
        for number in range(20):
            list(threads.map(opened, [number] * 4))


def test_a_catalogue_of_a_newer_version_is_left_alone(tmp_path) -> None:
    path = tmp_path / "catalog.db"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(StoreError, match="schema version") as caught:
        Catalog(path)
    assert "git pull" in caught.value.hint
