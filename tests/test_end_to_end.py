"""One run with the real default model, from the command line to the program that it delivers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from swfactory.config import Settings

REQUIREMENT = (
    "A program that adds whole numbers. `python main.py 2 3` prints 5. `python main.py 10 20 30` prints 60. "
    "`python main.py x` prints an error message to standard error and exits with status 1."
)


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_requirement_becomes_a_program_that_does_what_was_asked(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("SWF_")} | {
        "SWF_DATA_DIR": str(tmp_path / "data"),
        "SWF_MODELS_DIR": str(Settings().model_files),
        "SWF_CONFIG": os.devnull,
    }
    product = tmp_path / "product"
    command = [sys.executable, "-m", "swfactory.cli", "run", "--output", str(product), "--max-tokens", "6000"]
    command += ["--max-time", "10m"]
    done = subprocess.run([*command, "--", REQUIREMENT], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "product  " in done.stdout

    def program(*arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "main.py", *arguments]
        return subprocess.run(argv, cwd=product, capture_output=True, text=True, timeout=20, check=False)

    assert program("2", "3").stdout.strip() == "5"
    assert program("10", "20", "30").stdout.strip() == "60"
    bad = program("x")
    assert bad.returncode == 1
    assert bad.stderr.strip()
    assert "Traceback" not in bad.stderr

    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=product, check=False)
    assert tests.returncode == 0
    git = ["git", "-C", str(product)]
    assert subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout == ""
    assert (
        len(subprocess.run([*git, "log", "--oneline"], capture_output=True, text=True, check=True).stdout.split("\n"))
        > 3
    )
    for name in ("README.md", "REPORT.md", "report.html"):
        assert (product / name).stat().st_size > 200
