"""One writer a run: a file lock that the kernel frees the moment its process dies."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from swfactory.errors import BusyError, StoreError

__all__ = ["RunLock", "lock_holder"]

_PAUSE_SECONDS = 0.05
_GLANCE_SECONDS = 0.2
"""How long a reader that only looks whether the lock is free may hold it, with much to spare."""


class RunLock:
    """An exclusive lock on a run, held until ``release`` or the end of the process.

    Args:
        path: the lock file; its folder exists.
        run_id: for messages.
    """

    def __init__(self, path: Path, run_id: str) -> None:
        self._path = path
        self._run_id = run_id
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, patience: float = 0.0) -> RunLock:
        """Take the lock and return this object.

        Args:
            patience: seconds to wait for whoever works on the run.

        Raises:
            BusyError: another process, or another handle in this one, works on the run.
            StoreError: the lock file cannot be opened.
        """
        if self._descriptor is not None:
            return self
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise StoreError(f"cannot open the lock {str(self._path)!r}: {exc.strerror}", hint="swf doctor") from exc
        deadline = time.monotonic() + max(patience, _GLANCE_SECONDS)
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                if time.monotonic() < deadline:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
                os.close(descriptor)
                raise BusyError(
                    f"run {self._run_id!r} is being worked on by process {pid or 'unknown'}",
                    hint=f"swf logs {self._run_id} --follow",
                ) from exc
            break
        self._descriptor = descriptor
        with suppress(OSError):  # the pid is for messages only; a full disk must not stop a resume here
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return self

    def release(self) -> None:
        """Free the lock; does nothing when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def handed_over(self) -> RunLock:
        """Return a lock that holds what this one held, and outlives the ``with`` block of this one."""
        other = RunLock(self._path, self._run_id)
        other._descriptor, self._descriptor = self._descriptor, None
        return other

    def __enter__(self) -> RunLock:
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
        pid = os.pread(descriptor, 32, 0).strip()
        return int(pid) if pid.isdigit() else 0
    else:
        return None
    finally:
        os.close(descriptor)
