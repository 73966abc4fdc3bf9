"""Importing is light and does no work; every module says what it exports, and exports what it says."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import resource
import subprocess
import sys

import pytest

import swfactory

HEAVY = ("torch", "transformers", "chromadb", "langgraph", "langchain_core", "langchain_openai", "xllamacpp", "pytest")
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(swfactory.__path__, "swfactory.")
    if not info.name.endswith(".__main__")  # it runs the program
)
HELP = "import sys; sys.argv = ['swf', '--help']; from swfactory.cli import main; main()"


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "module",
    ["swfactory", "swfactory.cli", "swfactory.errors", "swfactory.config", "swfactory.ports", "swfactory.runtime"],
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    out = run(f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])")
    assert out.strip() == "[]"


def test_the_help_takes_half_a_second_of_the_processor_at_most() -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "A software factory on your own machine" in run(HELP)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.5


def test_importing_everything_writes_nothing_and_says_nothing(tmp_path) -> None:
    lines = "\n".join(f"importlib.import_module({name!r})" for name in MODULES)
    code = f"import importlib\n{lines}"
    home = {"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=home, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_exports_what_it_says(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    if hasattr(module, "__path__") and not [key for key in vars(module) if not key.startswith("__")]:
        return  # a package that only groups
    exported = getattr(module, "__all__", None)
    if exported is None:
        public = [
            key
            for key, value in vars(module).items()
            if not key.startswith("_") and getattr(value, "__module__", "") == name
        ]
        assert public == [], f"{name} has no __all__"
        return
    assert len(set(exported)) == len(exported)
    for key in exported:
        value = getattr(module, key)
        if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__ == name:
            assert inspect.getdoc(value), f"{name}.{key} has no docstring"
