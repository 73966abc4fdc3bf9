import importlib.metadata
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from swfactory.errors import SandboxError
from swfactory.sandbox.toolchain import build_toolchain, find_interpreter


def test_the_interpreter_is_the_one_below_the_virtual_environment():
    interpreter = find_interpreter()
    assert interpreter.executable.is_file()
    assert not interpreter.executable.is_relative_to(sys.prefix) or sys.prefix == sys.base_prefix
    under = [Path("/usr"), *interpreter.folders]
    assert any(interpreter.executable.is_relative_to(folder) for folder in under)


def test_it_holds_pytest_and_what_that_needs_and_nothing_else(cache):
    lib = build_toolchain(cache, find_interpreter()).lib
    assert {"pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments"} <= {p.name for p in lib.iterdir()}
    allowed = ("pytest", "_pytest", "py.py", "pluggy", "iniconfig", "packaging", "pygments", "__pycache__")
    assert [p.name for p in lib.iterdir() if not p.name.startswith(allowed)] == []


def test_it_is_compiled(cache):
    lib = build_toolchain(cache, find_interpreter()).lib
    assert list((lib / "pytest" / "__pycache__").glob(f"__init__.{sys.implementation.cache_tag}.pyc"))


def test_it_is_built_once_even_by_two_at_a_time(tmp_path):
    interpreter = find_interpreter()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: build_toolchain(tmp_path, interpreter), range(2))
    stamp = first.root.stat().st_mtime_ns
    assert first == second == build_toolchain(tmp_path, interpreter)
    assert first.root.stat().st_mtime_ns == stamp
    assert [entry.name for entry in tmp_path.iterdir()] == [first.root.name]


def test_every_user_may_read_it(tmp_path):
    old = os.umask(0o077)
    try:
        root = build_toolchain(tmp_path / "cache", find_interpreter()).root
    finally:
        os.umask(old)
    modes = {path.stat().st_mode & 0o005 for path in root.rglob("*") if path.is_dir() and not path.is_symlink()}
    assert modes == {0o005}


def test_a_missing_pytest_is_reported(tmp_path, monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    with pytest.raises(SandboxError, match="pytest") as caught:
        build_toolchain(tmp_path, find_interpreter())
    assert caught.value.hint == "pip install pytest"


def test_a_cache_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SandboxError, match="cannot be written"):
        build_toolchain(tmp_path / "file" / "cache", find_interpreter())
