"""An open bubblewrap sandbox, seen from outside: its work folder, its processes, its memory."""

from __future__ import annotations

import contextlib
import os
import select
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
        init: process descriptor of the sandbox's first process; its end is that of all others.
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
            signal.pidfd_send_signal(self.init, signal.SIGKILL)

    def clear(self) -> None:
        """Kill what the program left behind and wait until it is gone.

        bubblewrap itself ends as soon as it knows the program's status, before the sandbox's first process does.
        """
        self.kill()
        end = select.poll()
        end.register(self.init, select.POLLIN)
        end.poll()

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
    """Take hold of a sandbox that is set up; no process of it is left at the end.

    Args:
        process: bubblewrap itself.
        init: number of the sandbox's first process, as seen outside.

    Raises:
        OSError: it has ended meanwhile.
    """
    with contextlib.ExitStack() as stack:

        def folder(path: str) -> int:
            descriptor = os.open(f"/proc/{init}/root{path}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            return descriptor

        first = os.pidfd_open(init)
        stack.callback(os.close, first)
        namespace = Namespace(process, first, folder(WORK), folder("/proc"), tuple(map(folder, SCRATCH)))
        stack.callback(namespace.clear)
        yield namespace
