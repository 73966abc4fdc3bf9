"""What a measurement was made on."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from swfactory._version import __version__
from swfactory.domain.value import Value

__all__ = ["Machine", "factory_commit", "this_machine"]


class Machine(Value):
    """A machine.

    Args:
        cpu: model name.
        cores: cores that this process may use.
        memory_gb: main memory, GiB.
        python: version of the interpreter.
        system: operating system and release.
    """

    cpu: str
    cores: int
    memory_gb: float
    python: str
    system: str


def this_machine() -> Machine:
    """Describe the machine that this runs on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Machine(
        cpu=_cpu() or platform.processor() or platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(memory, 1),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
    )


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def factory_commit() -> str:
    """Return version and, in a git checkout of the factory, its commit: ``0.1.0 (1a2b3c4d, changed)``."""
    here = Path(__file__).resolve().parent

    def git(*words: str) -> str:
        try:
            done = subprocess.run(["git", "-C", str(here), *words], capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    # an installed copy may lie inside somebody else's checkout: only a tracked file says it is ours
    if not git("ls-files", "--error-unmatch", "machine.py"):
        return __version__
    changed = ", changed" if git("status", "--porcelain", "--untracked-files=no", "--", str(here.parent)) else ""
    return f"{__version__} ({git('rev-parse', '--short=8', 'HEAD')}{changed})"
