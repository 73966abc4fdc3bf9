"""Retrieval: the user's code and documents in Chroma, found by meaning, words and names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from swfactory.config import Settings
    from swfactory.rag.store import Collection

__all__ = ["collections_folder", "new_embedding", "open_collection"]

_AUTO = "auto"


def collections_folder(settings: Settings) -> Path:
    """Return the folder of the collections."""
    return settings.data_dir / "rag"


def new_embedding(settings: Settings) -> str:
    """Return the embedding URL of a new collection: the settings', or the best that is on this machine."""
    from swfactory.rag.embedding import best_embedding

    return best_embedding(settings.model_files) if settings.embedding == _AUTO else settings.embedding


def open_collection(
    settings: Settings, name: str = "default", *, create: bool = False, reindex: bool = False
) -> Collection:
    """Open a collection of the user's. Of itself, one goes on with the embedding model that it was made with.

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
    from swfactory.rag.store import Collection, embedding_of

    folder = collections_folder(settings)
    own = "" if reindex or settings.embedding != _AUTO else embedding_of(folder, name)
    embedder = create_embedder(own or new_embedding(settings), settings.model_files)
    return Collection(folder, name, embedder, server=settings.rag_server, create=create, reindex=reindex)
