"""Collections as the routes need them: opened for a request, and the folder of what was uploaded."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from swfactory.config import Settings
from swfactory.errors import InputError, NotFoundError, StoreError

if TYPE_CHECKING:
    from swfactory.rag.catalog import Catalog
    from swfactory.rag.store import Collection

__all__ = ["Upload", "collection_names", "keep_uploads", "opened_catalog", "opened_collection"]

Upload = tuple[str, IO[bytes]]
"""A file's name as the client gave it, and its content."""

_OPENING = threading.Lock()
"""Chroma is opened by one thread at a time."""
_FOLDER = "uploads"
_PART = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,199}")
_MAX_PARTS = 8
_BLOCK = 1 << 20


def collection_names(settings: Settings) -> list[str]:
    """Return the names of the collections."""
    from swfactory.rag import collections_folder
    from swfactory.rag.store import collections

    return collections(collections_folder(settings))


@contextmanager
def opened_collection(settings: Settings, name: str, *, create: bool = False) -> Iterator[Collection]:
    """Open a collection with its vectors, and close it afterwards.

    Args:
        settings: where it is.
        name: which one.
        create: make it when it is not there.
    """
    from swfactory.rag import open_collection

    with _OPENING:
        collection = open_collection(settings, name, create=create)
    try:
        yield collection
    finally:
        with _OPENING:
            collection.close()


@contextmanager
def opened_catalog(settings: Settings, name: str) -> Iterator[Catalog]:
    """Open the catalogue alone: what needs no vectors needs no embedding model.

    Raises:
        NotFoundError: there is no such collection.
    """
    from swfactory.rag import collections_folder
    from swfactory.rag.catalog import Catalog

    if name not in collection_names(settings):
        raise NotFoundError(f"there is no collection {name!r}", hint="swf rag list")
    catalog = Catalog(collections_folder(settings) / name / "catalog.db")
    try:
        yield catalog
    finally:
        catalog.close()


def keep_uploads(settings: Settings, collection: str, files: Sequence[Upload]) -> Path:
    """Write files below the collection's folder of uploads, which is in the data folder, and return that folder.

    Args:
        settings: where the data folder is.
        collection: whose folder; a name that has been checked.
        files: what was uploaded.

    Raises:
        InputError: a name leads elsewhere, or is none of a file.
        StoreError: a file cannot be written.
    """
    root = (settings.data_dir.expanduser().absolute() / _FOLDER / collection / _FOLDER).resolve()
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
