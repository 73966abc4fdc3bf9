"""Threads and their turns, kept in a SQLite file of the data folder: written before a client hears of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from swfactory.domain.value import Value
from swfactory.errors import BusyError, StoreError

__all__ = ["Thread", "ThreadStore", "Turn", "TurnStatus"]

TurnStatus = Literal["pending", "running", "error", "success", "interrupted"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS threads (id TEXT PRIMARY KEY, run TEXT, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turns (
    id TEXT PRIMARY KEY, thread TEXT NOT NULL, created REAL NOT NULL, value TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_thread ON turns (thread, created);
"""

_PUT_THREAD = "INSERT OR REPLACE INTO threads VALUES (?, ?, ?)"


class Thread(Value):
    """A thread of the dialect.

    Args:
        id: a UUID.
        run: run of the factory that it is; None until it is started.
        created: seconds since the epoch, UTC.
        updated: seconds since the epoch, UTC.
        metadata: the client's own.
    """

    id: str
    run: str | None = None
    created: float
    updated: float
    metadata: dict[str, Any] = Field(default_factory=dict)


class Turn(Value):
    """A run of the dialect: the work from one order of a client to the next pause or end.

    Args:
        id: a UUID.
        thread: id of its thread.
        run: run of the factory that works.
        graph: the built-in graph.
        created: seconds since the epoch, UTC.
        after: its events are those of the run with a higher ``seq``.
        until: the last ``seq`` that is its; None while no later turn has begun.
        status: how it ended; None while no later turn has begun.
        modes: stream modes that its client asked for.
        metadata: the client's own.
        multitask: what the client wanted to happen if the thread were busy.
    """

    id: str
    thread: str
    run: str
    graph: str
    created: float
    after: int = 0
    until: int | None = None
    status: TurnStatus | None = None
    modes: tuple[str, ...] = ("values",)
    metadata: dict[str, Any] = Field(default_factory=dict)
    multitask: str = "reject"


class ThreadStore:
    """Threads and turns of a data folder; used from any thread.

    Args:
        path: the database file; made when missing, its folder too.

    Raises:
        StoreError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._database() as db:
            db.executescript(_SCHEMA)

    def thread(self, thread_id: str) -> Thread | None:
        """Return a thread that is kept; None when it is not."""
        with self._database() as db:
            row = db.execute("SELECT value FROM threads WHERE id=?", (thread_id,)).fetchone()
        return Thread.model_validate_json(row[0]) if row else None

    def threads(self) -> list[Thread]:
        """Return every thread that is kept."""
        with self._database() as db:
            rows = db.execute("SELECT value FROM threads").fetchall()
        return [Thread.model_validate_json(row[0]) for row in rows]

    def save(self, thread: Thread) -> Thread:
        """Keep a thread as it now is."""
        row = _thread_row(thread)
        with self._database() as db:
            db.execute(_PUT_THREAD, row)
        return thread

    def begin(self, thread: Thread, turn: Turn, before: str | None, last: Turn | None) -> None:
        """Keep a new turn of a thread, together with the run that the thread now is.

        Args:
            thread: the thread as it now is.
            turn: the new turn.
            before: run that the thread was until now.
            last: the turn before it, as it ended; None for none.

        Raises:
            BusyError: somebody else was quicker and began another run on the thread.
        """
        rows = [_turn_row(item) for item in ((turn,) if last is None else (last, turn))]
        with self._database() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT run FROM threads WHERE id=?", (thread.id,)).fetchone()
            if row and row[0] != before:
                raise BusyError(f"thread {thread.id!r} was started by somebody else", hint="read its state")
            db.execute(_PUT_THREAD, _thread_row(thread))
            db.executemany("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)", rows)

    def turns(self, thread_id: str) -> list[Turn]:
        """Return the turns of a thread that are kept, oldest first."""
        with self._database() as db:
            rows = db.execute("SELECT value FROM turns WHERE thread=? ORDER BY created", (thread_id,)).fetchall()
        return [Turn.model_validate_json(row[0]) for row in rows]

    def drop_turn(self, turn_id: str) -> None:
        """Forget a turn."""
        with self._database() as db:
            db.execute("DELETE FROM turns WHERE id=?", (turn_id,))

    def drop(self, thread_id: str) -> None:
        """Forget a thread and its turns."""
        with self._database() as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM turns WHERE thread=?", (thread_id,))
            db.execute("DELETE FROM threads WHERE id=?", (thread_id,))

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """A connection for one piece of work: the threads of a server share nothing, and nothing is left to close."""
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as db, db:
                yield db
        except sqlite3.Error as exc:
            raise StoreError(
                f"the threads {str(self._path)!r} cannot be used: {exc}", hint="free some disk space; swf doctor"
            ) from exc


def _thread_row(thread: Thread) -> tuple[str, str | None, str]:
    return thread.id, thread.run, thread.model_dump_json()


def _turn_row(turn: Turn) -> tuple[str, str, float, str]:
    return turn.id, turn.thread, turn.created, turn.model_dump_json()
