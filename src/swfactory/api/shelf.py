"""Collections as the routes need them: opened for a request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from swfactory.config import Settings
from swfactory.errors import NotFoundError

if TYPE_CHECKING:
    from swfactory.rag.catalog import Catalog
    from swfactory.rag.store import Collection

__all__ = ["collection_names", "opened_catalog", "opened_collection"]

_OPENING = threading.Lock()
"""Chroma is opened by one thread at a time."""


def collection_names(settings: Settings) -> list[str]:
    """Return the names of the collections."""
    from swfactory.rag import collections_folder
    from swfactory.rag.store import collections

    return collections(collections_folder(settings))


@contextmanager
def opened_collection(settings: Settings, name: str, *, create: bool = False) -> Iterator[Collection]:
    """Open a collection with its vectors, and close it afterwards.

    Args:
        settings: where it is.
        name: which one.
        create: make it when it is not there.
    """
    from swfactory.rag import open_collection

    with _OPENING:
        collection = open_collection(settings, name, create=create)
    try:
        yield collection
    finally:
        with _OPENING:
            collection.close()


@contextmanager
def opened_catalog(settings: Settings, name: str) -> Iterator[Catalog]:
    """Open the catalogue alone: what needs no vectors needs no embedding model.

    Raises:
        NotFoundError: there is no such collection.
    """
    from swfactory.rag import collections_folder
    from swfactory.rag.catalog import Catalog

    if name not in collection_names(settings):
        raise NotFoundError(f"there is no collection {name!r}", hint="swf rag list")
    catalog = Catalog(collections_folder(settings) / name / "catalog.db")
    try:
        yield catalog
    finally:
        catalog.close()
