"""One writer a file: locks that the kernel frees the moment the process that holds them dies (``flock(2)``)."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from swfactory.errors import BusyError

__all__ = ["FileLock", "lock_holder", "process_lives"]

_PAUSE_SECONDS = 0.05
_GLANCE_SECONDS = 0.2
"""How long a reader that only looks whether the lock is free may hold it, with much to spare."""


class FileLock:
    """An exclusive lock on a file, held until ``release`` or the end of the process; no child inherits it.

    Args:
        path: the lock file, which is made; its folder exists.
        what: what a process that holds it does, e.g. ``"model 'm' is being fetched"``; for messages.
        hint: what to do while another process holds it.
    """

    def __init__(self, path: Path, what: str, hint: str) -> None:
        self._path = path
        self._what = what
        self._hint = hint
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, patience: float = 0.0) -> Self:
        """Take the lock and return this object.

        Args:
            patience: seconds to wait for whoever holds it.

        Raises:
            BusyError: another process, or another object in this one, holds it.
            OSError: the lock file cannot be opened.
        """
        if self._descriptor is not None:
            return self
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take(descriptor, time.monotonic() + max(patience, _GLANCE_SECONDS))
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def _take(self, descriptor: int, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                if time.monotonic() >= deadline:
                    raise BusyError(
                        f"{self._what} by process {_pid(descriptor) or 'unknown'}", hint=self._hint
                    ) from exc
                time.sleep(_PAUSE_SECONDS)
            else:
                break
        with suppress(OSError):  # the pid is for messages only; a full disk must not stop a resume here
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Free the lock; does nothing when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_holder(path: Path) -> int | None:
    """Return the process that holds a lock file, or None when it is free. 0 stands for an unknown process."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def process_lives(pid: int) -> bool:
    """Whether a process of this number is there, whoever it belongs to; one that has ended but was not waited for is.

    Args:
        pid: above 0; another number stands for a group of processes.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else 0
