"""Docker and Podman by way of their command line, for people who prefer them."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from swfactory.domain.execution import Command, Execution, Limits, Verdict
from swfactory.errors import SandboxError
from swfactory.sandbox.box import confine, lay_out, read_back, usage
from swfactory.sandbox.environment import PACKAGES, TOOLCHAIN, WORK, refusal, variables
from swfactory.sandbox.supervise import call_in_thread, judge, supervise
from swfactory.sandbox.toolchain import Toolchain, build_toolchain, find_interpreter

__all__ = ["ContainerSandbox", "container_arguments", "default_image"]

Engine = Literal["docker", "podman"]

_NOBODY = 65534
_KILLED = 137
_PULL_SECONDS = 900
_CALL_SECONDS = 60


def default_image() -> str:
    """The official image of the Python that the toolchain was built with."""
    return f"docker.io/library/python:{sys.version_info.major}.{sys.version_info.minor}-slim"


def container_arguments(
    command: Command, *, engine: Engine, image: str, name: str, work: Path, toolchain: Toolchain, user: tuple[int, int]
) -> list[str]:
    """The engine's command line for one run.

    Args:
        command: what to run.
        engine: ``docker`` or ``podman``.
        image: image with a Python of the toolchain's version.
        name: name of the container, for killing it.
        work: folder outside that holds the files.
        toolchain: pytest and what it needs.
        user: numeric user and group of the program; they own ``work``.
    """
    limits = command.limits
    room = limits.disk_mb << 20
    mounts = [f"type=bind,src={work},dst={WORK}", f"type=bind,src={toolchain.root},dst={TOOLCHAIN},readonly"]
    if command.packages is not None:
        mounts.append(f"type=bind,src={command.packages},dst={PACKAGES},readonly")
    # The toolchain's own ``python`` names an interpreter outside the image, so its folder comes last.
    path = f"/usr/local/bin:/usr/bin:/bin:{TOOLCHAIN}/bin"
    environment = {**variables(command), "PATH": command.env.get("PATH", path)}
    return [
        *(engine, "run", "--interactive", "--init", "--name", name, "--pull", "never"),
        *("--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("--user", f"{user[0]}:{user[1]}"),
        *(("--userns", "keep-id") if engine == "podman" and user[0] == os.getuid() != 0 else ()),
        *("--memory", f"{limits.memory_mb}m", "--memory-swap", f"{limits.memory_mb}m"),
        *("--pids-limit", str(limits.processes + 2)),  # and the engine's reaper
        *("--ulimit", f"fsize={room}:{room}", "--ulimit", "nofile=256:256", "--ulimit", "core=0:0"),
        *("--ulimit", "cpu={0}:{0}".format(math.ceil(limits.seconds) + 1)),
        *("--tmpfs", f"/tmp:rw,exec,nosuid,nodev,mode=1777,size={room}"),  # noqa: S108 - inside
        *("--shm-size", str(room), "--hostname", "sandbox", "--workdir", WORK),
        *(part for mount in mounts for part in ("--mount", mount)),
        *(part for key, value in environment.items() for part in ("--env", f"{key}={value}")),
        *("--entrypoint", command.argv[0], image, *command.argv[1:]),
    ]


class ContainerSandbox:
    """Runs each command in a container of its own.

    Args:
        cache: folder for the toolchain that products are tested with.
        engine: ``docker`` or ``podman``.
        image: image with a Python of the same version as the factory's; None for the official one.
    """

    def __init__(self, cache: Path, *, engine: Engine, image: str | None = None) -> None:
        self._cache = cache
        self._engine: Engine = engine
        self._image = image or default_image()
        self._toolchain: Toolchain | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The backend's name."""
        return self._engine

    def check(self) -> None:
        """Prove that a container can be run here, pulling the image when it is missing.

        Raises:
            SandboxError: it cannot; the message holds the engine's own words.
        """
        execution = self._run(Command(argv=("true",), limits=Limits(seconds=_CALL_SECONDS)), (), threading.Event())
        if not execution.ok:
            raise SandboxError(
                f"{self._engine} does not work here: {execution.stderr.strip() or execution.verdict}", hint="swf doctor"
            )

    async def run(self, command: Command) -> Execution:
        """Run a command in a fresh container; see ``swfactory.ports.Sandbox.run``."""
        collect = confine(command.files, command.collect)
        if (refused := refusal(command, self.name)) is not None:
            return refused
        return await call_in_thread(lambda cancelled: self._run(command, collect, cancelled))

    def _prepare(self) -> Toolchain:
        with self._lock:
            if self._toolchain is None:
                if self._call("image", "inspect", self._image, seconds=_CALL_SECONDS).returncode != 0:
                    pulled = self._call("pull", self._image, seconds=_PULL_SECONDS)
                    if pulled.returncode != 0:
                        raise SandboxError(
                            f"{self._engine} has no image {self._image!r}: {pulled.stderr.strip()}",
                            hint=f"{self._engine} pull {self._image}",
                        )
                self._toolchain = build_toolchain(self._cache, find_interpreter())
            return self._toolchain

    def _call(self, *arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self._engine, *arguments], capture_output=True, text=True, timeout=seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise SandboxError(f"{self._engine} does not answer: {exc}", hint=f"{self._engine} info") from exc

    def _run(self, command: Command, collect: Sequence[str], cancelled: threading.Event) -> Execution:
        toolchain = self._prepare()
        name = f"swf-{secrets.token_hex(8)}"
        user = (_NOBODY, _NOBODY) if os.geteuid() == 0 else (os.getuid(), os.getgid())
        with contextlib.ExitStack() as stack:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="swf-", ignore_cleanup_errors=True)))
            root.chmod(0o711)
            folder = root / "box"
            folder.mkdir()
            work = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, work)
            arguments = container_arguments(
                command,
                engine=self._engine,
                image=self._image,
                name=name,
                work=folder,
                toolchain=toolchain,
                user=user,
            )
            try:
                lay_out(work, command.files, owner=_NOBODY if user[0] == _NOBODY else None)
                pipe = subprocess.PIPE
                process = subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
            except OSError as exc:
                raise SandboxError(f"{self._engine!r} cannot be started: {exc}", hint="swf doctor") from exc
            room = command.limits.disk_mb << 20

            def kill() -> None:
                self._call("kill", name, seconds=_CALL_SECONDS)
                process.kill()

            stack.callback(self._call, "rm", "--force", name, seconds=_CALL_SECONDS)
            ending = supervise(
                process,
                stdin=command.stdin.encode("utf-8", "surrogatepass"),
                limits=command.limits,
                breach=lambda: "disk" if usage(work, stop=room) >= room else None,
                kill=kill,
                cancelled=cancelled,
            )
            found: Verdict = ending.verdict
            if found == "exited" and usage(work, stop=room) >= room:
                found = "disk"
            if found == "exited" and ending.exit_code == _KILLED and self._out_of_memory(name):
                found = "memory"
            if ending.exit_code == 125 and found == "exited":  # the engine's own failure, by its manual
                raise SandboxError(f"{self._engine} could not run: {ending.stderr.strip()}", hint="swf doctor")
            code, verdict = judge(ending.exit_code, ending.stderr, found, shell_status=True)
            return Execution(
                exit_code=code,
                stdout=ending.stdout,
                stderr=ending.stderr,
                verdict=verdict,
                seconds=ending.seconds,
                files=read_back(work, collect),
                backend=self.name,
            )

    def _out_of_memory(self, name: str) -> bool:
        told = self._call("inspect", "--format", "{{.State.OOMKilled}}", name, seconds=_CALL_SECONDS)
        return told.stdout.strip() == "true"
