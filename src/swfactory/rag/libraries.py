"""What a product may import of a user's sources: the Python packages and modules in them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from swfactory.rag.catalog import SourceRecord

__all__ = ["Library", "libraries_of"]

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
        return frozenset(_normal(name) for name in (self.name, self.project, self.root.name))

    @property
    def requirement(self) -> str:
        """Its line in a requirements file."""
        if self.installable:
            return f"{self.project} @ {self.root.as_uri()}"
        return f"# {self.name} comes from {self.root}, which has no pyproject.toml: put that folder on PYTHONPATH"


def libraries_of(source: SourceRecord) -> list[Library]:
    """Return what can be imported of a source, by name; nothing of one that is gone or holds no Python.

    Packages are looked for where projects have them: below ``src`` if there is one, else at the top; the source may be
    a package itself.

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
        if (package or module) and path.stem.isidentifier():
            found.append(Library(path.stem, path, project or source.name, root, installable))
    return found


def _project(root: Path) -> str:
    try:
        table = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    name = table.get("project", {}).get("name", "") if isinstance(table.get("project"), dict) else ""
    return name if isinstance(name, str) else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
