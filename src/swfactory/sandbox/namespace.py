"""An open bubblewrap sandbox, seen from outside: its work folder, its processes, its memory."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.domain.execution import Limits, Verdict
from swfactory.sandbox.environment import SCRATCH, WORK

__all__ = ["Namespace", "open_namespace"]

_INODES = 20_000
"""Files that a run may have at once; each costs kernel memory that no quota counts."""


@dataclass(frozen=True)
class Namespace:
    """A sandbox whose shell waits for the word to start.

    Args:
        process: bubblewrap itself.
        init: first process of the sandbox, by its number outside.
        work: descriptor of the work folder; outlives the processes.
        processes: descriptor of the sandbox's own ``/proc``, which lists its processes and no others.
        scratch: descriptors of the other folders that can be written.
    """

    process: subprocess.Popen[bytes]
    init: int
    work: int
    processes: int
    scratch: tuple[int, ...]

    def kill(self) -> None:
        """End the whole tree: the kernel kills a process-id namespace with its first process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.init, signal.SIGKILL)

    def breach(self, limits: Limits) -> Verdict | None:
        """Name the limit of memory or disk that has been passed, or None."""
        if self.full(limits):
            return "disk"
        bound = limits.memory_mb << 20
        # Resident sizes count a shared page once a process: cheap to read, and never too low.
        if self._memory("statm") > bound and self._memory("smaps_rollup") > bound:
            return "memory"
        return None

    def full(self, limits: Limits) -> bool:
        """Whether the folders hold as much as they may, in bytes or in number of files."""
        used = files = 0
        for folder in (self.work, *self.scratch):
            status = os.fstatvfs(folder)
            used += (status.f_blocks - status.f_bfree) * status.f_frsize
            files += status.f_files - status.f_ffree
        return used >= limits.disk_mb << 20 or files > _INODES

    def _memory(self, source: str) -> int:
        total = 0
        try:
            names = os.listdir(self.processes)  # noqa: PTH208 - a descriptor, not a path
        except OSError:  # the first process is gone, and all others with it
            return 0
        for name in filter(str.isdigit, names):
            with contextlib.suppress(OSError, ValueError, IndexError):  # it ended while it was read
                total += _memory_of(f"{name}/{source}", self.processes)
        return total


@contextlib.contextmanager
def open_namespace(process: subprocess.Popen[bytes], init: int) -> Iterator[Namespace]:
    """Take hold of a sandbox that is set up.

    Raises:
        OSError: it has ended meanwhile.
    """
    with contextlib.ExitStack() as stack:

        def folder(path: str) -> int:
            descriptor = os.open(f"/proc/{init}/root{path}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            return descriptor

        yield Namespace(process, init, folder(WORK), folder("/proc"), tuple(map(folder, SCRATCH)))


def _memory_of(path: str, folder: int) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        text = os.read(descriptor, 4096).decode("ascii", "replace")
    finally:
        os.close(descriptor)
    if path.endswith("statm"):
        return int(text.split()[1]) * resource.getpagesize()
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
