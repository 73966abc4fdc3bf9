"""Watching one started process to its end: pipes, clock, output limit, and whatever else the backend measures."""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TypeVar

from swfactory.domain.execution import Limits, Verdict

__all__ = ["Ending", "call_in_thread", "judge", "supervise"]

T = TypeVar("T")

TICK = 0.05
"""Seconds between two looks at memory, disk and the clock."""

_LINGER = 1.0
"""Seconds that inherited pipes may stay open after the process has ended."""

_FATAL = frozenset(
    128 + number
    for number in (
        signal.SIGILL,
        signal.SIGTRAP,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGKILL,
        signal.SIGSEGV,
        signal.SIGPIPE,
        signal.SIGTERM,
        signal.SIGXCPU,
        signal.SIGXFSZ,
        signal.SIGSYS,
    )
)


@dataclass(frozen=True)
class Ending:
    """How a process ended.

    Args:
        exit_code: status; negative for the signal that ended it.
        stdout: standard output, cut at the limit.
        stderr: standard error, cut at the limit.
        verdict: limit that ended it, or ``exited``.
        seconds: wall-clock time.
    """

    exit_code: int
    stdout: str
    stderr: str
    verdict: Verdict
    seconds: float


async def call_in_thread(work: Callable[[threading.Event], T]) -> T:
    """Run blocking work in a thread of its own, so that its clock runs even while the event loop is busy.

    Args:
        work: called with an event that is set when this coroutine is cancelled; it should then end soon.
    """
    cancelled = threading.Event()
    task = asyncio.ensure_future(asyncio.to_thread(work, cancelled))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        cancelled.set()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # what the thread says on its way out no longer matters
        raise


def supervise(
    process: subprocess.Popen[bytes],
    *,
    stdin: bytes,
    limits: Limits,
    breach: Callable[[], Verdict | None],
    kill: Callable[[], None],
    cancelled: threading.Event,
) -> Ending:
    """Feed, drain and watch a process until it and its output have ended.

    Args:
        process: started with three pipes.
        stdin: bytes to feed; the pipe is closed after them.
        limits: time and output are held here.
        breach: called every ``TICK``; the limit that the process tree has passed, or None.
        kill: ends the whole process tree.
        cancelled: when set, the tree is killed and the ending is of no interest.

    Returns:
        The ending, with the exit code as ``Popen`` gives it.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    started = time.monotonic()
    deadline = started + limits.seconds
    cap = limits.output_kb << 10
    kept: dict[int, bytearray] = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    out, err = kept.values()
    verdict: Verdict = "exited"
    closing: float | None = None
    pending = memoryview(stdin)
    exit_fd = _exit_descriptor(process.pid)
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdin, process.stdout, process.stderr):
            os.set_blocking(stream.fileno(), False)
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        if exit_fd is not None:
            selector.register(exit_fd, selectors.EVENT_READ)
        try:
            next_look = started
            while kept or process.poll() is None:
                for key, _ in selector.select(TICK):
                    if key.fd == exit_fd:
                        process.poll()
                        selector.unregister(exit_fd)
                    elif key.fileobj is process.stdin:
                        pending = _feed(process.stdin, pending, selector)
                    elif not _drain(key.fd, kept[key.fd], cap):
                        selector.unregister(key.fileobj)
                        del kept[key.fd]
                now = time.monotonic()
                if closing is None:
                    if process.poll() is not None:
                        closing = now + _LINGER
                    elif len(out) > cap or len(err) > cap:
                        verdict = "output"
                    elif now >= deadline:
                        verdict = "timeout"
                    elif now >= next_look:
                        next_look = now + TICK
                        verdict = breach() or verdict
                    if closing is None and (verdict != "exited" or cancelled.is_set()):
                        kill()
                        closing = now + _LINGER
                elif now > closing and process.poll() is not None:
                    break  # something outside the tree holds the pipes; what it writes is not the program's
        finally:
            if process.poll() is None:
                kill()
            process.wait()
            if exit_fd is not None:
                os.close(exit_fd)
            for stream in (process.stdin, process.stdout, process.stderr):
                _close(stream)
    if verdict == "exited" and (len(out) > cap or len(err) > cap):
        verdict = "output"
    return Ending(
        exit_code=process.returncode,
        stdout=bytes(out[:cap]).decode("utf-8", "replace"),
        stderr=bytes(err[:cap]).decode("utf-8", "replace"),
        verdict=verdict,
        seconds=time.monotonic() - started,
    )


def judge(exit_code: int, stderr: str, verdict: Verdict, *, shell_status: bool) -> tuple[int, Verdict]:
    """Read the last words of a program that ended by itself at a limit of the kernel.

    The kernel holds address space, file size and CPU time by itself, so the program sees an error or a signal and the
    watcher sees an ordinary exit.

    Args:
        exit_code: status; negative for a signal.
        stderr: standard error.
        verdict: what the watcher found.
        shell_status: whether a signal shows as 128 plus its number.

    Returns:
        The exit code in ``Popen``'s convention, and the verdict.
    """
    if shell_status and exit_code in _FATAL:
        exit_code = 128 - exit_code
    if verdict != "exited":
        return -signal.SIGKILL, verdict
    if exit_code == -signal.SIGXCPU:
        return exit_code, "timeout"
    if exit_code == -signal.SIGXFSZ:
        return exit_code, "disk"
    last = stderr[-4096:].rstrip().rsplit("\n", 1)[-1]
    if exit_code != 0 and last.startswith("MemoryError"):
        return exit_code, "memory"
    if exit_code != 0 and last.startswith(("OSError: [Errno 27]", "OSError: [Errno 28]")):
        return exit_code, "disk"
    return exit_code, verdict


def _exit_descriptor(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except OSError:  # before Linux 5.3: the tick finds the exit
        return None


def _drain(descriptor: int, buffer: bytearray, cap: int) -> bool:
    try:
        chunk = os.read(descriptor, 1 << 16)
    except BlockingIOError:
        return True
    if len(buffer) <= cap:
        buffer += chunk
    return bool(chunk)


def _feed(stream: IO[bytes], pending: memoryview, selector: selectors.BaseSelector) -> memoryview:
    try:
        pending = pending[os.write(stream.fileno(), pending[: 1 << 16]) :]
    except BlockingIOError:
        return pending
    except BrokenPipeError:
        pending = pending[:0]
    if not pending:
        selector.unregister(stream)
        _close(stream)
    return pending


def _close(stream: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):  # closing flushes nothing: the writes went through os.write
        stream.close()
