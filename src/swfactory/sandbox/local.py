"""A bare subprocess with kernel limits, for people who asked for it with ``--unsafe-local``.

It bounds accidents, not attacks: the program runs as the user, sees the user's files and has the network.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from swfactory.domain.execution import Command, Execution, Limits, Verdict
from swfactory.errors import SandboxError
from swfactory.sandbox.box import confine, lay_out, read_back, usage
from swfactory.sandbox.environment import program, refusal, variables
from swfactory.sandbox.memory import over
from swfactory.sandbox.rlimits import own_tasks, set_limits
from swfactory.sandbox.supervise import call_in_thread, judge, supervise
from swfactory.sandbox.toolchain import Interpreter, Toolchain, build_toolchain, find_interpreter

__all__ = ["LocalSandbox"]

_MARK = "SWFACTORY_RUN"
_SHELL = ("/bin/sh", "-c", 'read -r go; exec "$@"', "sh")


class LocalSandbox:
    """Runs commands as plain subprocesses in a temporary folder.

    Args:
        cache: folder for the toolchain that products are tested with.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._tools: tuple[Interpreter, Toolchain] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The backend's name."""
        return "local"

    def check(self) -> None:
        """Prepare the toolchain.

        Raises:
            SandboxError: it cannot be built.
        """
        self._prepare()

    async def run(self, command: Command) -> Execution:
        """Run a command in a fresh folder; see ``swfactory.ports.Sandbox.run``."""
        collect = confine(command.files, command.collect)
        if (refused := refusal(command, self.name)) is not None:
            return refused
        return await call_in_thread(lambda cancelled: self._run(command, collect, cancelled))

    def _prepare(self) -> tuple[Interpreter, Toolchain]:
        with self._lock:
            if self._tools is None:
                interpreter = find_interpreter()
                self._tools = (interpreter, build_toolchain(self._cache, interpreter))
            return self._tools

    def _run(self, command: Command, collect: Sequence[str], cancelled: threading.Event) -> Execution:
        interpreter, toolchain = self._prepare()
        mark = secrets.token_hex(8)
        with contextlib.ExitStack() as stack:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="swf-", ignore_cleanup_errors=True)))
            folders = {name: root / name for name in ("box", "tmp")}
            for folder in folders.values():
                folder.mkdir()
            work, processes = (
                os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) for path in (folders["box"], "/proc")
            )
            for descriptor in (work, processes):
                stack.callback(os.close, descriptor)
            environment = variables(command, toolchain=str(toolchain.root), packages=command.packages)
            for key in ("HOME", "TMPDIR"):
                if key not in command.env:
                    environment[key] = str(folders["tmp"])
            environment[_MARK] = mark
            try:
                lay_out(work, command.files)
                pipe = subprocess.PIPE
                process = subprocess.Popen(
                    [*_SHELL, *program(command.argv, interpreter)],
                    stdin=pipe,
                    stdout=pipe,
                    stderr=pipe,
                    cwd=folders["box"],
                    env=environment,
                    start_new_session=True,
                )
                set_limits(process.pid, command.limits, other_tasks=own_tasks())
            except OSError as exc:
                raise SandboxError(f"{command.argv[0]!r} cannot be started: {exc}", hint="swf doctor") from exc
            tree = _Tree(process.pid, f"{_MARK}={mark}".encode())
            stack.callback(tree.kill)
            ending = supervise(
                process,
                stdin=b"\n" + command.stdin.encode("utf-8", "surrogatepass"),
                limits=command.limits,
                breach=lambda: _breach(tree, work, processes, command.limits),
                kill=tree.kill,
                cancelled=cancelled,
            )
            tree.kill()
            room = command.limits.disk_mb << 20
            found: Verdict = ending.verdict
            if found == "exited" and usage(work, stop=room) >= room:
                found = "disk"
            code, verdict = judge(ending.exit_code, ending.stderr, found, shell_status=False)
            return Execution(
                exit_code=code,
                stdout=ending.stdout,
                stderr=ending.stderr,
                verdict=verdict,
                seconds=ending.seconds,
                files=read_back(work, collect),
                backend=self.name,
            )


class _Tree:
    """The processes of one run: its session, and whoever left it but carries the run's mark in the environment."""

    def __init__(self, leader: int, mark: bytes) -> None:
        self._leader = leader
        self._mark = mark

    def members(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    session = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[3])
                    if session == self._leader or self._mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found

    def kill(self) -> None:
        """Kill until none is left; a fork may slip through one round but not through all."""
        for _ in range(50):
            members = self.members()
            for pid in members:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            if not any(_alive(pid) for pid in members):
                return


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


def _breach(tree: _Tree, work: int, processes: int, limits: Limits) -> Verdict | None:
    room = limits.disk_mb << 20
    if usage(work, stop=room) >= room:
        return "disk"
    return "memory" if over(limits.memory_mb << 20, processes, map(str, tree.members())) else None
