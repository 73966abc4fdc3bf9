"""The corpus of a benchmark: a library and its documents, which tasks cannot be solved without."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import StoreError
from swfactory.ports import Installed

__all__ = ["Corpus", "corpus_digest", "open_corpus"]


class Corpus(Value):
    """A corpus that is in the store.

    Args:
        collection: name of its collection.
        packages: folder that its libraries can be imported from; empty when it has none.
    """

    collection: str
    packages: str = ""


async def open_corpus(settings: Settings, folder: Path, report: Callable[[str], None] = lambda _: None) -> Corpus:
    """Bring a corpus into the store, in a collection of its own.

    Args:
        settings: where collections are, and what makes vectors.
        folder: the corpus.
        report: told what was read.

    Raises:
        NotFoundError: there is no such folder.
        MissingExtraError: the extra ``rag`` is not installed.
        StoreError: the store cannot be written.
    """
    from swfactory.rag import open_collection
    from swfactory.rag.ingestion import add
    from swfactory.rag.installation import SourceLibraries
    from swfactory.rag.libraries import Shelf

    collection = open_collection(settings, _name(folder), create=True)
    try:
        done = add(collection, folder)
        report(f"corpus {done.source}: {done.added + done.changed + done.unchanged} files, {done.embedded} chunks new")
        sources = collection.catalog.sources()
    finally:
        collection.close()
    names = [library.name for library in Shelf(sources)]
    libraries = SourceLibraries(sources, settings.data_dir / "packages")
    installed = await libraries.install(names, Installed()) if names else Installed()
    return Corpus(collection=collection.name, packages=installed.folder)


def corpus_digest(folder: Path) -> str:
    """Return the SHA-256 of the names and contents of a corpus's files.

    Args:
        folder: the corpus.

    Raises:
        NotFoundError: there is no such folder.
        StoreError: a file of it cannot be read.
    """
    from swfactory.rag.sources import find_files, open_source

    digest = hashlib.sha256()
    for name, path in find_files(open_source(folder)):
        try:
            content = path.read_bytes()
        except OSError as exc:
            raise StoreError(f"cannot read {str(path)!r}: {exc.strerror}", hint="look at the rights of it") from exc
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _name(folder: Path) -> str:
    """Name of a corpus's collection: one for each folder."""
    return f"bench-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}"
