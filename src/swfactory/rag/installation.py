"""Libraries of the user's sources, put where a product can import them: the port ``Libraries``."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from swfactory.errors import NotFoundError, StoreError
from swfactory.ports import Installed
from swfactory.rag.catalog import SourceRecord
from swfactory.rag.libraries import Library, Shelf, normal_name

__all__ = ["SourceLibraries"]

_DISTRIBUTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_IGNORED = frozenset(("__pycache__", ".git"))


class SourceLibraries:
    """The Python libraries in the sources of some collections.

    They are copied as they are, never built: building would run their code outside the sandbox.

    Args:
        sources: of all collections.
        target: folder that keeps one folder per set of libraries.
    """

    def __init__(self, sources: Iterable[SourceRecord], target: Path) -> None:
        self._shelf = Shelf(sources)
        self._libraries = {library.name: library for library in self._shelf}
        self._target = target

    def named(self, text: str) -> tuple[str, ...]:
        """Return the libraries that a text speaks of: in code, or as "the ... library"."""
        return self._shelf.named(text)

    def dependencies(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the third-party packages that libraries need."""
        needed = [line for name in names if name in self._libraries for line in self._libraries[name].dependencies]
        own = {name for library in self._libraries.values() for name in library.names}
        return tuple(line for line in dict.fromkeys(needed) if normal_name(_distribution(line)) not in own)

    def exports(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the public names of libraries that only one module has, and that module."""
        homes: dict[str, set[str]] = {}
        for name in names:
            library = self._libraries.get(name)
            if library is None:
                continue
            for path in _files(library.path):
                for offered in _public_names(path):
                    homes.setdefault(offered, set()).add(_module(path.relative_to(library.path.parent)))
        return {name: next(iter(modules)) for name, modules in homes.items() if len(modules) == 1}

    def requirement(self, name: str) -> str:
        """Return a library's line in a requirements file."""
        return self._library(name).requirement

    async def install(self, names: Sequence[str], onto: Installed) -> Installed:
        """Put libraries beside the packages that are installed, once per content.

        Args:
            names: libraries, by the names they are imported by.
            onto: what is there already.

        Raises:
            NotFoundError: there is no such library, or its folder is gone.
            StoreError: it cannot be copied.
        """
        libraries = [self._library(name) for name in names]
        folder = await asyncio.to_thread(self._copy, libraries, onto.folder)
        return onto.model_copy(update={"folder": str(folder), "modules": (*onto.modules, *names)})

    def _library(self, name: str) -> Library:
        library = self._libraries.get(name)
        if library is None or not library.path.exists():
            raise NotFoundError(f"there is no library {name!r} in the store any more", hint="swf rag sync")
        return library

    def _copy(self, libraries: Sequence[Library], packages: str) -> Path:
        digest = hashlib.sha256(packages.encode())
        for library in libraries:
            for path in _files(library.path):
                digest.update(
                    f"\0{library.name}\0{path.relative_to(library.path.parent)}\0".encode(errors="surrogateescape")
                )
                digest.update(path.read_bytes())
        target = self._target / f"own-{digest.hexdigest()[:16]}"
        if target.is_dir():
            return target
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".own-", dir=self._target))
            try:
                if packages:
                    shutil.copytree(packages, draft, dirs_exist_ok=True, symlinks=True)
                for library in libraries:
                    for path in _files(library.path):
                        place = draft / path.relative_to(library.path.parent)
                        place.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(path, place)
                for path in (draft, *draft.rglob("*")):  # the sandbox's user is another one
                    if not path.is_symlink():
                        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
                if not target.is_dir():  # another process may have been first
                    draft.rename(target)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        except OSError as exc:
            raise StoreError(f"libraries cannot be kept in {str(self._target)!r}: {exc}", hint="swf doctor") from exc
        return target


def _distribution(line: str) -> str:
    found = _DISTRIBUTION.match(line.strip())
    return found[0] if found else line


def _files(root: Path) -> list[Path]:
    """The files of a package or module, in order; links are left out, they could lead anywhere."""
    if root.is_file():
        return [root]
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        found += [Path(folder) / name for name in sorted(files)]
    return [path for path in found if not path.is_symlink() and path.suffix != ".pyc"]


@lru_cache(maxsize=512)
def _public_names(path: Path) -> tuple[str, ...]:
    """Functions, classes and constants that a file defines for others, in its order; none of a private module."""
    if path.suffix != ".py" or (path.name.startswith("_") and path.name != "__init__.py"):
        return ()
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    names = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    names += [target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper()]
    return tuple(dict.fromkeys(name for name in names if not name.startswith("_")))


def _module(relative: Path) -> str:
    return ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
