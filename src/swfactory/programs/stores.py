"""The ready-made module that keeps a program's data, whatever it keeps them in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from swfactory.programs import json_store, sqlite_store

__all__ = ["Store", "store_of", "store_path"]


@dataclass(frozen=True)
class Store:
    """A module that no model writes.

    Args:
        path: where it goes.
        source: its text.
        interface: what a model is shown of it.
        offers: names for other modules to import.
        database: the file that what it offers opens; empty for a file that is read and written whole.
    """

    path: str
    source: str
    interface: str
    offers: tuple[str, ...]
    database: str = ""


def store_path(text: str, named: Collection[str]) -> str:
    """Where the module goes; empty when the machine has none for what a requirement asks for.

    Args:
        text: the requirement.
        named: the files that it names.
    """
    return json_store.store_path(text, named) or sqlite_store.sqlite_path(text, named)


def store_of(text: str, named: Collection[str], tables: Mapping[str, Sequence[str]]) -> Store | None:
    """The module; None when there is none, or nobody knows its tables.

    Args:
        text: the requirement.
        named: the files that it names.
        tables: of its database, where it has one.
    """
    if path := json_store.store_path(text, named):
        return Store(path, json_store.store_module(text), json_store.store_interface(text), json_store.offers(text))
    if tables and (path := sqlite_store.sqlite_path(text, named)):
        source, interface = sqlite_store.sqlite_module(text, tables), sqlite_store.sqlite_interface(text, tables)
        return Store(path, source, interface, (sqlite_store.OPENS,), sqlite_store.database_of(text))
    return None
