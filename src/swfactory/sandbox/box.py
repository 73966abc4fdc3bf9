"""The work folder of one run, reached through a folder descriptor so that no name can lead out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from swfactory.domain.design import safe_path
from swfactory.errors import PathEscapeError

__all__ = ["COLLECT_BYTES", "confine", "lay_out", "read_back", "usage"]

COLLECT_BYTES = 8 << 20
"""Bytes read back after a run, all collected files together; a file that would pass it is left out."""

_NAME_BYTES = 512
"""What a name counts that has no blocks of its own: a folder, an empty file; each takes an inode."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def confine(files: Iterable[str], collect: Iterable[str]) -> tuple[str, ...]:
    """Check the paths of a command before anything is started.

    Args:
        files: relative paths to lay out.
        collect: relative paths to read back.

    Returns:
        The normalised paths of ``collect``.

    Raises:
        PathEscapeError: one leaves the folder, or one of ``files`` is also the folder of another.
    """
    known = {safe_path(path) for path in files}
    for path in known:
        for folder in PurePosixPath(path).parents:
            if str(folder) in known:
                raise PathEscapeError(
                    f"path {str(folder)!r} is both a file and the folder of {path!r}",
                    hint="give one of them another name",
                )
    return tuple(safe_path(path) for path in collect)


def lay_out(folder: int, files: Mapping[str, str], *, owner: int | None = None) -> None:
    """Write files below an empty folder.

    Args:
        folder: open descriptor of the folder.
        files: path to text; the paths have passed ``confine``.
        owner: numeric user and group that shall own what is written; None for the caller.

    Raises:
        OSError: the folder has no room.
    """
    if owner is not None:
        os.fchown(folder, owner, owner)
    for path, text in files.items():
        *parents, name = safe_path(path).split("/")
        parent = _descend(folder, parents, create=True, owner=owner)
        try:
            file = os.open(
                name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=parent
            )
            with os.fdopen(file, "wb") as stream:
                stream.write(text.encode("utf-8", "surrogatepass"))
                if owner is not None:
                    os.fchown(stream.fileno(), owner, owner)
        finally:
            os.close(parent)


def read_back(folder: int, paths: Sequence[str]) -> dict[str, str]:
    """Read files that a program may have written, trusting none of them.

    Symbolic links, devices, pipes and files with a second name are left out, and no link is followed on the way.

    Args:
        folder: open descriptor of the folder.
        paths: confined relative paths.

    Returns:
        Path to text, for those that exist and fit; bytes that are not UTF-8 become U+FFFD.
    """
    found: dict[str, str] = {}
    room = COLLECT_BYTES
    for path in paths:
        *parents, name = path.split("/")
        try:
            parent = _descend(folder, parents, create=False, owner=None)
        except OSError:
            continue
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        except OSError:
            continue
        finally:
            os.close(parent)
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > room:
            os.close(file)
            continue
        with os.fdopen(file, "rb") as stream:
            content = stream.read(room)
        room -= len(content)
        found[path] = content.decode("utf-8", "replace")
    return found


def usage(folder: int, *, stop: int) -> int:
    """Bytes that the files and folders below a folder take on disk, links not followed.

    Args:
        folder: open descriptor of the folder.
        stop: bytes after which counting ends; what cannot be looked into counts as so many, as anything may be in it.
    """
    total = 0
    try:
        for _, folders, files, descriptor in os.fwalk(".", dir_fd=folder, follow_symlinks=False, onerror=_unless_gone):
            for name in (*folders, *files):
                try:
                    status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                except FileNotFoundError:
                    continue  # deleted meanwhile
                total += max(status.st_blocks * 512, _NAME_BYTES)
                if stat.S_ISLNK(status.st_mode) and name in folders:
                    folders.remove(name)  # what it leads to, and whether that can be opened, is of no matter
            if total > stop:
                break
    except (OSError, RecursionError):  # one that may not be read, or so many in one another that none can follow
        return max(total, stop)
    return total


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _descend(folder: int, parents: Sequence[str], *, create: bool, owner: int | None) -> int:
    current = os.open(".", _FOLDER, dir_fd=folder)
    for name in parents:
        try:
            if create:
                try:
                    os.mkdir(name, 0o755, dir_fd=current)
                    if owner is not None:
                        os.chown(name, owner, owner, dir_fd=current, follow_symlinks=False)
                except FileExistsError:
                    pass
            below = os.open(name, _FOLDER, dir_fd=current)
        finally:
            os.close(current)
        current = below
    return current
