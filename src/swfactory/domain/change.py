"""Changes to a tree of files: checked before they are written, the same for every workspace."""

from __future__ import annotations

from collections.abc import Mapping

from swfactory.domain.design import safe_path
from swfactory.errors import WorkspaceError

__all__ = ["applied", "checked_changes"]


def checked_changes(changes: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return changes with normal paths and text that can be stored.

    A lone surrogate, which a model can write as a JSON escape and UTF-8 cannot hold, becomes ``?``.

    Args:
        changes: path to new text; None deletes the file.

    Raises:
        PathEscapeError: a path leaves the workspace.
        WorkspaceError: a path is changed twice, or is written both as a file and as a folder.
    """
    checked: dict[str, str | None] = {}
    for path, text in changes.items():
        normal = safe_path(_storable(path))
        if normal in checked:
            raise WorkspaceError(f"path {path!r} is changed twice in one commit", hint="write every file once")
        checked[normal] = None if text is None else _storable(text)
    written = {path for path, text in checked.items() if text is not None}
    for path in sorted(written):
        for folder in _folders(path):
            if folder in written:
                raise WorkspaceError(
                    f"{folder!r} is written as a file and as the folder of {path!r}", hint="rename one of them"
                )
    return checked


def applied(tree: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return a tree with checked changes made; where a new file is in the way of an old one, the new one wins.

    Args:
        tree: path to text.
        changes: what ``checked_changes`` returned.
    """
    written = {path: text for path, text in changes.items() if text is not None}
    folders = {folder for path in written for folder in _folders(path)}
    kept = {
        path: text
        for path, text in tree.items()
        if path not in changes and path not in folders and not any(folder in written for folder in _folders(path))
    }
    return dict(sorted((kept | written).items()))


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
