"""What a program finds inside the sandbox: its folders and its environment variables."""

from __future__ import annotations

from swfactory.domain.execution import Command, Execution
from swfactory.sandbox.toolchain import Interpreter

__all__ = ["PACKAGES", "SCRATCH", "TOOLCHAIN", "USER_ID", "WORK", "program", "refusal", "variables"]

WORK = "/box"
"""The work folder."""

SCRATCH = ("/tmp", "/dev/shm")  # noqa: S108
"""The other folders that can be written; private to a run."""

USER_ID = 1000
"""The user and group that a program sees as its own, where user namespaces can show it one."""

TOOLCHAIN = "/opt/toolchain"
"""pytest and the interpreter's names."""

PACKAGES = "/opt/packages"
"""The product's own third-party packages."""


def program(argv: tuple[str, ...], interpreter: Interpreter) -> tuple[str, ...]:
    """The command with ``python`` replaced by the interpreter."""
    if argv[0] in ("python", "python3"):
        return (str(interpreter.executable), *argv[1:])
    return argv


def refusal(command: Command, backend: str) -> Execution | None:
    """The execution of a command that no kernel would start, or None."""
    if any("\0" in text for text in (*command.argv, *command.env, *command.env.values())):
        return Execution(exit_code=126, stderr="an argument or variable holds a null character\n", backend=backend)
    if any(not key or "=" in key for key in command.env):
        return Execution(exit_code=126, stderr=f"a variable cannot be named {[*command.env]!r}\n", backend=backend)
    return None


def variables(command: Command, *, toolchain: str = TOOLCHAIN, packages: str | None = PACKAGES) -> dict[str, str]:
    """The whole environment of a command.

    Args:
        command: its ``env`` wins, but for ``PYTHONPATH``, which it only precedes.
        toolchain: where the toolchain is seen.
        packages: where the product's packages are seen.
    """
    scrubbed = {
        "PATH": f"{toolchain}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - inside the sandbox
        "TMPDIR": "/tmp",  # noqa: S108
        "USER": "sandbox",
        "LOGNAME": "sandbox",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONHASHSEED": "0",  # a run that is replayed must print the same
        "MALLOC_ARENA_MAX": "2",  # address space is limited, and each arena reserves 64 MiB of it
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    path = [command.env.get("PYTHONPATH", "")]
    if command.packages is not None and packages is not None:
        path.append(packages)
    else:
        # Nothing to load but pytest itself, so the search for plugins can be saved.
        scrubbed["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    path.append(f"{toolchain}/lib")
    return {**scrubbed, **command.env, "PYTHONPATH": ":".join(part for part in path if part)}
