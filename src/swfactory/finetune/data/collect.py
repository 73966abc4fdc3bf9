"""Files of a source: a git repository at a recorded commit, a folder, or documents read as text."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from swfactory.domain.value import Value
from swfactory.errors import InputError, StoreError
from swfactory.finetune.data.licenses import is_license_file, license_of_header, license_of_text
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.tally import Tally
from swfactory.rag.languages import language_of
from swfactory.workspace.plumbing import git, git_text

__all__ = ["Repository", "SourceFile", "documents_of", "file_of", "files_of", "is_wanted", "open_repository"]

_SKIPPED_FOLDERS = frozenset(("__pycache__", "htmlcov"))
_BATCH, _BATCH_BYTES = 200, 16_000_000
"""Files that git hands over at once, and bytes of them."""
_MAX_BYTES = 5_000_000
"""Larger files are data; they are not even read."""


class SourceFile(Value):
    """A text file of a source.

    Args:
        source: name of the source.
        path: the file, from the source's root, with slashes.
        text: its content.
        group: what must not be divided between training and evaluation.
        license: SPDX identifier; empty when unknown.
        language: name of its language or format, e.g. ``python``.
    """

    source: str
    path: str
    text: str
    group: str
    license: str = ""
    language: str = "text"


class Repository(Value):
    """A git repository at a commit.

    Args:
        root: its folder.
        commit: the commit that is read.
        identity: what all clones of it have in common: the oldest root commit.
        license: SPDX identifier, as the recipe or its licence file says; empty when unknown.
    """

    root: Path
    commit: str
    identity: str
    license: str = ""


class _Blob(NamedTuple):
    """A file of a commit: path, object name and size in bytes."""

    path: str
    name: bytes
    size: int


def open_repository(source: SourceRecipe) -> Repository:
    """Return the repository of a source at its newest commit.

    Raises:
        InputError: the path is no repository, or one without commits.
        StoreError: git is missing.
    """
    root = Path(source.path)
    try:
        commit = git_text(root, "rev-parse", "--verify", "HEAD^{commit}")
        roots = git_text(root, "rev-list", "--max-parents=0", "HEAD").split()
    except StoreError as exc:
        if "not installed" in exc.message:
            raise
        raise InputError(
            f"source {source.title!r}: {source.path!r} is no git repository with a commit",
            hint="git init && git commit, or type: folder",
        ) from exc
    found = Repository(root=root, commit=commit, identity=f"git:{roots[-1][:16]}")
    noticed = _blobs(found, [blob for blob in _tracked(found) if _is_notice(blob.path)])
    return found.model_copy(update={"license": source.license or _license(noticed)})


def files_of(source: SourceRecipe, tally: Tally) -> Iterator[SourceFile]:
    """Yield the text files of a repository or folder, in the order of their paths.

    Args:
        source: of type ``git`` or ``folder``.
        tally: counts what is no text.

    Raises:
        InputError: the path is no repository or folder.
    """
    if source.type == "git":
        repository = open_repository(source)
        contents = _blobs(repository, [blob for blob in _tracked(repository) if is_wanted(blob.path, source.include)])
        group, license = repository.identity, repository.license
    else:
        root = Path(source.path)
        if not root.is_dir():
            raise InputError(f"source {source.title!r}: {source.path!r} is no folder", hint="type: jsonl for a file")
        paths = list(_walk(root))
        contents = ((path, _read(root / path)) for path in paths if is_wanted(path, source.include))
        group = f"folder:{source.title}"
        license = source.license or _license((path, _read(root / path)) for path in paths if _is_notice(path))
    for path, data in contents:
        text = _text(data)
        if text is None:
            tally.drop("no text file")
        else:
            yield file_of(source, path, text, group, license)


def file_of(source: SourceRecipe, path: str, text: str, group: str, license: str) -> SourceFile:
    """Return a file with what is known of it.

    Args:
        source: that it is of.
        path: from the source's root, with slashes.
        text: its content.
        group: of the whole source.
        license: of the whole source; what the file says of itself counts more.
    """
    return SourceFile(
        source=source.title,
        path=path,
        text=text,
        group=f"{group}/{path}" if source.group in ("file", "function") else group,
        license=license_of_header(text) or license,
        language=language_of(path),
    )


def documents_of(source: SourceRecipe, tally: Tally) -> Iterator[tuple[str, Path]]:
    """Yield the documents of a source with the path they are cited by.

    Args:
        source: of type ``documents``.
        tally: counts what is left out.
    """
    from swfactory.rag.sources import Skipped, find_files, open_source

    left = Skipped()
    for path, file in find_files(open_source(source.path), left):
        if is_wanted(path.partition("/")[2] or path, source.include):
            yield path, file
    tally.drop("file too large", len(left.large))
    tally.drop("no text file", left.other)


def _is_notice(path: str) -> bool:
    return "/" not in path and is_license_file(path)


def _license(notices: Iterable[tuple[str, bytes | None]]) -> str:
    """What the licence files of a source say; empty when they say nothing that is known."""
    return next(filter(None, (license_of_text(_text(data) or "") for _, data in notices)), "")


def is_wanted(path: str, include: Sequence[str]) -> bool:
    """Whether a recipe takes a file.

    Args:
        path: from the source's root, with slashes.
        include: patterns of the files that are taken; none for all.
    """
    return not include or any(fnmatch.fnmatch(path, pattern) for pattern in include)


def _tracked(repository: Repository) -> list[_Blob]:
    listed = git(repository.root, "ls-tree", "-r", "-l", "-z", "--full-tree", repository.commit).stdout
    blobs = []
    for entry in filter(None, listed.split(b"\0")):
        head, _, path = entry.partition(b"\t")
        mode, kind, name, size = head.split()
        if kind == b"blob" and mode != b"120000":  # links and submodules have no text of their own
            blobs.append(_Blob(os.fsdecode(path), name, int(size)))
    return sorted(blobs)


def _blobs(repository: Repository, blobs: Sequence[_Blob]) -> Iterator[tuple[str, bytes | None]]:
    """Contents at the commit, whatever the work tree holds; None for files that are too large."""
    batch: list[_Blob] = []
    for number, blob in enumerate(blobs):
        if blob.size > _MAX_BYTES:
            yield blob.path, None
        else:
            batch.append(blob)
        if number == len(blobs) - 1 or sum(each.size for each in batch) > _BATCH_BYTES or len(batch) == _BATCH:
            yield from _read_blobs(repository, batch)
            batch = []


def _read_blobs(repository: Repository, batch: Sequence[_Blob]) -> Iterator[tuple[str, bytes]]:
    asked = b"".join(blob.name + b"\n" for blob in batch)
    out, at = git(repository.root, "cat-file", "--batch", stdin=asked).stdout, 0
    for blob in batch:
        at = out.index(b"\n", at) + 1
        yield blob.path, out[at : at + blob.size]
        at += blob.size + 1


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED_FOLDERS)
        here = Path(folder).relative_to(root)
        for name in sorted(files):
            if name[0] != "." and not (Path(folder) / name).is_symlink():
                yield (here / name).as_posix()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError:
        return None  # gone or closed to us since it was listed


def _text(data: bytes | None) -> str | None:
    from swfactory.rag.reading import decode

    if data is None:
        return None
    try:
        return decode(data)
    except InputError:
        return None
