"""Running git, with nothing of the user's configuration in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from swfactory.errors import StoreError

__all__ = ["git", "git_environment", "git_error", "git_text"]

_SETTINGS = (
    ("core.fsync", "all"),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.quotePath", "false"),
    ("core.autocrlf", "false"),
    ("core.attributesFile", "/dev/null"),
    ("core.excludesFile", "/dev/null"),
    ("core.filesRefLockTimeout", "3000"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("protocol.file.allow", "always"),
    ("safe.directory", "*"),
    ("advice.detachedHead", "false"),
)


def git_environment() -> dict[str, str]:
    """The environment of every git of ours: the user's git settings, hooks, pagers and prompts stay out."""
    environment = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    environment |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
    for number, (key, value) in enumerate(_SETTINGS):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def git_error(arguments: Sequence[str], message: str) -> StoreError:
    """The error that a failed git stands for."""
    if shutil.which("git") is None:
        return StoreError("git is not installed", hint="sudo apt install git")
    lines = [line for line in message.strip().splitlines() if line.strip()]
    said = next((line for line in lines if "fatal" in line or "error" in line), lines[0] if lines else "no message")
    full = "No space left" in message or "Disk quota" in message
    return StoreError(
        f"git {arguments[0]} failed: {said}",
        hint="free some disk space, then swf resume last" if full else "swf doctor",
    )


def git(
    folder: Path, *arguments: str, stdin: bytes = b"", ok: Sequence[int] = (0,), hold: Sequence[int] = ()
) -> subprocess.CompletedProcess[bytes]:
    """Run git on a repository.

    Args:
        folder: the repository, bare or with a work tree.
        arguments: command and arguments.
        stdin: what is piped in.
        ok: exit statuses that are no error.
        hold: file descriptors that git keeps open as long as it lives.

    Raises:
        StoreError: git is missing or ended with another status.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=stdin,
            capture_output=True,
            env=git_environment(),
            check=False,
            pass_fds=tuple(hold),
            process_group=0,  # Ctrl-C is for the factory: a git that it ended would look like one that failed
        )
    except OSError as exc:
        raise git_error(arguments, str(exc)) from exc
    if done.returncode not in ok:
        raise git_error(arguments, done.stderr.decode("utf-8", "replace"))
    return done


def git_text(folder: Path, *arguments: str) -> str:
    """Run git and return its standard output as text, stripped.

    Raises:
        StoreError: git is missing or failed.
    """
    return git(folder, *arguments).stdout.decode("utf-8", "replace").strip()
