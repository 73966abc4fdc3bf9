"""Imports point down only; the contracts are in pyproject.toml, and every room is in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the pyproject.toml in ``folder`` against the sources in it."""
    code = (
        f"import sys; sys.path.insert(0, {str(folder / 'src')!r}); from importlinter.cli import lint_imports_command; "
    )
    argv = [sys.executable, "-c", code + "lint_imports_command()", "--no-cache"]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_down_only() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "line", "broken"),
    [
        ("domain/run.py", "import swfactory.cli.status", "Layers import downwards only"),
        ("testing/chat.py", "import swfactory.graphs.state", "The fakes need nothing above the ports"),
        ("roles/task.py", "import subprocess", "Roles are pure"),
    ],
)
def test_an_import_that_points_up_is_found(tmp_path: Path, path: str, line: str, broken: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    sources = tmp_path / "src" / "swfactory"
    shutil.copytree(ROOT / "src" / "swfactory", sources, ignore=shutil.ignore_patterns("__pycache__"))
    with (sources / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert f"{broken} BROKEN" in " ".join(done.stdout.split())


def test_every_room_has_a_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = {name.strip() for line in contracts[0]["layers"] for name in line.split("|")}
    source = ROOT / "src" / "swfactory"
    rooms = {f"swfactory.{path.parent.name}" for path in source.glob("*/__init__.py")}
    modules = {f"swfactory.{path.stem}" for path in source.glob("*.py") if not path.stem.startswith("_")}
    # prompts/ holds templates and no code.
    assert rooms | modules == layers
