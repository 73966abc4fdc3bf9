"""A collection of the user's code and documents: catalogue and vectors, opened by one writer and any readers."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from swfactory.errors import ConfigError, InputError, NotFoundError, StoreError
from swfactory.locks import FileLock
from swfactory.rag.catalog import Catalog
from swfactory.rag.chunk import Chunk
from swfactory.rag.cutting import CUTTER_VERSION
from swfactory.rag.embedding import Embedder
from swfactory.rag.vectors import VectorIndex

__all__ = ["DEFAULT_COLLECTION", "Collection", "collections", "embedding_of"]

DEFAULT_COLLECTION = "default"

_IDENTITY = "identity"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_BATCH = 64
_EMBEDDING, _DIMENSION, _CUTTER, _UNFINISHED = "embedding", "dimension", "cutter", "unfinished"


class Collection:
    """A named collection in its folder: ``catalog.db``, the folder ``vectors`` of Chroma, and the writer's lock.

    Args:
        folder: of all collections.
        name: of this one: small letters, digits and hyphens.
        embedder: makes vectors.
        server: address of a Chroma server that holds the vectors instead of the folder; empty for none.
        create: make the collection when it is not there.
        reindex: open it although its vectors were made by another model; ``reindex`` makes them anew.

    Raises:
        InputError: the name cannot be used.
        NotFoundError: there is no such collection.
        ConfigError: its vectors were made by another embedding model.
        StoreError: it cannot be opened.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        embedder: Embedder,
        *,
        server: str = "",
        create: bool = False,
        reindex: bool = False,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be the name of a collection", hint="use small letters, digits and hyphens: our-lib"
            )
        self.name = name
        self.embedder = embedder
        self._folder = folder / name
        if not (self._folder / "catalog.db").is_file() and not create:
            raise NotFoundError(f"there is no collection {name!r}", hint="swf rag add FOLDER" + self._option)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise StoreError(
                f"cannot make the folder {str(self._folder)!r}: {exc.strerror}", hint="set SWF_DATA_DIR to a folder"
            ) from exc
        self.catalog = Catalog(self._folder / "catalog.db")
        self._place = server or self._folder / "vectors"
        made_by = self.catalog.setting(_EMBEDDING)
        if made_by and made_by != embedder.url and not reindex:
            raise ConfigError(
                f"the vectors of collection {name!r} were made by {made_by!r}, not by {embedder.url!r}",
                hint=f"swf rag sync --reindex{self._option}, or SWF_EMBEDDING={made_by}",
            )
        self.vectors = self._index(embedder.url, embedder.dimension)

    def _index(self, url: str, dimension: int) -> VectorIndex:
        digest = hashlib.sha256(f"{url} {dimension}".encode()).hexdigest()[:12]
        # A server may hold the collections of others who call theirs the same; the catalogue is on this machine.
        own = f"-{self._identity()}" if isinstance(self._place, str) else ""
        return VectorIndex(self._place, f"swf-{self.name}-{digest}{own}", {"embedding": url, "dimension": dimension})

    def _identity(self) -> str:
        """A number of this collection's own; made once."""
        if not self.catalog.setting(_IDENTITY):
            self.catalog.keep_setting(_IDENTITY, secrets.token_hex(4))
        return self.catalog.setting(_IDENTITY)

    @property
    def _option(self) -> str:
        return "" if self.name == DEFAULT_COLLECTION else f" --collection {self.name}"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the collection for writing; what an interrupted writer left behind is put in order first.

        Raises:
            BusyError: another process writes.
        """
        with self._locked():
            made_by = self.catalog.setting(_EMBEDDING)
            if self.catalog.setting(_UNFINISHED):
                self._reconcile()
            if self.catalog.setting(_CUTTER) not in ("", str(CUTTER_VERSION)):
                self.catalog.doubt_files()
            self.catalog.keep_setting(_UNFINISHED, "1")
            if made_by in ("", self.embedder.url):
                self._sign()
            yield
            self.catalog.keep_setting(_UNFINISHED, "")

    def reindex(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
        """Make the vectors anew with this embedder, beside the old ones, which go when all are made.

        One that is interrupted goes on where it stopped.

        Args:
            progress: called with the chunks that are done, and those there are.

        Returns:
            The number of chunks that were embedded.

        Raises:
            BusyError: another process writes.
        """
        with self.writing():
            total, done, embedded = self.catalog.count(), 0, 0
            chunks = (chunk for _, chunk in self.catalog.every_chunk())
            while batch := [*islice(chunks, _BATCH)]:
                embedded += self.put(batch)[1]
                done += len(batch)
                progress(done, total)
            made_by, dimension = self.catalog.setting(_EMBEDDING), int(self.catalog.setting(_DIMENSION) or 0)
            self._sign()
            if made_by != self.embedder.url:
                old = self._index(made_by, dimension)
                old.drop()
                old.close()
            return embedded

    def _sign(self) -> None:
        self.catalog.keep_setting(_EMBEDDING, self.embedder.url)
        self.catalog.keep_setting(_DIMENSION, str(self.embedder.dimension))
        self.catalog.keep_setting(_CUTTER, str(CUTTER_VERSION))

    def _reconcile(self) -> None:
        """Make vectors and catalogue agree: orphans of a killed writer go, files that lack a vector are read anew."""
        if self.catalog.setting(_EMBEDDING) != self.embedder.url:
            return  # a reindexing goes on; put() sees what is there
        known, held = self.catalog.ids(), self.vectors.ids()
        self.vectors.remove(sorted(held - known))
        missing = self.catalog.chunks(sorted(known - held))
        self.catalog.remove_files({chunk.path for chunk in missing.values()})

    @contextmanager
    def _locked(self) -> Iterator[None]:
        path = self._folder / "lock"
        hint = f"wait for it, then: swf rag sync{self._option}"
        try:
            lock = FileLock(path, f"collection {self.name!r} is being written", hint).acquire()
        except OSError as exc:
            raise StoreError(f"cannot open the lock {str(path)!r}: {exc.strerror}", hint="swf doctor") from exc
        with lock:
            yield

    def put(self, chunks: Sequence[Chunk]) -> tuple[list[tuple[str, Chunk]], int]:
        """Make vectors of the chunks that have none yet.

        Args:
            chunks: of one file or several.

        Returns:
            The chunks with their ids, and how many were embedded.
        """
        keyed = [(identity_of(chunk), chunk) for chunk in chunks]
        held = self.vectors.held([identity for identity, _ in keyed])
        fresh = [(identity, chunk) for identity, chunk in keyed if identity not in held]
        if fresh:
            made = self.embedder.passages([chunk.card for _, chunk in fresh])
            self.vectors.put([identity for identity, _ in fresh], made, [chunk.path for _, chunk in fresh])
        return keyed, len(fresh)

    def close(self) -> None:
        """Close the catalogue and the vectors."""
        self.vectors.close()
        self.catalog.close()


def identity_of(chunk: Chunk) -> str:
    """The id of a chunk: its file and what it says, 32 hexadecimal characters."""
    return hashlib.blake2b(f"{chunk.path}\x00{chunk.digest}".encode(), digest_size=16).hexdigest()


def collections(folder: Path) -> list[str]:
    """Return the names of the collections in a folder."""
    if not folder.is_dir():
        return []
    return sorted(path.parent.name for path in folder.glob("*/catalog.db"))


def embedding_of(folder: Path, name: str) -> str:
    """Return the embedding URL that a collection's vectors were made by; empty when it has none.

    Args:
        folder: of all collections.
        name: of this one.

    Raises:
        StoreError: its catalogue cannot be read.
    """
    path = folder / name / "catalog.db"
    if not _NAME.fullmatch(name) or not path.is_file():
        return ""
    catalog = Catalog(path)
    try:
        return catalog.setting(_EMBEDDING)
    finally:
        catalog.close()
