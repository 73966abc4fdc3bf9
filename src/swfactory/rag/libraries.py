"""What a product may import of a user's sources: the Python packages and modules in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swfactory.rag.catalog import SourceRecord

__all__ = ["Library", "Shelf", "libraries_of", "normal_name"]

_SAID = r"(?:library|package|module|库|模块|包)"
_BETWEEN = r"[`'\"“”《》]?\s*(?:\w+\s+)?"
_NOT_LIBRARIES = frozenset(
    ("tests", "test", "docs", "doc", "examples", "example", "scripts", "tools", "benchmarks", "build", "dist")
)
_NOT_MODULES = frozenset(("setup", "conftest", "noxfile", "tasks", "manage", "main"))


@dataclass(frozen=True)
class Library:
    """A package or module of a source.

    Args:
        name: the name it is imported by.
        path: its folder, or its file.
        project: name of the distribution, from ``pyproject.toml``; else the source's name.
        root: folder of the source, which ``pip`` can install where it is a project.
        installable: whether the source is a project.
    """

    name: str
    path: Path
    project: str
    root: Path
    installable: bool

    @property
    def names(self) -> frozenset[str]:
        """The names a requirement may call it by, in the normal form of distributions."""
        return frozenset(normal_name(name) for name in (self.name, self.project, self.root.name))

    @property
    def dependencies(self) -> tuple[str, ...]:
        """The third-party packages that it needs, as ``pyproject.toml`` lists them."""
        needed = _table(self.root).get("dependencies", ()) if self.installable else ()
        return tuple(name for name in needed if isinstance(name, str)) if isinstance(needed, list) else ()

    @property
    def requirement(self) -> str:
        """Its line in a requirements file."""
        if self.installable:
            return f"{self.project} @ {self.root.as_uri()}"
        return f"# {self.name} comes from {self.root}, which has no pyproject.toml: put that folder on PYTHONPATH"


def libraries_of(source: SourceRecord) -> list[Library]:
    """Return what can be imported of a source, by name; nothing of one that is gone or holds no Python.

    Packages are looked for where projects have them: below ``src`` if there is one, else at the top; the source may be
    a package itself. A link that leads out of the source is nothing of it.

    Args:
        source: as the catalogue keeps it.
    """
    root = Path(source.root)
    project = _project(root)
    installable = bool(project) or (root / "setup.py").is_file()
    if root.is_file() and root.suffix == ".py":
        return [Library(root.stem, root, root.stem, root.parent, installable=False)]
    if (root / "__init__.py").is_file():
        return [Library(root.name, root, project or root.name, root.parent, installable=False)]
    base = root / "src" if (root / "src").is_dir() else root
    found = []
    for path in sorted(base.iterdir()) if base.is_dir() else ():
        package = path.is_dir() and (path / "__init__.py").is_file() and path.name not in _NOT_LIBRARIES
        module = path.suffix == ".py" and path.stem not in _NOT_MODULES and not path.stem.startswith("test_")
        if (package or module) and path.stem.isidentifier() and _inside(path, root):
            found.append(Library(path.stem, path, project or source.name, root, installable))
    return found


class Shelf:
    """The libraries of some sources.

    Args:
        sources: as the catalogue keeps them.
    """

    def __init__(self, sources: Iterable[SourceRecord]) -> None:
        self._sources = {source.name: source for source in sources}
        self._libraries = {name: libraries_of(source) for name, source in self._sources.items()}

    def __iter__(self) -> Iterator[Library]:
        """Iterate over the libraries; of two of one name only the first can be imported."""
        seen: set[str] = set()
        for library in (library for libraries in self._libraries.values() for library in libraries):
            if library.name not in seen:
                seen.add(library.name)
                yield library

    def named(self, text: str) -> tuple[str, ...]:
        """Return the libraries that a text speaks of, in code or as "the ... library", by the names of their import."""
        return tuple(library.name for library in self if any(_speaks_of(text, name) for name in library.names))

    def module_of(self, path: str) -> tuple[str, str]:
        """Return the module that a file is imported as, and its library; empty for a file that is in none.

        Args:
            path: the file as it is cited.
        """
        source = self._sources.get(path.partition("/")[0])
        if source is None:
            return "", ""
        root = Path(source.root)
        file = root if root.is_file() else root / path.partition("/")[2]
        for library in self._libraries[source.name]:
            if file == library.path or library.path in file.parents:
                dotted = ".".join(file.relative_to(library.path.parent).with_suffix("").parts)
                return dotted.removesuffix(".__init__"), library.name
        return "", ""


def _inside(path: Path, root: Path) -> bool:
    """Whether a path is there and, all links followed, in a folder."""
    return path.exists() and path.resolve().is_relative_to(root.resolve())


def _project(root: Path) -> str:
    name = _table(root).get("name")
    return name if isinstance(name, str) else ""


def _table(root: Path) -> dict[str, Any]:
    """The table ``project`` of a project; empty where there is none."""
    try:
        table = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def normal_name(name: str) -> str:
    """Return the normal form of a distribution's name (https://peps.python.org/pep-0503/)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _speaks_of(text: str, name: str) -> bool:
    """Whether a text names a library, rather than using a word that happens to be its name."""
    word = re.sub(r"[-_.]", "[-_.]", re.escape(name).replace(r"\-", "-"))
    word = rf"(?<![\w.-]){word}(?![\w-])"
    patterns = (
        rf"`[^`\n]*{word}[^`\n]*`",
        rf"\b(?:import|from)\s+{word}",
        rf"{word}{_BETWEEN}{_SAID}",
        rf"{_SAID}\s*(?:called|named|名为|叫做?)?\s*{_BETWEEN}{word}",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
