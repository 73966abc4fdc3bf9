"""Scores a delivered product against its task's checks, inside the sandbox."""

from __future__ import annotations

import base64
import fnmatch
import json
import os
from importlib.resources import files as resources
from pathlib import Path

from swfactory.bench.tasks import Level, Task
from swfactory.domain.execution import Command, Execution, Limits
from swfactory.domain.value import Value
from swfactory.errors import WorkspaceError
from swfactory.ports import Sandbox

__all__ = ["Score", "read_product", "score_product"]

LEFTOVERS = ("*.json", "*.csv", "*.db", "*.sqlite*", ".git", ".venv", "__pycache__", ".pytest_cache")
"""What a trial run leaves in the root of a product; the checks start without it."""

_BELOW = (".git", "__pycache__")
_MOST_BYTES = 16_000_000


class Score(Value):
    """Verdict on one product.

    Args:
        id: the task.
        level: how hard the task is.
        passed: checks that hold.
        total: checks.
        solved: whether all hold.
        failures: ``check 3: why not``, in order.
    """

    id: str
    level: Level
    passed: int
    total: int
    solved: bool
    failures: tuple[str, ...] = ()


def read_product(folder: Path) -> dict[str, str]:
    """Read a product, path to base64 of the content, without what trial runs left behind.

    A folder that does not exist is an empty product. Links that leave the folder are left out.

    Raises:
        WorkspaceError: the product is larger than a sandbox should be fed.
    """
    product: dict[str, str] = {}
    size = 0
    inside = folder.resolve()
    for where, folders, names in os.walk(folder):
        skipped = LEFTOVERS if Path(where) == folder else _BELOW
        folders[:] = sorted(name for name in folders if not _matches(name, skipped))
        for name in sorted(names):
            path = Path(where) / name
            if _matches(name, skipped) or not path.is_file() or not path.resolve().is_relative_to(inside):
                continue
            size += path.stat().st_size
            if size > _MOST_BYTES:
                raise WorkspaceError(f"the product in {str(folder)!r} is larger than {_MOST_BYTES:,} bytes")
            product[path.relative_to(folder).as_posix()] = base64.b64encode(path.read_bytes()).decode("ascii")
    return product


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


async def score_product(task: Task, folder: Path, sandbox: Sandbox, *, packages: str = "") -> Score:
    """Run a task's checks on the product in ``folder``; the folder itself stays as it is.

    Args:
        task: requirement and checks.
        folder: the delivered project; it need not exist.
        sandbox: where the product runs.
        packages: folder of libraries that the product may import; empty for none.

    Raises:
        SandboxError: the sandbox could not start.
    """
    try:
        command = _command(task, folder, packages)
    except WorkspaceError as exc:
        verdicts: list[str | None] = [exc.message] * len(task.checks)
    else:
        verdicts = _verdicts(await sandbox.run(command), len(task.checks))
    failures = tuple(f"check {number}: {why}" for number, why in enumerate(verdicts) if why is not None)
    passed = len(task.checks) - len(failures)
    return Score(
        id=task.id,
        level=task.level,
        passed=passed,
        total=len(task.checks),
        solved=not failures,
        failures=failures,
    )


def _command(task: Task, folder: Path, packages: str) -> Command:
    plan = {
        "product": read_product(folder),
        "files": task.files,
        "checks": [
            check.model_dump(mode="json", exclude={"timeout"}) | {"fresh": check.fresh, "seconds": check.seconds}
            for check in task.checks
        ],
    }
    return Command(
        argv=("python", "driver.py"),
        files={"driver.py": resources("swfactory.bench").joinpath("driver.py").read_text(encoding="utf-8")},
        stdin=json.dumps(plan),
        collect=("report.json",),
        limits=Limits(
            seconds=sum(check.seconds for check in task.checks) + 30,
            memory_mb=1024,
            processes=128,
            disk_mb=256,
        ),
        packages=packages or None,
    )


def _verdicts(execution: Execution, total: int) -> list[str | None]:
    try:
        known = json.loads(execution.files.get("report.json", "[]"))
    except json.JSONDecodeError:
        known = []
    if not isinstance(known, list) or not all(why is None or isinstance(why, str) for why in known):
        known = []
    ended = "by itself" if execution.verdict == "exited" else f"at its limit of {execution.verdict}"
    lost = f"never run: the sandbox ended {ended} with status {execution.exit_code}: {execution.stderr[-200:]}"
    return (known + [lost] * total)[:total]
