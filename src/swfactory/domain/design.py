"""The architect's plan: which files, what each offers, and in what order they are written."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic import Field, field_validator, model_validator

from swfactory.domain.value import Value
from swfactory.errors import PathEscapeError

__all__ = ["Design", "FilePlan", "safe_path"]


def safe_path(path: str) -> str:
    """Return ``path`` normalised, if it stays inside the workspace.

    Raises:
        PathEscapeError: it is empty, absolute, climbs out with ``..``, names ``.git`` or holds a control character.
    """
    pure = PurePosixPath(path.strip().replace("\\", "/"))
    parts = pure.parts
    bad = (
        not parts
        or pure.is_absolute()
        or ".." in parts
        or any(part.lower() == ".git" for part in parts)
        or any(ord(char) < 32 for char in path.strip())
        or (len(parts[0]) == 2 and parts[0][1] == ":")
    )
    if bad:
        raise PathEscapeError(f"path {path!r} leaves the workspace", hint="use a relative path below the project root")
    return pure.as_posix()


class FilePlan(Value):
    """One file to write.

    Args:
        path: relative path below the project root, ``/`` as separator.
        purpose: what it is for, in a sentence.
        interface: signatures that other files may use, one each.
        imports: paths of planned files that it uses.
    """

    path: str
    purpose: str = ""
    interface: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()

    @field_validator("path")
    @classmethod
    def _confined(cls, path: str) -> str:
        return safe_path(path)


class Design(Value):
    """Files in dependency order: a file comes after what it imports.

    Args:
        files: at least one, paths unique.
        entry_point: path of the file that a user runs; None for a library.
        packages: third-party distributions to install, empty when the standard library is enough.
        arguments: subcommand (empty for a program without any) to the names of its arguments, where the requirement
            shows values of them and no names.
        factors: unit to what one of it is in a common one, where the product converts between units.
        tables: of the product's database, where it has one: name to columns.
    """

    files: tuple[FilePlan, ...] = Field(min_length=1)
    entry_point: str | None = None
    packages: tuple[str, ...] = ()
    arguments: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    factors: dict[str, float] = Field(default_factory=dict)
    tables: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Design:
        paths = [file.path for file in self.files]
        if len(set(paths)) != len(paths):
            raise ValueError(f"a path is planned twice: {paths}")
        if self.entry_point is not None and self.entry_point not in paths:
            raise ValueError(f"entry point {self.entry_point!r} is not a planned file")
        return self

    def plan(self, path: str) -> FilePlan | None:
        """Return the plan of that path, or None."""
        return next((file for file in self.files if file.path == path), None)

    def in_order(self) -> tuple[FilePlan, ...]:
        """Files after what they import; cycles are broken in the listed order."""
        done: list[FilePlan] = []
        visiting: set[str] = set()

        def visit(file: FilePlan) -> None:
            if file in done or file.path in visiting:
                return
            visiting.add(file.path)
            for path in file.imports:
                if (other := self.plan(path)) is not None:
                    visit(other)
            visiting.discard(file.path)
            done.append(file)

        for file in self.files:
            visit(file)
        return tuple(done)
