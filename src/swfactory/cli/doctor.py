"""``swf doctor``: is everything here that a run needs, and does the sandbox hold?"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from swfactory.config import Settings, load_settings
from swfactory.errors import FactoryError, SandboxError, install_hint

__all__ = ["Check", "doctor", "examine"]

_PYTHON = (3, 11)
_ROOM = 2_000_000_000
"""Bytes of disk for runs and their stores, beside the model."""

_SPARE = 700_000_000
"""Bytes of memory beside the model's file: its cache, the factory, a product under test."""

_CONTAINERS = {"/.dockerenv": "systempaths=unconfined", "/run/.containerenv": "unmask=ALL"}
"""What an engine leaves in its containers, and its word for a /proc of which nothing is covered."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Args:
        name: what.
        ok: whether it is as it should be.
        detail: what was seen.
        fix: what to do about it, best as a command; empty when there is nothing to do.
        needed: whether runs depend on it.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def doctor(as_json: bool) -> None:
    """Check the machine and the sandbox.

    Each limit of the sandbox is proven by trying to break it from inside. The exit status is 0 only when all that a run
    needs is there and every limit holds.
    """
    settings = load_settings()
    checks = []
    for looked_at in examine(settings):
        check = replace(looked_at, fix="") if looked_at.ok else looked_at
        checks.append(check)
        if not as_json:
            _show(check)
    healthy = all(check.ok for check in checks if check.needed)
    if as_json:
        click.echo(json.dumps({"ok": healthy, "checks": [asdict(check) for check in checks]}, indent=2))
    else:
        bad = sum(not check.ok for check in checks if check.needed)
        click.echo("everything that a run needs is here" if healthy else f"{bad} of {len(checks)} checks failed")
    raise SystemExit(0 if healthy else 1)


def examine(settings: Settings) -> Iterator[Check]:
    """Look at everything, one check after the other.

    Args:
        settings: say which model, sandbox and folders are meant.
    """
    yield _python()
    yield _git()
    make = shutil.which("make")
    yield Check("make", make is not None, make or "not found", _package("make"), needed=False)
    yield _cores()
    yield _data_dir(settings)
    model = _model_file(settings)
    yield from _model(settings, model)
    yield _memory(model)
    yield _disk(settings, model)
    yield from _sandbox(settings)


def _python() -> Check:
    good = sys.version_info[:2] >= _PYTHON
    return Check("python", good, platform.python_version(), "install Python 3.11 or later")


def _git() -> Check:
    try:
        told = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as exc:
        return Check("git", False, str(exc), _package("git"))
    return Check("git", True, told.stdout.strip().removeprefix("git version "))


def _package(name: str) -> str:
    for manager, command in (
        ("apt-get", "sudo apt-get install"),
        ("dnf", "sudo dnf install"),
        ("zypper", "sudo zypper install"),
        ("pacman", "sudo pacman -S"),
        ("apk", "sudo apk add"),
    ):
        if shutil.which(manager):
            return f"{command} {name}"
    return f"install {name}"


def _cores() -> Check:
    count = len(os.sched_getaffinity(0))
    return Check("cores", count >= 2, f"{count}", "a second core makes the local model twice as fast", needed=False)


def _data_dir(settings: Settings) -> Check:
    folder = settings.data_dir
    probe = folder / f".swf-doctor-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as exc:
        return Check("data folder", False, str(exc), f"make {folder} writable, or set SWF_DATA_DIR to another folder")
    return Check("data folder", True, str(folder))


@dataclass(frozen=True)
class _ModelFile:
    """The model file that the settings name; ``size`` is the whole file's, also when it is not there yet."""

    name: str
    path: Path
    size: int
    sha256: str


def _model_file(settings: Settings) -> _ModelFile | None:
    """None when the model does not run in this process, or the URL is wrong."""
    from swfactory.models.catalog import find_model
    from swfactory.models.spec import ModelSpec

    try:
        spec = ModelSpec.parse(settings.model)
        if spec.scheme != "llama":
            return None
        if spec.target.endswith(".gguf") or "/" in spec.target:
            path = Path(spec.target).expanduser()
            return _ModelFile(spec.target, path, path.stat().st_size if path.is_file() else 0, "")
        model = find_model(spec.target)
    except FactoryError:
        return None
    return _ModelFile(model.name, settings.model_files / model.file, model.size, model.sha256)


def _model(settings: Settings, file: _ModelFile | None) -> Iterator[Check]:
    from importlib.util import find_spec

    if file is None:
        from swfactory.models.spec import ModelSpec

        try:
            ModelSpec.parse(settings.model)
        except FactoryError as exc:
            yield Check("model", False, exc.message, exc.hint)
        else:
            yield Check("model", True, f"{settings.model} needs no file that could be checked here")
        return
    engine = find_spec("xllamacpp") is not None
    yield Check("engine", engine, "xllamacpp" if engine else "xllamacpp is missing", install_hint("llama"))
    if not file.path.is_file():
        yield Check("model", False, f"{file.path} is missing", f"swf models pull {file.name}" if file.sha256 else "")
        return
    yield _digest(file)


def _digest(file: _ModelFile) -> Check:
    from swfactory.models.stamp import read_stamp

    pull = f"rm {file.path} && swf models pull {file.name}"
    if file.sha256 and file.path.stat().st_size != file.size:
        return Check("model", False, f"{file.path} has {file.path.stat().st_size:,} of {file.size:,} bytes", pull)
    digest = read_stamp(file.path)
    if digest is None:
        return Check("model", True, f"{file.path}, not checked yet: swf models verify reads it once")
    if file.sha256 and digest != file.sha256:
        return Check("model", False, f"{file.path} has another digest than the catalogue: {digest}", pull)
    return Check("model", True, f"{file.path}, sha256 {digest[:12]}…")


def _memory(model: _ModelFile | None) -> Check:
    facts = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    free = int(facts["MemAvailable"].split()[0]) * 1024
    wanted = (model.size if model is not None else 0) + _SPARE
    fix = "close other programs, or take a smaller model: SWF_MODEL=llama:qwen2.5-coder-0.5b"
    return Check("memory", free >= wanted, f"{free / 1e9:.1f} GB free, {wanted / 1e9:.1f} GB wanted", fix)


def _disk(settings: Settings, model: _ModelFile | None) -> Check:
    wanted = _ROOM
    if model is not None and not model.path.is_file():
        wanted += model.size
    folder = settings.data_dir
    while not folder.is_dir():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    fix = f"make room on the disk of {settings.data_dir}, or set SWF_DATA_DIR to a folder on another"
    return Check("disk", free >= wanted, f"{free / 1e9:.1f} GB free, {wanted / 1e9:.1f} GB wanted", fix)


def _sandbox(settings: Settings) -> Iterator[Check]:
    import asyncio

    from swfactory.sandbox import create_sandbox
    from swfactory.sandbox.probes import PROBES, run_probes

    try:
        sandbox = create_sandbox(settings)
        if sandbox.name == "local":
            detail = "none: generated code runs as you, with your files and your network"
            yield Check("sandbox", False, detail, "SWF_SANDBOX=auto", needed=False)
            return
        yield Check("sandbox", True, sandbox.name)
        for name in PROBES:
            for probe in asyncio.run(run_probes(sandbox, [name])):
                yield Check(f"sandbox: {probe.name}", probe.held, probe.detail, "do not run generated code here")
    except SandboxError as exc:
        yield Check("sandbox", False, exc.message, _sandbox_fix(settings, exc))


def _sandbox_fix(settings: Settings, error: SandboxError) -> str:
    """What to do: an engine's own hint, or what usually stands in the way of bubblewrap, by what the kernel says."""
    if settings.sandbox in ("docker", "podman"):
        return error.hint
    for setting, bad, good in (
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("user/max_user_namespaces", "0", "10000"),
    ):
        path = Path("/proc/sys", setting)
        if path.is_file() and path.read_text(encoding="ascii").strip() == bad:
            return f"sudo sysctl -w {setting.replace('/', '.')}={good}"
    for mark, paths in _CONTAINERS.items():
        if Path(mark).exists():
            lifted = ("seccomp=unconfined", "apparmor=unconfined", paths)
            return f"start this container with {' '.join(f'--security-opt {option}' for option in lifted)}"
    return f"{_package('podman')}  # or start Docker; both can stand in for bubblewrap"


def _show(check: Check) -> None:
    mark = "ok" if check.ok else "FAIL" if check.needed else "warn"
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        colour = {"ok": "green", "FAIL": "bold red", "warn": "yellow"}[mark]
        console = Console(highlight=False)
        console.print(Text.assemble((f"{mark:<5}", colour), (f"{check.name:<26}", "bold"), check.detail))
        if check.fix:
            console.print(Text(f"{'':<31}{check.fix}", style="cyan"))
        return
    click.echo(f"{mark:<5}{check.name:<26}{check.detail}")
    if check.fix:
        click.echo(f"{'':<31}{check.fix}")
