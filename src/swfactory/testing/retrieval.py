"""A retriever and libraries that are known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from swfactory.domain.references import Passage
from swfactory.errors import NotFoundError
from swfactory.ports import Installed

__all__ = ["FixedLibraries", "FixedRetriever"]


class FixedRetriever:
    """Implements ``Retriever`` with a function; what it was asked is in ``queries``.

    Args:
        find: query to passages, or the passages that every query finds.
    """

    def __init__(self, find: Callable[[str], Sequence[Passage]] | Sequence[Passage]) -> None:
        self._find = find
        self.queries: list[str] = []

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the passages for a query, whatever their length."""
        del max_tokens
        self.queries.append(query)
        return self._find(query) if callable(self._find) else self._find


class FixedLibraries:
    """Implements ``Libraries`` with folders that are ready.

    Args:
        folders: library to the folder that it can be imported from.
        needs: library to the third-party packages that it needs.
    """

    def __init__(self, folders: Mapping[str, str], needs: Mapping[str, Sequence[str]] | None = None) -> None:
        self.folders = folders
        self._needs = needs or {}

    def named(self, text: str) -> tuple[str, ...]:
        """Return the libraries whose name occurs in a text."""
        return tuple(name for name in self.folders if name in text)

    def dependencies(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the third-party packages that libraries need."""
        return tuple(package for name in names for package in self._needs.get(name, ()))

    def exports(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: the names are not known."""
        del names
        return {}

    def requirement(self, name: str) -> str:
        """Return a library's line in a requirements file."""
        return f"{name} @ file://{self.folders[name]}"

    async def install(self, names: Sequence[str], onto: Installed) -> Installed:
        """Return the folder of the last library."""
        for name in names:
            if name not in self.folders:
                raise NotFoundError(f"there is no library {name!r}")
        return onto.model_copy(
            update={"folder": self.folders[names[-1]], "modules": (*onto.modules, *names)} if names else {}
        )
