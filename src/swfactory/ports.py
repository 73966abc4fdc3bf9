"""The seams: what the graphs need of the outside world, as small Protocols.

The model port is LangChain's ``BaseChatModel``; it is not repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from swfactory.domain.execution import Command, Execution
from swfactory.domain.references import Passage
from swfactory.domain.value import Value

__all__ = ["Installed", "Libraries", "ObjectStore", "Retriever", "Sandbox", "Workspace"]


@runtime_checkable
class Sandbox(Protocol):
    """Runs generated programs where they can do no harm."""

    @property
    def name(self) -> str:
        """The backend's name, logged with every run."""
        ...

    async def run(self, command: Command) -> Execution:
        """Run a command in a fresh folder and throw the folder away.

        A program that fails or reaches a limit is an ``Execution``, not an exception. Cancelling the call kills the
        whole process tree.

        Raises:
            PathEscapeError: a path in ``files`` or ``collect`` leaves the folder.
            SandboxError: the sandbox itself could not start.
        """
        ...


@runtime_checkable
class Workspace(Protocol):
    """The history of one product: commits addressed by id, equal content giving equal ids.

    There is no working tree: every method names the commit it means, so nothing has to be restored on resume.
    """

    def commit(self, parent: str | None, changes: Mapping[str, str | None], message: str) -> str:
        """Record ``changes`` (path to text, None deletes) on top of ``parent`` and return the commit id.

        The same parent, changes and message give the same id, so a repeated node repeats its commit. Changes that
        change nothing return ``parent`` when there is one.

        Raises:
            PathEscapeError: a path leaves the workspace.
            StoreError: the disk is full or the repository damaged.
        """
        ...

    def tree(self, commit: str) -> dict[str, str]:
        """Return every file of a commit, path to text.

        Raises:
            NotFoundError: there is no such commit.
        """
        ...

    def diff(self, old: str | None, new: str) -> str:
        """Return the unified diff between two commits; None stands for the empty tree."""
        ...


@runtime_checkable
class ObjectStore(Protocol):
    """Content-addressed storage of documents, transcripts and tool output."""

    def put(self, content: str) -> str:
        """Store text and return its SHA-256 digest (64 hexadecimal characters)."""
        ...

    def get(self, digest: str) -> str:
        """Return the text of a digest.

        Raises:
            NotFoundError: there is none.
        """
        ...


class Installed(Value):
    """What a product may import besides the standard library.

    Args:
        folder: holds it, for ``Command.packages``; empty when there is nothing.
        requirements: lines of the product's requirements file.
        modules: names that can be imported.
    """

    folder: str = ""
    requirements: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


@runtime_checkable
class Libraries(Protocol):
    """The user's own Python libraries, which a product may import."""

    def named(self, text: str) -> tuple[str, ...]:
        """Return the libraries that a text speaks of, by the names they are imported by."""
        ...

    def dependencies(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the third-party packages that libraries need."""
        ...

    def exports(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the public names of libraries that only one module has, and that module."""
        ...

    def requirement(self, name: str) -> str:
        """Return a library's line in a requirements file."""
        ...

    async def install(self, names: Sequence[str], onto: Installed) -> Installed:
        """Put libraries beside the packages that are installed.

        Args:
            names: libraries, by the names they are imported by.
            onto: what is there already.

        Raises:
            NotFoundError: there is no such library, or its folder is gone.
            StoreError: it cannot be copied.
        """
        ...


@runtime_checkable
class Retriever(Protocol):
    """Finds passages of the user's code and documents."""

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the best passages for a query, packed to ``max_tokens`` tokens."""
        ...
