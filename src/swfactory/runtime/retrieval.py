"""What a run looks things up in: collections of the store, or the record of an earlier run."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.config import Settings
from swfactory.domain.references import Passage, References
from swfactory.domain.run import Event, Run
from swfactory.errors import NotFoundError, ReplyError
from swfactory.ports import ObjectStore
from swfactory.runtime.experience import EXPERIENCE

if TYPE_CHECKING:
    from swfactory.ports import Libraries, Retriever
    from swfactory.rag.retrieval import Reranker
    from swfactory.rag.store import Collection

__all__ = ["RecordedRetriever", "Shelves", "collections_of", "wanted_collections"]

_DEFAULT = "default"
_MARGIN = 0.1
"""Documents of a library are less near to a requirement than code that was written for it."""
_EXPERIENCE_SHARE = 0.4
"""Of the tokens of a look-up: one or two functions."""


def wanted_collections(settings: Settings, names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the collections that a new run looks things up in.

    Args:
        settings: name those of every run; the one called ``default`` need not exist.
        names: those of this run; None for the settings'.

    Raises:
        NotFoundError: there is no such collection.
    """
    known = [name for name in _collections(settings) if name != EXPERIENCE]
    if names is None:
        listed = [name.strip() for name in settings.collections.split(",") if name.strip()]
        names = [name for name in listed if name != _DEFAULT or name in known]
    for name in names:
        if name not in known:
            there = f"there are: {', '.join(known)}" if known else "the store is empty"
            raise NotFoundError(
                f"there is no collection {name!r} ({there})", hint=f"swf rag add FOLDER --collection {name}"
            )
    return tuple(dict.fromkeys(names))


def collections_of(run: Run) -> tuple[str, ...]:
    """Return the collections that a run looks things up in."""
    return tuple(name for name in str(run.options.get("collections") or "").split(",") if name)


def _collections(settings: Settings) -> list[str]:
    folder = settings.data_dir / "rag"
    if not folder.is_dir():  # without a store, nothing of it is loaded
        return []
    from swfactory.rag.store import collections

    return collections(folder)


class Shelves:
    """The collections that runs of this process have opened, each once.

    Args:
        settings: where collections are, and what makes vectors.
        target: folder that keeps the libraries that were installed for products.
    """

    def __init__(self, settings: Settings, target: Path) -> None:
        self._settings = settings
        self._target = target
        self._open: dict[str, Collection] = {}
        self._opening = threading.Lock()  # the contexts of runs are built in threads

    def retriever(self, names: Sequence[str], *, asked: bool, experience: bool) -> Retriever | None:
        """Return what finds passages in collections; None when there is nothing to look in.

        Args:
            names: collections of the user's.
            asked: whether the user has named them for this run: then the best there is is found, near or not.
            experience: whether to offer what earlier runs have left.

        Raises:
            NotFoundError: one of them is gone.
            ConfigError: its vectors were made by another model.
            MissingExtraError: the extra ``rag`` is not installed.
        """
        experience = experience and EXPERIENCE in _collections(self._settings)
        if not names and not experience:
            return None
        from swfactory.rag.retriever import ExperienceRetriever, JoinedRetriever, StoreRetriever

        retrievers: list[tuple[Retriever, float]] = []
        if names:
            opened = [self._collection(name) for name in names]
            near = 0.0 if asked else opened[0].embedder.near - _MARGIN
            retrievers.append((StoreRetriever(opened, self._reranker(), near=near), 1.0))
        if experience:
            retrievers.append((ExperienceRetriever(self._collection(EXPERIENCE)), _EXPERIENCE_SHARE))
        return JoinedRetriever(retrievers)

    def reader(self, names: Sequence[str]) -> Retriever:
        """Return what finds passages of collections to answer questions from.

        Raises:
            NotFoundError: one of them is gone.
            ConfigError: its vectors were made by another model.
            MissingExtraError: the extra ``rag`` is not installed.
        """
        from swfactory.rag.retriever import StoreRetriever

        return StoreRetriever([self._collection(name) for name in names], self._reranker(), whole=True)

    def libraries(self, names: Sequence[str]) -> Libraries:
        """Return the Python libraries in collections.

        Raises:
            NotFoundError: one of them is gone.
        """
        from swfactory.rag.installation import SourceLibraries

        sources = [source for name in names for source in self._collection(name).catalog.sources()]
        return SourceLibraries(sources, self._target)

    def _reranker(self) -> Reranker | None:
        from swfactory.rag.reranking import create_reranker

        return create_reranker(self._settings.reranker)

    def _collection(self, name: str) -> Collection:
        from swfactory.rag import open_collection

        with self._opening:
            if name not in self._open:
                self._open[name] = open_collection(self._settings, name)
            return self._open[name]

    def close(self) -> None:
        """Close what was opened."""
        while self._open:
            self._open.popitem()[1].close()


class RecordedRetriever:
    """The port ``Retriever`` for a replay: it finds what the run itself found.

    Args:
        events: of the run.
        objects: its documents.
    """

    def __init__(self, events: Iterable[Event], objects: ObjectStore) -> None:
        self._objects = objects
        self._found = {
            (event.data.get("query"), event.data.get("max_tokens")): str(event.data.get("passages"))
            for event in events
            if event.kind == "retrieval"
        }

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return what was found for a query.

        Raises:
            ReplyError: the run did not ask that.
        """
        digest = self._found.get((hashlib.sha256(query.encode()).hexdigest(), max_tokens))
        if digest is None:
            raise ReplyError(
                f"the run diverged: it did not look up {query[:60]!r}", hint="replay with the same version"
            )
        return References.model_validate_json(self._objects.get(digest)).passages
