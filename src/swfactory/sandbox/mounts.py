"""The command line of bubblewrap: namespaces, mounts, environment, and the shell that waits."""

from __future__ import annotations

from pathlib import Path

from swfactory.domain.execution import Command
from swfactory.sandbox.environment import PACKAGES, SCRATCH, TOOLCHAIN, USER_ID, WORK, program, variables
from swfactory.sandbox.toolchain import Interpreter, Toolchain

__all__ = ["bubblewrap_arguments"]


def bubblewrap_arguments(
    command: Command, interpreter: Interpreter, toolchain: Toolchain, *, uid: int | None
) -> list[str]:
    """All arguments but those that name descriptors.

    Args:
        command: what to run.
        interpreter: the Python that products run on.
        toolchain: pytest and what it needs.
        uid: user to drop to after the set-up, when the caller is root; None to use a user namespace.
    """
    return [
        *_isolation(uid),
        *_mounts(interpreter, toolchain, command),
        *(part for key, value in variables(command).items() for part in ("--setenv", key, value)),
        *_shell(uid),
        *program(command.argv, interpreter),
    ]


def _isolation(uid: int | None) -> list[str]:
    common = ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if uid is None:
        owner = ["--uid", str(USER_ID), "--gid", str(USER_ID)]
        return ["--unshare-all", "--unshare-user", "--disable-userns", *owner, *common]
    kinds = [f"--unshare-{kind}" for kind in ("pid", "net", "ipc", "uts", "cgroup-try")]
    # The shell drops its uid with these, and these with its uid.
    kept = [part for name in ("SETUID", "SETGID", "SETPCAP") for part in ("--cap-add", f"CAP_{name}")]
    return [*kinds, *common, *kept]


def _mounts(interpreter: Interpreter, toolchain: Toolchain, command: Command) -> list[str]:
    room = str(command.limits.disk_mb << 20)
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
    for place in (*SCRATCH, WORK):
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


def _shell(uid: int | None) -> list[str]:
    """A shell that says it is there, waits for a line, and becomes the program."""
    drop = ""
    if uid is not None:
        drop = f"setpriv --reuid={uid} --regid={uid} --clear-groups --inh-caps=-all --bounding-set=-all --"
    return ["--", "/bin/sh", "-c", f'echo; read -r go; exec {drop} "$@"', "sh"]
