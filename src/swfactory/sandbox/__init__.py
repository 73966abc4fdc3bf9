"""Backends that run generated code where it can do no harm."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from swfactory.config import Settings
from swfactory.errors import SandboxError
from swfactory.ports import Sandbox

__all__ = ["CheckedSandbox", "create_sandbox"]


@runtime_checkable
class CheckedSandbox(Sandbox, Protocol):
    """A sandbox that can prove that it works here."""

    def check(self) -> None:
        """Run ``true`` in the sandbox.

        Raises:
            SandboxError: it does not work here.
        """
        ...


def create_sandbox(settings: Settings) -> CheckedSandbox:
    """Build the sandbox of the settings and prove that it works, by running ``true`` in it.

    ``auto`` takes the first that works of bubblewrap, Podman and Docker; it never falls back to a bare subprocess.

    Args:
        settings: ``sandbox`` names the backend, ``data_dir`` keeps its cache.

    Raises:
        SandboxError: the backend does not work here, or none does; the hint says what to do.
    """
    if settings.sandbox != "auto":
        sandbox = _backend(settings, settings.sandbox)
        sandbox.check()
        return sandbox
    reasons = []
    for name in ("bubblewrap", "podman", "docker"):
        sandbox = _backend(settings, name)
        try:
            sandbox.check()
        except SandboxError as exc:
            reasons.append(exc.message)
            continue
        return sandbox
    raise SandboxError(
        f"no sandbox works on this machine: {'; '.join(reasons)}",
        hint="swf doctor  # says how to mend it; --unsafe-local runs generated code without a sandbox",
    )


def _backend(settings: Settings, name: str) -> CheckedSandbox:
    cache = settings.data_dir / "cache"
    if name == "bubblewrap":
        from swfactory.sandbox.bubblewrap import BubblewrapSandbox

        return BubblewrapSandbox(cache)
    if name == "local":
        from swfactory.sandbox.local import LocalSandbox

        return LocalSandbox(cache)
    from swfactory.sandbox.container import ContainerSandbox

    return ContainerSandbox(cache, engine="docker" if name == "docker" else "podman")
