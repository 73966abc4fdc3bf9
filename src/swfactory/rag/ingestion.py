"""Sources into a collection, and kept in step: only what has changed is read, only what says something new embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from swfactory.errors import InputError, NotFoundError
from swfactory.rag.catalog import FileRecord, SourceRecord
from swfactory.rag.chunk import Chunk
from swfactory.rag.cutting import cut_file
from swfactory.rag.sources import Skipped, Source, find_files, open_source
from swfactory.rag.store import Collection

__all__ = ["Ingested", "Progress", "add", "find_source", "remove", "sync"]

_BATCH_CHUNKS = 48
"""Chunks that are embedded at once: what a kill loses at most."""


@dataclass(frozen=True)
class Progress:
    """How far an ingestion is.

    Args:
        path: the file in hand.
        done: files that are finished.
        total: files in all.
        embedded: chunks that were embedded so far.
    """

    path: str
    done: int
    total: int
    embedded: int


@dataclass
class Ingested:
    """What an ingestion did.

    Args:
        source: name of the source.
        added: files that are new.
        changed: files that say something else than before.
        removed: files that are gone.
        unchanged: files that were left as they are.
        embedded: chunks that were embedded.
        failed: files that could not be read, with the reason.
        notes: what a person should know, by file.
        skipped: files that were left out for their kind.
    """

    source: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: int = 0


def add(collection: Collection, path: str | Path, progress: Callable[[Progress], None] = lambda _: None) -> Ingested:
    """Add a folder, a git repository or a file; one that was added before is brought up to date.

    Args:
        collection: where to.
        path: what to add.
        progress: called for each file, from this thread.

    Raises:
        NotFoundError: there is no such file.
        InputError: the path cannot be used.
        BusyError: another process writes the collection.
        StoreError: the disk is full, or the store is damaged.
    """
    source = open_source(path)
    with collection.writing():
        return _ingest(collection, source, progress)


def sync(
    collection: Collection, root: str | None = None, progress: Callable[[Progress], None] = lambda _: None
) -> list[Ingested]:
    """Bring sources up to date. A source whose folder is gone is left as it is, and reported.

    Args:
        collection: which one.
        root: name or folder of the one source; None for all.
        progress: called for each file, from this thread.

    Raises:
        NotFoundError: there is no such source.
        BusyError: another process writes the collection.
        StoreError: the disk is full, or the store is damaged.
    """
    chosen = [find_source(collection, root)] if root is not None else collection.catalog.sources()
    done = []
    with collection.writing():
        for record in chosen:
            try:
                done.append(_ingest(collection, open_source(record.root), progress))
            except NotFoundError as exc:
                hint = f"{exc.message}; swf rag remove {record.name}"
                done.append(Ingested(source=record.name, unchanged=record.files, failed={record.root: hint}))
    return done


def remove(collection: Collection, name: str) -> SourceRecord:
    """Remove a source with all its chunks.

    Args:
        collection: which one.
        name: name or folder of the source.

    Raises:
        NotFoundError: there is no such source.
        BusyError: another process writes the collection.
    """
    record = find_source(collection, name)
    with collection.writing():
        ids = {identity for path in collection.catalog.files(record.root) for identity in collection.catalog.ids(path)}
        collection.catalog.remove_source(record.root)
        collection.vectors.remove(sorted(ids))
    return record


def find_source(collection: Collection, name: str) -> SourceRecord:
    """Return the source of a name or folder.

    Raises:
        NotFoundError: there is no such source.
    """
    folder = str(Path(name).expanduser().resolve())
    for record in collection.catalog.sources():
        if record.name == name or record.root == folder:
            return record
    raise NotFoundError(f"there is no source {name!r} in collection {collection.name!r}", hint="swf rag list")


def _ingest(collection: Collection, source: Source, progress: Callable[[Progress], None]) -> Ingested:
    catalog = collection.catalog
    root = str(source.root)
    name = catalog.add_source(root, source.name, source.commit)
    result = Ingested(source=name)
    left = Skipped()
    found = list(find_files(Source(source.root, name, source.commit), left))
    result.skipped = left.other
    result.failed.update((str(path), "is larger than a text file should be") for path in left.large)
    known = catalog.files(root)
    gone = sorted(known.keys() - {path for path, _ in found})
    if gone:
        stale = {identity for path in gone for identity in catalog.ids(path)}
        catalog.remove_files(gone)
        collection.vectors.remove(sorted(stale))
        result.removed = len(gone)
    batch: list[tuple[FileRecord, list[Chunk]]] = []
    for number, (path, file) in enumerate(found):
        progress(Progress(path, number, len(found), result.embedded))
        record = _changed(collection, path, file, known.get(path))
        if record is None:
            result.unchanged += 1
            continue
        try:
            chunks, notes = cut_file(file, path)
        except InputError as exc:
            result.failed[path] = exc.message
            chunks, notes = [], [f"not read: {exc.message}"]
        else:
            result.added += path not in known
            result.changed += path in known
            if notes:
                result.notes[path] = tuple(notes)
        # A file that cannot be read is remembered too: it is tried again when it has changed.
        batch.append((FileRecord(path, record.size, record.mtime, record.digest, tuple(notes)), chunks))
        if sum(len(cut) for _, cut in batch) >= _BATCH_CHUNKS:
            result.embedded += _keep(collection, root, batch)
            batch = []
    result.embedded += _keep(collection, root, batch)
    progress(Progress("", len(found), len(found), result.embedded))
    return result


def _changed(collection: Collection, path: str, file: Path, known: FileRecord | None) -> FileRecord | None:
    """The file as it is now; None when it says what it said."""
    try:
        status = file.stat()
        if known is not None and (known.size, known.mtime) == (status.st_size, status.st_mtime_ns):
            return None
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return FileRecord(path, 0, 0, "")  # reading it says why
    record = FileRecord(path, status.st_size, status.st_mtime_ns, digest)
    if known is not None and known.digest == digest:
        collection.catalog.touch(record)
        return None
    return record


def _keep(collection: Collection, root: str, batch: Sequence[tuple[FileRecord, list[Chunk]]]) -> int:
    """Vectors first, then the catalogue file by file, then what the files no longer say; return what was embedded."""
    stale: set[str] = set()
    keyed, embedded = collection.put([chunk for _, chunks in batch for chunk in chunks])
    kept = iter(keyed)
    for record, chunks in batch:
        fresh = [next(kept) for _ in chunks]
        stale |= collection.catalog.ids(record.path) - {identity for identity, _ in fresh}
        collection.catalog.put(root, record, fresh)
    if stale:
        collection.vectors.remove(sorted(stale))
    return embedded
