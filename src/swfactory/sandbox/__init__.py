"""Backends that run generated code where it can do no harm."""

from __future__ import annotations

from swfactory.config import Settings
from swfactory.ports import Sandbox

__all__ = ["create_sandbox"]


def create_sandbox(settings: Settings) -> Sandbox:
    """Build the sandbox of the settings.

    Args:
        settings: ``sandbox`` names the backend, ``data_dir`` keeps its cache.

    Raises:
        SandboxError: no safe backend works here.
    """
    from swfactory.sandbox.bubblewrap import BubblewrapSandbox

    return BubblewrapSandbox(settings.data_dir / "cache")
