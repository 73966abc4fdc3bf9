"""The kernel's limits, set from outside on a process that waits and inherited by all it starts."""

from __future__ import annotations

import contextlib
import math
import os
import platform
import resource
from pathlib import Path

from swfactory.domain.execution import Limits

__all__ = ["counts_all_processes", "own_tasks", "set_limits"]

_FILES_AT_ONCE = 256


def set_limits(pid: int, limits: Limits, *, other_tasks: int = 0) -> None:
    """Limit a process and its children to come.

    Args:
        pid: a process of the caller's own that waits.
        limits: what to hold.
        other_tasks: tasks of the same user that the kernel counts with the program's.

    Raises:
        OSError: the process is gone or may not be limited.
    """
    seconds = math.ceil(limits.seconds) + 1
    bounds = {
        # Per process and of address space: a fence behind the watcher, which bounds the tree's resident memory.
        resource.RLIMIT_AS: (2 * limits.memory_mb) << 20,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: limits.disk_mb << 20,
        resource.RLIMIT_NPROC: limits.processes + other_tasks,
        resource.RLIMIT_NOFILE: _FILES_AT_ONCE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, bound in bounds.items():
        _, hard = resource.prlimit(pid, kind)
        value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.prlimit(pid, kind, (value, value))


def counts_all_processes() -> bool:
    """Whether RLIMIT_NPROC counts a user's processes outside a user namespace too, as before Linux 5.14."""
    major, minor = (int("".join(filter(str.isdigit, part))) for part in platform.release().split(".")[:2])
    return (major, minor) < (5, 14)


def own_tasks() -> int:
    """Number of threads that the caller's user has on this machine."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == os.geteuid():
                    total += sum(1 for _ in (entry / "task").iterdir())
    return total
