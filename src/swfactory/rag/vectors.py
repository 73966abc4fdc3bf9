"""The vectors of a collection, in Chroma: a folder of its own, or a Chroma server.

What is worked around here was seen with Chroma 1.5: two processes that write one folder lose vectors without a word,
hence the collection's lock; an embedding function that is left out downloads a model; ``get`` of more than 32,766 rows
fails, and a batch holds 5,461.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from swfactory.errors import ConfigError, MissingExtraError, StoreError

__all__ = ["VectorIndex"]

_PAGE = 30_000
_BATCH = 5_000


class VectorIndex:
    """Vectors by id, searched by cosine similarity.

    Args:
        place: a folder, or the address of a Chroma server.
        name: the collection's name in it, 3 to 60 letters, digits and hyphens.
        metadata: kept with the collection when it is made: the embedding model and its dimension.

    Raises:
        ConfigError: the address cannot be used.
        MissingExtraError: the extra ``rag`` is not installed.
        StoreError: the folder cannot be used, or the server cannot be reached.
    """

    def __init__(self, place: Path | str, name: str, metadata: dict[str, str | int]) -> None:
        with _translated(place):
            self._client = _client(place)
            self._collection = self._client.get_or_create_collection(
                name=name,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
                metadata=metadata,
            )
        self._place = place
        self._name = name

    @property
    def metadata(self) -> dict[str, Any]:
        """What was kept with the collection when it was made."""
        return dict(self._collection.metadata or {})

    def put(self, ids: Sequence[str], vectors: Sequence[Sequence[float]], paths: Sequence[str]) -> None:
        """Keep vectors; one that is there already is replaced.

        Args:
            ids: identities.
            vectors: each of the collection's dimension.
            paths: the file of each.
        """
        with _translated(self._place):
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._collection.upsert(
                    ids=list(ids[part]),
                    embeddings=[list(vector) for vector in vectors[part]],
                    metadatas=[{"path": path} for path in paths[part]],
                )

    def remove(self, ids: Sequence[str]) -> None:
        """Forget vectors; ids that are not there do no harm."""
        with _translated(self._place):
            for start in range(0, len(ids), _BATCH):
                self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def ids(self) -> set[str]:
        """Return all ids."""
        found: set[str] = set()
        with _translated(self._place):
            for offset in range(0, self._collection.count(), _PAGE):
                found.update(self._collection.get(limit=_PAGE, offset=offset, include=[])["ids"])
        return found

    def held(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that have a vector."""
        found: set[str] = set()
        with _translated(self._place):
            for start in range(0, len(ids), _BATCH):
                found.update(self._collection.get(ids=list(ids[start : start + _BATCH]), include=[])["ids"])
        return found

    def search(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Return the nearest ids with their cosine similarity, best first.

        Args:
            vector: of the query.
            limit: ids at most.
        """
        with _translated(self._place):
            count = self._collection.count()
            if not count:
                return []
            rows = self._collection.query(
                query_embeddings=[list(vector)], n_results=min(limit, count), include=["distances"]
            )
        return [
            (identity, 1.0 - float(distance))
            for identity, distance in zip(rows["ids"][0], rows["distances"][0], strict=True)
        ]

    def drop(self) -> None:
        """Remove the collection with all its vectors."""
        with _translated(self._place):
            self._client.delete_collection(self._name)

    def close(self) -> None:
        """Let go of the folder, or of the connections to the server."""
        with _translated(self._place):
            self._client.close()


def _client(place: Path | str) -> Any:
    try:
        import chromadb
        from chromadb.config import Settings
    except ImportError as exc:
        raise MissingExtraError("the store of code and documents", extra="rag") from exc
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    if isinstance(place, Path):
        place.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(place), settings=settings)
    address = urlsplit(place)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ConfigError(f"{place!r} is not the address of a Chroma server", hint="use http://HOST:PORT")
    port = address.port or (443 if address.scheme == "https" else 8000)
    return chromadb.HttpClient(host=address.hostname, port=port, ssl=address.scheme == "https", settings=settings)


@contextmanager
def _translated(place: Path | str) -> Iterator[None]:
    try:
        yield
    except (ConfigError, MissingExtraError):
        raise
    except Exception as exc:
        kind = "folder" if isinstance(place, Path) else "server"
        hint = "free some disk space; swf doctor" if isinstance(place, Path) else f"curl {place}/api/v2/heartbeat"
        raise StoreError(f"the Chroma {kind} {str(place)!r} cannot be used: {exc}", hint=hint) from exc
