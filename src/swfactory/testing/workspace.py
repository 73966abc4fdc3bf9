"""A workspace and an object store in memory, with the behaviour of the real ones."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping

from swfactory.domain.change import applied, checked_changes
from swfactory.errors import NotFoundError

__all__ = ["MemoryObjectStore", "MemoryWorkspace"]


class MemoryWorkspace:
    """Implements ``Workspace`` with a dictionary.

    Example:
        >>> workspace = MemoryWorkspace()
        >>> first = workspace.commit(None, {"main.py": "print(1)"}, "Start")
        >>> workspace.tree(first)
        {'main.py': 'print(1)'}
    """

    def __init__(self) -> None:
        self._trees: dict[str, dict[str, str]] = {}
        self._messages: dict[str, str] = {}

    def commit(self, parent: str | None, changes: Mapping[str, str | None], message: str) -> str:
        """Record changes on top of a commit; see ``Workspace.commit``."""
        wanted = checked_changes(changes)
        old = {} if parent is None else self.tree(parent)
        new = applied(old, wanted)
        if parent is not None and new == old:
            return parent
        canonical = json.dumps([parent, new, message.strip()], sort_keys=True)
        commit = hashlib.sha1(canonical.encode(), usedforsecurity=False).hexdigest()
        self._trees[commit] = new
        self._messages[commit] = message.strip()
        return commit

    def tree(self, commit: str) -> dict[str, str]:
        """Return every file of a commit, path to text.

        Raises:
            NotFoundError: there is no such commit.
        """
        if commit not in self._trees:
            raise NotFoundError(f"no commit {commit!r}", hint="commit something first")
        return dict(self._trees[commit])

    def diff(self, old: str | None, new: str) -> str:
        """Return the unified diff between two commits; None stands for the empty tree.

        Raises:
            NotFoundError: there is no such commit.
        """
        before = {} if old is None else self.tree(old)
        after = self.tree(new)
        lines: list[str] = []
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) != after.get(path):
                lines += difflib.unified_diff(
                    before.get(path, "").splitlines(keepends=True),
                    after.get(path, "").splitlines(keepends=True),
                    f"a/{path}" if path in before else "/dev/null",
                    f"b/{path}" if path in after else "/dev/null",
                )
        return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)

    def message(self, commit: str) -> str:
        """Return the message of a commit, for assertions.

        Raises:
            NotFoundError: there is no such commit.
        """
        self.tree(commit)
        return self._messages[commit]


class MemoryObjectStore:
    """Implements ``ObjectStore`` with a dictionary."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def put(self, content: str) -> str:
        """Store text and return its SHA-256 digest."""
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        self._texts[digest] = content
        return digest

    def get(self, digest: str) -> str:
        """Return the text of a digest.

        Raises:
            NotFoundError: there is none.
        """
        if digest not in self._texts:
            raise NotFoundError(f"no document {digest!r}", hint="store it first")
        return self._texts[digest]
