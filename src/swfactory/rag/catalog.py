"""The catalogue of a collection: its sources, files and chunks, and their words, in one SQLite file.

The catalogue is the truth: a vector that it does not know is a leftover of an interrupted run. A file and its chunks
are written in one transaction, after their vectors, so that a kill at any moment leaves files that are complete and
files that are not there. Words are ranked by BM25 in SQLite's FTS5 (https://sqlite.org/fts5.html).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swfactory.database import open_database, schema_version
from swfactory.errors import StoreError
from swfactory.rag.chunk import Chunk
from swfactory.rag.words import words

__all__ = ["Catalog", "FileRecord", "SourceRecord"]

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (root TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, revision TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    root TEXT NOT NULL REFERENCES sources ON DELETE CASCADE,
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    digest TEXT NOT NULL,
    notes TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_of_source ON files (root);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE,
    symbol TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX chunks_of_file ON chunks (path);
CREATE INDEX chunks_by_name ON chunks (name);
CREATE VIRTUAL TABLE lexical USING fts5 (symbol, doc, text, tokenize = "porter unicode61 tokenchars '_'");
"""

_FORGETTING = """
CREATE TRIGGER forget_words AFTER DELETE ON chunks BEGIN
    DELETE FROM lexical WHERE rowid = old.number;
END;
"""
_WEIGHTS = (4.0, 2.0, 1.0)
"""What a word counts in a symbol and signature, in documentation, in the text."""
_BATCH = 500
_QUERY_WORDS = 64
_SPARE = 10
"""Definitions of a name that are looked at for each that is wanted."""


@dataclass(frozen=True)
class SourceRecord:
    """A source as it was read last.

    Args:
        root: its folder or file.
        name: what its files are cited by.
        revision: commit of a git repository; empty for anything else.
        files: number of its files.
        chunks: number of their chunks.
    """

    root: str
    name: str
    revision: str
    files: int = 0
    chunks: int = 0


@dataclass(frozen=True)
class FileRecord:
    """A file as it was read last.

    Args:
        path: how it is cited.
        size: bytes.
        mtime: time of its last change, nanoseconds.
        digest: SHA-256 of its bytes.
        notes: what a person should know of it.
    """

    path: str
    size: int
    mtime: int
    digest: str
    notes: tuple[str, ...] = ()


class Catalog:
    """A catalogue, opened.

    Args:
        path: the SQLite file, made when it is not there.

    Raises:
        StoreError: the file cannot be opened, is no such database, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._translated():
            self._db = open_database(path)
            try:
                self._open()
            except (sqlite3.Error, StoreError):
                self._db.close()
                raise

    def _open(self) -> None:
        if schema_version(self._db, self._path, SCHEMA_VERSION) == SCHEMA_VERSION:
            return
        with self._writing():
            if schema_version(self._db, self._path, SCHEMA_VERSION) == 0:  # no other process was first
                for statement in (*_SCHEMA.split(";"), _FORGETTING):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    # settings

    def setting(self, name: str) -> str:
        """Return a setting of the collection; empty when it is not set."""
        row = self._row("SELECT value FROM settings WHERE name = ?", name)
        return str(row[0]) if row else ""

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting of the collection."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    # sources and files

    def sources(self) -> list[SourceRecord]:
        """Return the sources by name, with their sizes."""
        rows = self._rows(
            "SELECT s.root, s.name, s.revision, count(DISTINCT f.path), count(c.number)"
            " FROM sources s LEFT JOIN files f ON f.root = s.root LEFT JOIN chunks c ON c.path = f.path"
            " GROUP BY s.root ORDER BY s.name"
        )
        return [SourceRecord(*row) for row in rows]

    def add_source(self, root: str, name: str, revision: str) -> str:
        """Keep a source and return what it is cited by: the name it has, else ``name``, numbered if it is taken."""
        with self._writing() as db:
            row = db.execute("SELECT name FROM sources WHERE root = ?", (root,)).fetchone()
            if row is None:
                taken = {found for (found,) in db.execute("SELECT name FROM sources")}
                row = (next(free for free in _numbered(name) if free not in taken),)
            db.execute(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (root) DO UPDATE SET revision = excluded.revision",
                (root, row[0], revision),
            )
            return str(row[0])

    def remove_source(self, root: str) -> None:
        """Forget a source with its files and their chunks."""
        with self._writing() as db:
            db.execute("DELETE FROM sources WHERE root = ?", (root,))

    def files(self, root: str) -> dict[str, FileRecord]:
        """Return the files of a source by path."""
        rows = self._rows("SELECT path, size, mtime, digest, notes FROM files WHERE root = ?", root)
        return {row[0]: FileRecord(row[0], row[1], row[2], row[3], tuple(json.loads(row[4]))) for row in rows}

    def touch(self, record: FileRecord) -> None:
        """Keep the new time of a file that says what it said."""
        with self._writing() as db:
            db.execute("UPDATE files SET size = ?, mtime = ? WHERE path = ?", (record.size, record.mtime, record.path))

    def put(self, root: str, record: FileRecord, chunks: Sequence[tuple[str, Chunk]]) -> None:
        """Replace a file and its chunks, all in one.

        Args:
            root: its source.
            record: the file.
            chunks: id and chunk.
        """
        with self._writing() as db:
            db.execute("DELETE FROM files WHERE path = ?", (record.path,))
            db.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
                (record.path, root, record.size, record.mtime, record.digest, json.dumps(record.notes)),
            )
            for identity, chunk in chunks:
                name = chunk.symbol.rpartition(".")[2].lower() if chunk.signature else ""
                cursor = db.execute(
                    "INSERT INTO chunks (id, path, symbol, name, body) VALUES (?, ?, ?, ?, ?)",
                    (identity, record.path, chunk.symbol, name, chunk.model_dump_json(exclude_defaults=True)),
                )
                fields = (f"{record.path} {chunk.symbol} {chunk.signature}", chunk.doc, chunk.text)
                db.execute(
                    "INSERT INTO lexical (rowid, symbol, doc, text) VALUES (?, ?, ?, ?)",
                    (cursor.lastrowid, *(" ".join(words(field)) for field in fields)),
                )

    def doubt_files(self) -> None:
        """Have every file read again at the next sync."""
        with self._writing() as db:
            db.execute("UPDATE files SET size = -1, digest = ''")

    def remove_files(self, paths: Iterable[str]) -> None:
        """Forget files and their chunks."""
        with self._writing() as db:
            db.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    # chunks

    def ids(self, path: str | None = None) -> set[str]:
        """Return the ids of all chunks, or of those of a file."""
        if path is None:
            return {row[0] for row in self._rows("SELECT id FROM chunks")}
        return {row[0] for row in self._rows("SELECT id FROM chunks WHERE path = ?", path)}

    def count(self) -> int:
        """Return the number of chunks."""
        row = self._row("SELECT count(*) FROM chunks")
        return int(row[0]) if row else 0

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return chunks by id; ids that are not known are left out."""
        found = {}
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            marks = ", ".join("?" for _ in batch)
            for identity, body in self._rows(f"SELECT id, body FROM chunks WHERE id IN ({marks})", *batch):  # noqa: S608
                found[identity] = Chunk.model_validate_json(body)
        return found

    def every_chunk(self) -> Iterator[tuple[str, Chunk]]:
        """Yield id and chunk of the whole collection, in the order they were put in."""
        last = 0
        sql = "SELECT number, id, body FROM chunks WHERE number > ? ORDER BY number LIMIT ?"
        while rows := self._rows(sql, last, _BATCH):
            for _, identity, body in rows:
                yield identity, Chunk.model_validate_json(body)
            last = rows[-1][0]

    def search(self, asked: Sequence[str], limit: int) -> list[str]:
        """Return the ids of the chunks that have some of the words, ranked by BM25.

        Args:
            asked: words, in lower case.
            limit: ids at most.
        """
        asked = asked[:_QUERY_WORDS]
        if not asked:
            return []
        match = " OR ".join(f'"{word}"' for word in asked)
        weights = ", ".join(map(str, _WEIGHTS))
        rows = self._rows(
            f"SELECT c.id FROM lexical JOIN chunks c ON c.number = lexical.rowid WHERE lexical MATCH ?"  # noqa: S608
            f" ORDER BY bm25(lexical, {weights}), c.number LIMIT ?",
            match,
            limit,
        )
        return [row[0] for row in rows]

    def named(self, name: str, limit: int) -> list[str]:
        """Return the ids of the definitions of a name, those whose way is named further first.

        Args:
            name: ``add``, ``Store.add`` or ``our_lib.store.Store.add``; case does not count.
            limit: ids at most.
        """
        *owners, last = name.lower().split(".")
        rows = self._rows(
            "SELECT id, path, symbol FROM chunks WHERE name = ? ORDER BY number LIMIT ?", last, limit * _SPARE
        )
        found = []
        for identity, path, symbol in rows:
            way = [*path.lower().rpartition(".")[0].split("/"), *symbol.lower().split(".")[:-1]]
            known = sum(owner in way for owner in owners)
            if known or not owners:
                found.append((-known, identity))
        return [identity for _, identity in sorted(found, key=lambda ranked: ranked[0])][:limit]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            raise StoreError(
                f"the catalogue {str(self._path)!r} cannot be used: {exc}",
                hint="free some disk space, or move the folder away and add the sources anew",
            ) from exc

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._lock, self._translated():
            return self._db.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
