"""The runs and events tables: one SQLite file for all runs."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from swfactory.database import open_database, schema_version
from swfactory.domain.run import Event, Run, RunStatus
from swfactory.errors import InputError, NotFoundError, StoreError

__all__ = ["SCHEMA_VERSION", "RunStore", "new_run_id"]

SCHEMA_VERSION = 2

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

_SCHEMA = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, status TEXT NOT NULL, parent TEXT, created REAL NOT NULL, updated REAL NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX runs_by_status ON runs (status, id);
CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, seq INTEGER NOT NULL, time REAL NOT NULL,
    kind TEXT NOT NULL, step TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
"""

_ORDERS = """
CREATE TABLE orders (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, answer TEXT NOT NULL, time REAL NOT NULL
) WITHOUT ROWID;
"""

_ORDERS_KEPT_SECONDS = 7 * 24 * 3600.0
"""How long it is remembered that an order was carried out."""


def new_run_id(now: float) -> str:
    """Return a fresh run id, ``yymmdd-hhmmss-xxxx`` in UTC.

    The first two of the last four characters count milliseconds, so ids sort by creation; the other two are random.

    Args:
        now: seconds since the epoch.
    """
    stamp = datetime.fromtimestamp(now, UTC)
    millis = stamp.microsecond // 1000
    tail = _ALPHABET[millis // 32] + _ALPHABET[millis % 32] + "".join(secrets.choice(_ALPHABET) for _ in range(2))
    return f"{stamp:%y%m%d-%H%M%S}-{tail}"


class RunStore:
    """Runs and their events. Every write is on disk when the method returns.

    Args:
        path: the database file; made when missing, its folder too.
        clock: seconds since the epoch, UTC.

    Raises:
        StoreError: the file cannot be opened, is no such database, or was written by a newer version.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise StoreError(
                f"cannot make the data folder {str(path.parent)!r}: {exc.strerror}", hint="set SWF_DATA_DIR to a folder"
            ) from exc
        with self._translated():
            self._db = open_database(path)
            try:
                self._open()
            except (sqlite3.Error, StoreError):
                self._db.close()
                raise

    def _open(self) -> None:
        self._db.execute("PRAGMA synchronous=FULL")
        if schema_version(self._db, self._path, SCHEMA_VERSION) == SCHEMA_VERSION:
            return  # nothing is written, which a full disk would not let pass, and no writer is waited for
        with self._write():
            version = schema_version(self._db, self._path, SCHEMA_VERSION)  # another process may have been first
            if version == 0 and self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise StoreError(
                    f"{str(self._path)!r} is a database of another program", hint="set SWF_DATA_DIR to another folder"
                )
            for missing in (_SCHEMA, _ORDERS)[version:]:
                for statement in missing.split(";"):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValidationError, json.JSONDecodeError) as exc:
            raise StoreError(
                f"the runs database {str(self._path)!r} cannot be used: {exc}",
                hint="free some disk space or restore the file; swf doctor",
            ) from exc

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            part = self._db.in_transaction  # of one of this thread, which holds the lock
            if part:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock, self._translated():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what the block writes together or not at all; nobody sees a part of it, other writers wait.

        Raises:
            StoreError: it cannot be written.
        """
        with self._write():
            yield

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def create(self, run: Run) -> Run:
        """Insert a run and return it with id and times filled in.

        Args:
            run: the run; an empty ``id`` is replaced by a new one.

        Raises:
            StoreError: the row cannot be written, or the id is taken.
        """
        now = self._clock()
        filled = run.model_copy(update={"id": run.id or new_run_id(now), "created": now, "updated": now})
        with self._write() as db:
            db.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", self._row(filled))
        return filled

    def update(self, run: Run) -> Run:
        """Replace a run's row and return it with ``updated`` set.

        Raises:
            NotFoundError: there is no such run.
        """
        filled = run.model_copy(update={"updated": self._clock()})
        identifier, *rest = self._row(filled)
        with self._write() as db:
            cursor = db.execute(
                "UPDATE runs SET status=?, parent=?, created=?, updated=?, value=? WHERE id=?", (*rest, identifier)
            )
            if cursor.rowcount == 0:
                raise NotFoundError(f"no run {run.id!r}", hint="swf runs")
        return filled

    def get(self, run_id: str) -> Run:
        """Return a run by its full id.

        Raises:
            NotFoundError: there is no such run.
        """
        rows = self._rows("SELECT value FROM runs WHERE id=?", run_id)
        if not rows:
            raise NotFoundError(f"no run {run_id!r}", hint="swf runs")
        return self._run(rows[0][0])

    def resolve(self, name: str) -> str:
        """Return the id that a person means.

        Args:
            name: a whole id, the unique beginning of an id or of its last part, or ``last``.

        Raises:
            NotFoundError: no run is called that.
            InputError: several are.
        """
        if name == "last":
            rows = self._rows("SELECT id FROM runs ORDER BY id DESC LIMIT 1")
            if not rows:
                raise NotFoundError("there are no runs yet", hint="swf run 'what you need'")
            return str(rows[0][0])
        wanted = name.strip().lower()
        ids = [str(row[0]) for row in self._rows("SELECT id FROM runs ORDER BY id DESC")]
        if wanted in ids:
            return wanted
        found = [i for i in ids if wanted and (i.startswith(wanted) or i.rsplit("-", 1)[-1].startswith(wanted))]
        if not found:
            raise NotFoundError(f"no run {name!r}", hint="swf runs")
        if len(found) > 1:
            shown = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
            raise InputError(f"{name!r} could be {len(found)} runs: {shown}", hint="type more of the id")
        return found[0]

    def runs(
        self, *, status: RunStatus | None = None, parent: str | None = None, limit: int = 50, before: str | None = None
    ) -> list[Run]:
        """Return runs, newest first.

        Args:
            status: only runs that stand there.
            parent: only runs forked from this one.
            limit: at most so many.
            before: only runs older than this id, for the next page.
        """
        where, values = ["1"], []
        for clause, value in (("status=?", status), ("parent=?", parent), ("id<?", before)):
            if value is not None:
                where.append(clause)
                values.append(value)
        sql = f"SELECT value FROM runs WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"  # noqa: S608
        return [self._run(row[0]) for row in self._rows(sql, *values, limit)]

    def counts(self) -> dict[RunStatus, int]:
        """Return how many runs stand where."""
        rows = self._rows("SELECT status, count(*) FROM runs GROUP BY status")
        return {cast("RunStatus", status): int(str(count)) for status, count in rows}

    def once(self, key: str, content: str, order: Callable[[], str]) -> tuple[str, bool]:
        """Carry out an order, unless one of the same key was: then return what was answered to that.

        What the order writes here and the answer to it are kept together or not at all, so that a kill at any moment
        leaves an order that was carried out or one that can be given again. Until it is done, other writers wait.

        Args:
            key: what tells the order from others.
            content: what it says; a digest.
            order: carries it out, in this thread, and returns the answer.

        Returns:
            The answer, and whether it is an old one.

        Raises:
            InputError: the key was used for an order of another content.
        """
        with self._write() as db:
            found = db.execute("SELECT content, answer FROM orders WHERE key=?", (key,)).fetchone()
            if found is None:
                answer = order()
                now = self._clock()
                db.execute("DELETE FROM orders WHERE time<?", (now - _ORDERS_KEPT_SECONDS,))
                db.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", (key, content, answer, now))
                return answer, False
        if found[0] != content:
            raise InputError("the key was used for another order", hint="take a new key for every new order")
        return str(found[1]), True

    def delete(self, run_id: str) -> None:
        """Delete a run's row and events; does nothing when there is none."""
        with self._write() as db:
            db.execute("DELETE FROM runs WHERE id=?", (run_id,))

    def append_event(self, event: Event) -> Event:
        """Append an event and return it with ``seq`` and ``time`` set.

        Args:
            event: the event; its ``seq`` is ignored, a ``time`` of 0 becomes now.

        Raises:
            StoreError: it cannot be written, or there is no such run.
        """
        time_ = event.time or self._clock()
        text = event.text.encode("utf-8", "replace").decode()
        data = json.dumps(event.data, default=str)
        with self._write() as db:
            seq = db.execute("SELECT coalesce(max(seq), 0) + 1 FROM events WHERE run=?", (event.run,)).fetchone()[0]
            db.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (event.run, seq, time_, event.kind, event.step, event.role, text, data),
            )
        return event.model_copy(update={"seq": seq, "time": time_, "text": text, "data": json.loads(data)})

    def events(self, run_id: str, *, after: int = 0, limit: int | None = None) -> list[Event]:
        """Return events of a run in order.

        Args:
            run_id: full id.
            after: only events with a higher ``seq``.
            limit: at most so many; None for all.
        """
        rows = self._rows(
            "SELECT run, seq, time, kind, step, role, text, data FROM events"
            " WHERE run=? AND seq>? ORDER BY seq LIMIT ?",
            run_id,
            after,
            -1 if limit is None else limit,
        )
        with self._translated():
            return [
                Event.model_validate(
                    dict(zip(("run", "seq", "time", "kind", "step", "role", "text"), row[:7], strict=True))
                    | {"data": json.loads(str(row[7]))}
                )
                for row in rows
            ]

    def _run(self, value: object) -> Run:
        with self._translated():
            return Run.model_validate_json(str(value))

    @staticmethod
    def _row(run: Run) -> tuple[object, ...]:
        return run.id, run.status, run.parent, run.created, run.updated, run.model_dump_json()
