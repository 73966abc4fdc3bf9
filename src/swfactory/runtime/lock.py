"""One writer a run."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from swfactory.errors import StoreError
from swfactory.locks import FileLock

__all__ = ["RunLock"]


class RunLock(FileLock):
    """An exclusive lock on a run, held until ``release`` or the end of the process.

    Args:
        path: the lock file; its folder exists.
        run_id: for messages.
    """

    def __init__(self, path: Path, run_id: str) -> None:
        super().__init__(path, f"run {run_id!r} is being worked on", hint=f"swf logs {run_id} --follow")
        self._run_id = run_id

    def acquire(self, patience: float = 0.0) -> Self:
        """Take the lock and return this object.

        Args:
            patience: seconds to wait for whoever works on the run.

        Raises:
            BusyError: another process, or another handle in this one, works on the run.
            StoreError: the lock file cannot be opened.
        """
        try:
            return super().acquire(patience)
        except OSError as exc:
            raise StoreError(f"cannot open the lock {str(self._path)!r}: {exc.strerror}", hint="swf doctor") from exc

    def handed_over(self) -> RunLock:
        """Return a lock that holds what this one held, and outlives the ``with`` block of this one."""
        other = RunLock(self._path, self._run_id)
        other._descriptor, self._descriptor = self._descriptor, None
        return other
