from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from swfactory import __version__
from swfactory.bench.machine import factory_commit, this_machine


def test_this_machine() -> None:
    machine = this_machine()
    assert machine.cpu
    assert machine.cores >= 1
    assert machine.memory_gb > 0.1
    assert machine.python == platform.python_version()


def test_commit_begins_with_the_version() -> None:
    assert factory_commit().startswith(__version__)


def test_measuring_stays_light_until_it_runs() -> None:
    code = (
        "import sys, swfactory.cli.bench, swfactory.bench.arms, swfactory.bench.humaneval, swfactory.bench.runner\n"
        "print([name for name in ('torch', 'langgraph', 'langchain_core', 'xllamacpp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_driver_stands_alone() -> None:
    import swfactory.bench.driver as driver

    source = Path(driver.__file__).read_text(encoding="utf-8")
    assert "swfactory" not in source
