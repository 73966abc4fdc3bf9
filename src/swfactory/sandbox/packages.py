"""Third-party packages of a product: fetched as wheels before the network is cut, for those who allowed it.

Wheels only: building from source would run a stranger's code outside the sandbox.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from swfactory.errors import SandboxError
from swfactory.sandbox.supervise import call_in_thread

__all__ = ["importable", "install_packages", "package_installer", "pinned_requirements", "validate_requirement"]

_SECONDS = 600.0
_WITHOUT = "the product can be built on the standard library: run again without --allow-install"


def validate_requirement(text: str) -> str:
    """Return a requirement in normal form, if it is a name with optional extras and versions and nothing else.

    Raises:
        SandboxError: it is a URL, a path, an option, has a marker, or is no requirement at all.
    """
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    hint = "name packages like requests or 'requests>=2.31'"
    try:
        requirement = Requirement(text.strip())
    except InvalidRequirement as exc:
        raise SandboxError(f"{text!r} is not the name of a package", hint=hint) from exc
    if requirement.url is not None or requirement.marker is not None:
        raise SandboxError(f"{text!r} is more than the name and version of a package", hint=hint)
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{canonicalize_name(requirement.name)}{extras}{requirement.specifier}"


async def install_packages(names: Sequence[str], target_root: Path, *, seconds: float = _SECONDS) -> str:
    """Install packages and what they require from wheels, once per set of names.

    The index is the one that pip or uv is set to.

    Args:
        names: requirements; name, extras and versions only.
        target_root: folder that keeps one folder per set.
        seconds: time allowed.

    Returns:
        The folder, for ``Command.packages``.

    Raises:
        SandboxError: a name is refused, there is no wheel, no installer, no network or no time left.
    """
    wanted = sorted({validate_requirement(name) for name in names})
    if not wanted:
        raise SandboxError("there is no package to install", hint="name at least one")
    return await call_in_thread(lambda cancelled: _install(wanted, target_root, seconds, cancelled))


def package_installer(target_root: Path) -> Callable[[Sequence[str]], Awaitable[str]]:
    """Return ``install_packages`` bound to a folder, as the graphs want it."""

    async def install(names: Sequence[str]) -> str:
        return await install_packages(names, target_root)

    return install


def pinned_requirements(folder: str) -> tuple[str, ...]:
    """Lines of a requirements file that name exactly what a folder holds, in order of name."""
    found = {
        f"{distribution.name}=={distribution.version}"
        for distribution in importlib.metadata.distributions(path=[folder])
    }
    return tuple(sorted(found, key=str.lower))


def importable(folder: str) -> tuple[str, ...]:
    """Return the names that can be imported from a folder, sorted; they need not be those of the distributions."""
    found = {path.name.partition(".")[0] for path in Path(folder).iterdir() if path.suffix in {".py", ".so"}}
    found |= {path.name for path in Path(folder).iterdir() if path.is_dir() and path.name.isidentifier()}
    return tuple(sorted(name for name in found if name.isidentifier() and name != "__pycache__"))


def _install(wanted: list[str], target_root: Path, seconds: float, cancelled: threading.Event) -> str:
    key = hashlib.sha256("\n".join([sys.implementation.cache_tag or "", *wanted]).encode()).hexdigest()[:16]
    target = target_root / f"packages-{key}"
    if target.is_dir():
        return str(target)
    try:
        target_root.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".packages-", dir=target_root))
        try:
            _call([*_installer(), "--only-binary", ":all:", "--target", str(draft), *wanted], seconds, cancelled)
            _open_to_all(draft)
            if not target.is_dir():  # another process may have been first
                draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as exc:
        raise SandboxError(f"packages cannot be kept in {str(target_root)!r}: {exc}", hint="swf doctor") from exc
    return str(target)


def _installer() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet"]
    if (uv := shutil.which("uv")) is not None:
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    raise SandboxError("neither pip nor uv is there to install packages", hint=f"{sys.executable} -m ensurepip")


def _call(command: list[str], seconds: float, cancelled: threading.Event) -> None:
    names = " ".join(command[command.index("--target") + 2 :])
    environment = {**os.environ, "PIP_USER": "0", "PYTHONNOUSERSITE": "1"}
    deadline = time.monotonic() + seconds
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        process_group=0,  # Ctrl-C is for the factory: an installer that it ended would look like one that failed
    ) as process:
        while True:
            try:
                _, said = process.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if cancelled.is_set() or time.monotonic() > deadline:
                    process.kill()
                    process.communicate()
                    raise SandboxError(f"installing {names} took longer than {seconds:g} s", hint=_WITHOUT) from None
    if process.returncode != 0:
        lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "")
        raise SandboxError(f"{names} could not be installed from wheels: {reason}", hint=_WITHOUT)


def _open_to_all(root: Path) -> None:
    """Let the sandbox's user read what was installed, whatever the mask of the factory's."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
