"""Each limit of a sandbox, proven by trying to break it from inside.

Evidence is taken outside wherever there is any: a listener that nobody reached, a secret that was not printed, a file
that did not appear, a process that is gone. The attacks are bounded, so that a sandbox that fails them does no damage;
still, they are not for the ``local`` backend.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from swfactory.domain.execution import Command, Execution, Limits, Verdict
from swfactory.ports import Sandbox
from swfactory.sandbox import attacks

__all__ = ["PROBES", "Probe", "run_probes"]

_CANARY = "SWFACTORY_CANARY"


@dataclass(frozen=True)
class Probe:
    """What came of one attack.

    Args:
        name: the property that was attacked.
        held: whether the sandbox kept it.
        detail: what was seen, in a line.
    """

    name: str
    held: bool
    detail: str


async def run_probes(sandbox: Sandbox, names: Iterable[str] | None = None) -> list[Probe]:
    """Attack a sandbox, one limit after the other.

    Args:
        sandbox: the sandbox to attack; its failures are results, not exceptions.
        names: keys of ``PROBES``; None for all.

    Raises:
        SandboxError: it does not start at all.
    """
    return [await PROBES[name](sandbox) for name in (PROBES if names is None else names)]


async def _attack(sandbox: Sandbox, source: str, *arguments: str, limits: Limits | None = None) -> Execution:
    return await sandbox.run(Command(argv=("python", "-c", source, *arguments), limits=limits or Limits()))


def _ended_by(name: str, execution: Execution, verdict: Verdict, held_detail: str) -> Probe:
    held = execution.verdict == verdict
    return Probe(name, held, held_detail if held else f"verdict {execution.verdict!r}: {_last(execution)}")


def _last(execution: Execution) -> str:
    lines = (execution.stderr.strip() or execution.stdout.strip()).splitlines()
    return lines[-1][:200] if lines else f"status {execution.exit_code}"


def _silent(name: str, execution: Execution, held_detail: str) -> Probe:
    """Held when the program got through its attempts and none succeeded."""
    held = execution.ok and not execution.stdout.strip()
    return Probe(name, held, held_detail if held else _last(execution))


async def _network(sandbox: Sandbox) -> Probe:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        execution = await _attack(sandbox, attacks.NETWORK, str(listener.getsockname()[1]))
        probe = _silent("network", execution, "no host reached, no name resolved")
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return probe
    return Probe("network", False, "the program reached a server of this machine")


@contextlib.contextmanager
def _secret_at_home() -> Iterator[tuple[Path, str]]:
    token = secrets.token_hex(16)
    home = Path.home()
    place = home if os.access(home, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=".swf-probe-", dir=place) as folder:
        secret = Path(folder) / "secret"
        secret.write_text(token, encoding="utf-8")
        secret.chmod(0o644)
        Path(folder).chmod(0o755)
        yield secret, token


async def _home(sandbox: Sandbox) -> Probe:
    with _secret_at_home() as (secret, token):
        execution = await _attack(sandbox, attacks.READ, str(secret))
    held = execution.ok and token not in execution.stdout
    return Probe("home folder", held, "a file in it could not be read" if held else _last(execution))


async def _environment(sandbox: Sandbox) -> Probe:
    token = secrets.token_hex(16)
    os.environ[_CANARY] = token
    try:
        execution = await _attack(sandbox, attacks.READ, "/nowhere")
    finally:
        del os.environ[_CANARY]
    held = execution.ok and token not in execution.stdout
    return Probe("environment", held, "the factory's variables are hidden" if held else "a variable leaked")


async def _write(sandbox: Sandbox) -> Probe:
    with _secret_at_home() as (secret, _):
        execution = await _attack(sandbox, attacks.WRITE, str(secret.parent))
    return _silent("files outside", execution, "nothing outside the work folder could be written")


async def _fork(sandbox: Sandbox) -> Probe:
    limits = Limits(processes=32)
    execution = await _attack(sandbox, attacks.FORK, limits=limits)
    count = int(execution.stdout.strip()) if execution.stdout.strip().isdigit() else 0
    held = 0 < count <= limits.processes + 2
    return Probe("fork bomb", held, f"stopped after {count} processes" if held else f"{count}: {_last(execution)}")


async def _memory(sandbox: Sandbox) -> Probe:
    execution = await _attack(sandbox, attacks.HOG, "1", "400", limits=Limits(memory_mb=128))
    return _ended_by("memory", execution, "memory", "a program that took too much was killed")


async def _memory_tree(sandbox: Sandbox) -> Probe:
    execution = await _attack(sandbox, attacks.HOG, "8", "40", limits=Limits(memory_mb=128))
    return _ended_by("memory of a tree", execution, "memory", "eight processes that took too much together were killed")


async def _output(sandbox: Sandbox) -> Probe:
    limits = Limits(output_kb=64)
    execution = await _attack(sandbox, attacks.PRINT, limits=limits)
    if len(execution.stdout) > limits.output_kb << 10:
        return Probe("output", False, f"{len(execution.stdout)} characters were kept")
    return _ended_by("output", execution, "output", "an endless print was cut and killed")


async def _big_file(sandbox: Sandbox) -> Probe:
    execution = await _attack(sandbox, attacks.BIG_FILE, "256", limits=Limits(disk_mb=16))
    if execution.stdout:
        return Probe("file size", False, execution.stdout.strip())
    return _ended_by("file size", execution, "disk", "a big file ended at the limit")


async def _folder(sandbox: Sandbox) -> Probe:
    limits = Limits(disk_mb=16)
    execution = await _attack(sandbox, attacks.MANY_FILES, limits=limits)
    return _ended_by("folder size", execution, "disk", "many files together ended at the limit")


async def _kill(sandbox: Sandbox) -> Probe:
    execution = await _attack(sandbox, attacks.KILL)
    return _silent("other processes", execution, "none could be killed, the parent included")


async def _daemon(sandbox: Sandbox) -> Probe:
    token = secrets.token_hex(16)
    execution = await _attack(sandbox, attacks.DAEMON, token)
    if (alive := _process_with(token)) is not None:
        return Probe("daemons", False, f"process {alive} lives on")
    return _silent("daemons", execution, "no process outlived the run")


def _process_with(argument: str) -> int | None:
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                if argument.encode() in (process / "cmdline").read_bytes():
                    return int(process.name)
    return None


async def _time(sandbox: Sandbox) -> Probe:
    execution = await _attack(sandbox, attacks.ENDLESS, limits=Limits(seconds=0.5))
    return _ended_by("time", execution, "timeout", f"an endless loop was killed after {execution.seconds:.1f} s")


async def _privileges(sandbox: Sandbox) -> Probe:
    return _silent("privileges", await _attack(sandbox, attacks.PRIVILEGES), "none, and no way to gain any")


PROBES: dict[str, Callable[[Sandbox], Awaitable[Probe]]] = {
    "network": _network,
    "home": _home,
    "environment": _environment,
    "write": _write,
    "privileges": _privileges,
    "fork": _fork,
    "memory": _memory,
    "memory-tree": _memory_tree,
    "output": _output,
    "file": _big_file,
    "folder": _folder,
    "kill": _kill,
    "daemon": _daemon,
    "time": _time,
}
"""Attack by name, in the order in which they are made."""
