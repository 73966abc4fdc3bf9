"""How much memory a set of processes holds."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterable

__all__ = ["over"]


def over(bound: int, folder: int, pids: Iterable[str]) -> bool:
    """Whether processes hold more memory than a bound, together.

    Args:
        bound: bytes.
        folder: descriptor of the ``/proc`` that names them.
        pids: their numbers there.
    """
    names = list(pids)
    # Resident sizes count a shared page once a process: cheap to read, and never too low.
    return _total(folder, names, "statm") > bound and _total(folder, names, "smaps_rollup") > bound


def _total(folder: int, names: list[str], source: str) -> int:
    total = 0
    for name in names:
        with contextlib.suppress(OSError, ValueError, IndexError):  # it ended while it was read
            total += _memory_of(f"{name}/{source}", folder)
    return total


def _memory_of(path: str, folder: int) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        text = os.read(descriptor, 4096).decode("ascii", "replace")
    finally:
        os.close(descriptor)
    if path.endswith("statm"):
        return int(text.split()[1]) * resource.getpagesize()
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
