"""What products see of Python: the factory's interpreter, pytest, and none of the factory's own packages."""

from __future__ import annotations

import compileall
import hashlib
import importlib.metadata
import os
import py_compile
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from swfactory.errors import SandboxError

__all__ = ["Interpreter", "Toolchain", "build_toolchain", "find_interpreter"]

_LAYOUT = 2
"""Raised when the folder's layout changes, so that older ones are not used."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs products.

    Args:
        executable: real path of the binary.
        folders: folders outside the system's that it needs.
        site_folders: folders of installed packages that products must not see.
    """

    executable: Path
    folders: tuple[Path, ...]
    site_folders: tuple[Path, ...]


@dataclass(frozen=True)
class Toolchain:
    """Folders of a finished toolchain.

    Args:
        root: holds ``bin`` (``python``, ``python3``, ``pytest``), ``lib`` (pytest and what it needs), ``empty``.
    """

    root: Path

    @property
    def lib(self) -> Path:
        """Folder for the import path."""
        return self.root / "lib"


def find_interpreter() -> Interpreter:
    """Find the interpreter below the factory's own virtual environment."""
    executable = Path(os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable))
    prefixes = list(dict.fromkeys(Path(p).resolve() for p in (sys.base_prefix, sys.base_exec_prefix)))
    folders: dict[Path, None] = {}
    for prefix in prefixes:
        if prefix.is_relative_to("/usr"):
            continue
        for name in ("bin", "lib", "lib64"):
            folder = prefix / name
            if folder.is_dir() and not folder.is_symlink():
                folders[folder] = None
    if not executable.is_relative_to("/usr") and not any(executable.is_relative_to(f) for f in folders):
        folders[executable.parent] = None
    site_folders = [
        found.resolve()
        for root in dict.fromkeys([*prefixes, Path("/usr"), Path("/usr/local")])
        for pattern in (
            "lib*/python3*/site-packages",
            "lib*/python3*/dist-packages",
            "local/lib/python3*/dist-packages",
        )
        for found in sorted(root.glob(pattern))
        if found.is_dir()
    ]
    return Interpreter(executable, tuple(folders), tuple(dict.fromkeys(site_folders)))


def build_toolchain(cache: Path, interpreter: Interpreter) -> Toolchain:
    """Copy pytest and what it needs out of the factory's environment, once per set of versions.

    Args:
        cache: folder that keeps toolchains; created when missing.
        interpreter: the Python that the commands start.

    Raises:
        SandboxError: pytest is not installed, or the folder cannot be written.
    """
    distributions = {dist.name: dist for dist in _closure("pytest")}
    key = hashlib.sha256(
        "\n".join(
            [
                str(_LAYOUT),
                sysconfig.get_python_version(),
                sys.implementation.cache_tag or "",
                str(interpreter.executable),
                *sorted(f"{name}=={dist.version}" for name, dist in distributions.items()),
            ]
        ).encode()
    ).hexdigest()[:16]
    root = cache / f"toolchain-{key}"
    if root.is_dir():
        return Toolchain(root)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".toolchain-", dir=cache))
        try:
            _fill(draft, interpreter, list(distributions.values()))
            draft.rename(root)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            if not root.is_dir():  # another process may have been first
                raise
    except OSError as exc:
        raise SandboxError(f"the toolchain folder {str(root)!r} cannot be written: {exc}", hint="swf doctor") from exc
    return Toolchain(root)


def _fill(root: Path, interpreter: Interpreter, distributions: list[importlib.metadata.Distribution]) -> None:
    lib, commands = root / "lib", root / "bin"
    for folder in (lib, commands, root / "empty"):
        folder.mkdir()
    for dist in distributions:
        for file in dist.files or ():
            if ".." in file.parts or file.suffix == ".pyc" or file.is_absolute():
                continue
            source = Path(str(dist.locate_file(file)))
            if source.is_file():
                target = lib / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    # A file's date does not survive packing, so the caches must not depend on it.
    compileall.compile_dir(lib, quiet=2, workers=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    for name in ("python", "python3"):
        (commands / name).symlink_to(interpreter.executable)
    (commands / "pytest").write_text('#!/bin/sh\nexec python -m pytest "$@"\n', encoding="utf-8")
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent == commands else 0o644)


def _closure(name: str) -> Iterator[importlib.metadata.Distribution]:
    """A distribution and everything it requires here, each once."""
    from packaging.requirements import Requirement

    seen: set[str] = set()
    todo = [name]
    while todo:
        wanted = todo.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            dist = importlib.metadata.distribution(wanted)
        except importlib.metadata.PackageNotFoundError as exc:
            raise SandboxError(
                f"{wanted!r} is not installed, and products are tested with it", hint=f"pip install {wanted}"
            ) from exc
        if not dist.files:
            raise SandboxError(
                f"the files of {wanted!r} are not recorded", hint=f"pip install --force-reinstall {wanted}"
            )
        yield dist
        for line in dist.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                todo.append(requirement.name)
