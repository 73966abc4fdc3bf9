"""Retrieval: the user's code and documents in Chroma, found by meaning, words and names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from swfactory.config import Settings
    from swfactory.rag.store import Collection

__all__ = ["collections_folder", "open_collection"]


def collections_folder(settings: Settings) -> Path:
    """Return the folder of the collections."""
    return settings.data_dir.expanduser() / "rag"


def open_collection(
    settings: Settings, name: str = "default", *, create: bool = False, reindex: bool = False
) -> Collection:
    """Open a collection of the user's.

    Args:
        settings: the embedding model, and where collections are.
        name: which one.
        create: make it when it is not there.
        reindex: open it although its vectors were made by another model.

    Raises:
        InputError: the name cannot be used.
        NotFoundError: there is no such collection.
        ConfigError: the embedding URL cannot be used, or the collection's vectors were made by another model.
        MissingExtraError: the extra ``rag`` is not installed.
        StoreError: the collection cannot be opened.
    """
    from swfactory.rag.embedding import create_embedder
    from swfactory.rag.store import Collection

    embedder = create_embedder(settings.embedding)
    return Collection(
        collections_folder(settings), name, embedder, server=settings.rag_server, create=create, reindex=reindex
    )
