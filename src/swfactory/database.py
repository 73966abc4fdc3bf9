"""SQLite files that several processes read and write at once."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from swfactory.errors import StoreError

__all__ = ["open_database", "schema_version"]

_PATIENCE_SECONDS = 30.0
"""How long one waits for the writes of others."""
_PAUSE_SECONDS = 0.01


def open_database(path: Path) -> sqlite3.Connection:
    """Open a file with a write-ahead log, so that readers wait for no writer; every transaction is begun by name.

    Nothing is written when the file has its log already. The connection may be used by any thread, one at a time.

    Args:
        path: the file; made when missing, its folder is there.

    Raises:
        sqlite3.Error: it cannot be opened, or is no database.
    """
    db = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _log(db, time.monotonic() + _PATIENCE_SECONDS)
        db.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        db.close()
        raise
    return db


def _log(db: sqlite3.Connection, deadline: float) -> None:
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            # Of two that make the log at once, SQLite turns one away instead of letting it wait.
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def schema_version(db: sqlite3.Connection, path: Path, known: int) -> int:
    """Return the version of a file's tables; 0 when there are none.

    Args:
        db: the open file.
        path: of it, for the message.
        known: newest version that can be used.

    Raises:
        StoreError: they are those of a newer version.
        sqlite3.Error: the file cannot be read.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > known:
        raise StoreError(
            f"{str(path)!r} has schema version {version}, this version of swfactory knows {known}",
            hint="git pull && make .venv/.ready  in the clone",
        )
    return version
