"""Files that were uploaded: kept below the data folder, in one folder for each source of a collection."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from swfactory.config import Settings
from swfactory.errors import InputError, StoreError

__all__ = ["Upload", "discard", "keep"]

Upload = tuple[str, IO[bytes]]
"""A file's name as the client gave it, and its content."""

_FOLDER = "uploads"
_PART = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,199}")
_MAX_PARTS = 8
_BLOCK = 1 << 20


def keep(settings: Settings, collection: str, files: Sequence[Upload], *, source: str = _FOLDER) -> Path:
    """Write files into the folder of a source, and return that folder. A file of a name that is there is replaced.

    Args:
        settings: where the data folder is.
        collection: whose source; a name that has been checked.
        files: what was uploaded.
        source: name of the folder, by which the files are cited; a name that has been checked.

    Raises:
        InputError: a name leads elsewhere, is none of a file, or is that of two files.
        StoreError: a file cannot be written.
    """
    root = (_home(settings) / collection / source).resolve()
    names = [name for name, _ in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"two files of the upload are called {twice!r}", hint="upload one of them by another name")
    targets = [(_inside(root, name), content) for name, content in files]
    for target, content in targets:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.parent.resolve().is_relative_to(root):
                raise InputError(f"{target.name!r} would be written elsewhere", hint="upload it by another name")
            _write(target, content)
        except OSError as exc:
            raise StoreError(
                f"cannot write the upload {target.name!r}: {exc.strerror}",
                hint="upload it by another name, or free some disk space",
            ) from exc
    return root


def discard(settings: Settings, root: str) -> bool:
    """Delete the folder of a source if it holds uploads, so that they do not come back with the next ones.

    Args:
        settings: where the data folder is.
        root: folder of the source; one that was not made by ``keep`` is left alone.

    Returns:
        Whether it was deleted.

    Raises:
        StoreError: it cannot be deleted.
    """
    home, folder = _home(settings).resolve(), Path(root).resolve()
    if not folder.is_relative_to(home) or len(folder.relative_to(home).parts) != 2:
        return False
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return False
    except OSError as exc:
        raise StoreError(f"cannot delete {root!r}: {exc.strerror}", hint="look at the rights of that folder") from exc
    return True


def _home(settings: Settings) -> Path:
    return settings.data_dir / _FOLDER


def _inside(root: Path, name: str) -> Path:
    parts = name.split("/")
    if not name or len(parts) > _MAX_PARTS or not all(_PART.fullmatch(part) for part in parts):
        raise InputError(
            f"{name!r} cannot be the name of an upload",
            hint="use names such as handbook.md or docs/handbook.md: relative, without '..' and hidden parts",
        )
    return root.joinpath(*parts)


def _write(target: Path, content: IO[bytes]) -> None:
    """Write a file whole or not at all."""
    scratch = target.with_name(f".{secrets.token_hex(8)}")
    try:
        with scratch.open("xb") as file:
            while block := content.read(_BLOCK):
                file.write(block)
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
