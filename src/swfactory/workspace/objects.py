"""A content-addressed store in a folder: one file a document, named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from swfactory.errors import NotFoundError, StoreError

__all__ = ["FileObjectStore"]

_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileObjectStore:
    """Implements ``ObjectStore`` below a folder.

    A document is on disk, whole, before its digest is known to anybody; equal documents are kept once.

    Args:
        path: the folder; made when the first document comes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, content: str) -> str:
        """Store text and return its digest.

        Raises:
            StoreError: the disk is full or the folder cannot be written.
        """
        data = content.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).hexdigest()
        target = self._file(digest)
        if target.exists():
            return digest
        temporary = target.with_name(f".{digest}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
            _sync_folder(target.parent)
        except OSError as exc:
            raise StoreError(
                f"cannot keep a document of {len(data)} bytes in {str(self._path)!r}: {exc.strerror}",
                hint="free some disk space, then swf resume last",
            ) from exc
        return digest

    def get(self, digest: str) -> str:
        """Return the text of a digest.

        Raises:
            NotFoundError: there is none.
            StoreError: the file cannot be read or is damaged.
        """
        if not _DIGEST.fullmatch(digest):
            raise NotFoundError(f"{digest!r} is not a digest", hint="give the 64 hexadecimal characters of a SHA-256")
        try:
            data = self._file(digest).read_bytes()
        except FileNotFoundError as exc:
            raise NotFoundError(f"no document {digest!r}", hint="the store may be another run's") from exc
        except OSError as exc:
            raise StoreError(f"cannot read document {digest!r}: {exc.strerror}", hint="swf doctor") from exc
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError(f"document {digest!r} is damaged", hint=f"delete {str(self._file(digest))!r}")
        return data.decode("utf-8", "surrogatepass")

    def digests(self) -> Iterator[str]:
        """Iterate over the digests of all documents, sorted."""
        if self._path.is_dir():
            for folder in sorted(self._path.iterdir()):
                yield from sorted(folder.name + file.name for file in folder.iterdir() if len(file.name) == 62)

    def adopt(self, other: FileObjectStore) -> None:
        """Take over every document of another store, sharing the disk space where the file system allows it.

        Raises:
            StoreError: a document cannot be written.
        """
        for digest in other.digests():
            source, target = other._file(digest), self._file(digest)
            if target.exists():
                continue
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(source, target)
            except OSError:  # another file system, or one without links
                self.put(other.get(digest))

    def _file(self, digest: str) -> Path:
        return self._path / digest[:2] / digest[2:]


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
