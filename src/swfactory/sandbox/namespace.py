"""An open bubblewrap sandbox, seen from outside: its work folder, its processes, its memory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.domain.execution import Limits, Verdict
from swfactory.sandbox.environment import SCRATCH, WORK
from swfactory.sandbox.memory import over

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
        try:
            names = os.listdir(self.processes)  # noqa: PTH208 - a descriptor, not a path
        except OSError:  # the first process is gone, and all others with it
            return None
        return "memory" if over(limits.memory_mb << 20, self.processes, filter(str.isdigit, names)) else None

    def full(self, limits: Limits) -> bool:
        """Whether the folders hold as much as they may, in bytes or in number of files."""
        used = files = 0
        for folder in (self.work, *self.scratch):
            status = os.fstatvfs(folder)
            used += (status.f_blocks - status.f_bfree) * status.f_frsize
            files += status.f_files - status.f_ffree
        return used >= limits.disk_mb << 20 or files > _INODES


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
