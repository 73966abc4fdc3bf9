"""A program to run in the sandbox, and what came of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from swfactory.domain.value import Value

__all__ = ["Command", "Execution", "Limits", "Verdict"]

Verdict = Literal["exited", "timeout", "memory", "output", "disk"]
"""How a run ended: by itself, or at a limit of time, tree memory, output or files."""


class Limits(Value):
    """Hard limits of one run.

    Args:
        seconds: wall-clock and CPU time.
        memory_mb: memory of the whole process tree, MiB.
        processes: processes and threads alive at once.
        disk_mb: total size of the work folder after the run, and of any one file, MiB.
        output_kb: standard output and error kept, each, KiB.
    """

    seconds: float = Field(default=10.0, gt=0)
    memory_mb: int = Field(default=512, gt=0)
    processes: int = Field(default=64, gt=0)
    disk_mb: int = Field(default=64, gt=0)
    output_kb: int = Field(default=1024, gt=0)


class Command(Value):
    """A program run in a fresh folder that holds ``files`` and is thrown away afterwards.

    Args:
        argv: the command; ``python`` stands for the sandbox's interpreter, which has pytest.
        files: path to text, laid out before the run; paths are confined.
        stdin: text piped in.
        env: variables added to the scrubbed environment.
        collect: paths read back after the run, where they exist.
        limits: hard limits.
        packages: path of a folder with the product's own third-party packages, put on the import path read-only;
            None for none.
    """

    argv: tuple[str, ...] = Field(min_length=1)
    files: dict[str, str] = Field(default_factory=dict)
    stdin: str = ""
    env: dict[str, str] = Field(default_factory=dict)
    collect: tuple[str, ...] = ()
    limits: Limits = Limits()
    packages: str | None = None


class Execution(Value):
    """What came of a command.

    Args:
        exit_code: status of the program; ``-9`` and the like when a signal ended it.
        stdout: standard output, cut at the limit.
        stderr: standard error, cut at the limit.
        verdict: how it ended.
        seconds: wall-clock time.
        files: the collected files that exist, path to text.
        backend: name of the sandbox that ran it.
    """

    exit_code: int
    stdout: str = ""
    stderr: str = ""
    verdict: Verdict = "exited"
    seconds: float = 0.0
    files: dict[str, str] = Field(default_factory=dict)
    backend: str = ""

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself with status 0."""
        return self.verdict == "exited" and self.exit_code == 0
