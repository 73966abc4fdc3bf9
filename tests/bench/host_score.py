"""The meaning of the checks, once more and on the host: only for products that the tests themselves wrote."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from swfactory.bench.tasks import Check, Task

LEFTOVERS = ("*.json", "*.csv", "*.db", "*.sqlite*", ".git", ".venv", "__pycache__", ".pytest_cache")

_PATIENCE = 3
"""What a check means is asked here, not how fast it is: other tests run on the same cores."""


def _copy(task: Task, product: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    if product.is_dir():
        top = shutil.ignore_patterns(*LEFTOVERS)
        below = shutil.ignore_patterns(".git", "__pycache__")
        shutil.copytree(product, root, ignore=lambda d, names: (top if Path(d) == product else below)(d, names))
    else:
        root.mkdir(parents=True)
    for name, text in task.files.items():
        (root / name).write_text(text, encoding="utf-8")


def _holds(check: Check, root: Path) -> bool:
    env = dict(os.environ, PYTHONPATH=str(root), PYTHONDONTWRITEBYTECODE="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    argv = (
        [sys.executable, "-c", check.py]
        if check.py
        else [sys.executable if a == "python" else a for a in check.run or ()]
    )
    with subprocess.Popen(
        argv,
        cwd=root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=_PATIENCE * check.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
    return (
        not (check.run and "Traceback (most recent call last)" in err)
        and process.returncode == check.rc
        and (check.exact is None or out.strip() == check.exact.strip())
        and all(text.lower() in out.lower() for text in check.out)
        and not any(text.lower() in out.lower() for text in check.not_out)
        and all(text.lower() in err.lower() for text in check.err)
    )


def host_verdicts(task: Task, product: Path, scratch: Path) -> list[bool]:
    """Whether each check holds."""
    root = scratch / "project"
    _copy(task, product, root)
    verdicts = []
    for check in task.checks:
        if check.fresh:
            _copy(task, product, root)
        verdicts.append(_holds(check, root))
    return verdicts
