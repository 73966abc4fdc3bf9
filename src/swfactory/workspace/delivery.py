"""Delivering a product: a normal git repository, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.errors import InputError, StoreError
from swfactory.workspace.plumbing import git, git_text

if TYPE_CHECKING:
    from swfactory.workspace.git import GitWorkspace

__all__ = ["publish"]

_LITTER = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"})
"""Folders that running or testing a product leaves; they may go with an earlier delivery."""


def publish(workspace: GitWorkspace, commit: str, target: Path, branch: str, hold: int) -> None:
    """Deliver a repository with the history of a commit, checked out, at ``target``.

    It is built beside the target and moved there in one step. An earlier delivery of the same run is replaced, if
    nobody has worked in it.

    Args:
        workspace: where the history is.
        commit: what is checked out.
        target: the folder: missing, empty, or an earlier delivery of the same workspace.
        branch: name of the branch.
        hold: what ``GitWorkspace.writing`` gave.

    Raises:
        InputError: the target holds something else.
        StoreError: the disk is full or the folder cannot be written.
    """
    target = target.expanduser().resolve()  # a link stays one, and what it leads to is replaced
    if target.is_dir() and any(target.iterdir()):
        if _earlier_delivery(workspace, target) == (commit, branch):
            return
        _check_untouched(target)
    elif target.exists() and not target.is_dir():
        raise InputError(f"{str(target)!r} is a file", hint="give a folder that is missing or empty")
    # The same names every time, so that what a kill leaves behind is cleared by the next try.
    own = hashlib.sha256(str(workspace.path.absolute()).encode()).hexdigest()[:8]
    beside = target.parent / f".{target.name}.{own}.new"
    replaced = beside.with_suffix(".old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        if not target.exists() and replaced.exists():
            replaced.rename(target)
        shutil.rmtree(replaced, ignore_errors=True)
        try:
            _build(workspace, commit, beside, branch, hold)
            if target.is_dir() and any(target.iterdir()):
                target.rename(replaced)
            beside.rename(target)
            _sync(target.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            if replaced.exists() and not target.exists():
                replaced.rename(target)
            shutil.rmtree(replaced, ignore_errors=True)
    except OSError as exc:
        raise StoreError(f"cannot deliver to {str(target)!r}: {exc.strerror}", hint="swf resume last") from exc


def _build(workspace: GitWorkspace, commit: str, folder: Path, branch: str, hold: int) -> None:
    folder.mkdir()
    source = str(workspace.path.absolute())
    refs = f"refs/swf/{commit}:refs/heads/{branch}"
    for arguments in (
        ("init", "--quiet", "--template=", f"--initial-branch={branch}", "--object-format=sha1"),
        ("fetch", "--quiet", "--no-tags", "--update-head-ok", source, refs),
        ("reset", "--quiet", "--hard"),
    ):
        git(folder, *arguments, hold=[hold])
    (folder / ".git" / "FETCH_HEAD").unlink(missing_ok=True)  # it names a path of this machine
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            _sync(path)


def _earlier_delivery(workspace: GitWorkspace, target: Path) -> tuple[str, str]:
    """Return commit and branch of an earlier delivery of the same workspace.

    Raises:
        InputError: the folder is something else, or somebody has committed to it.
    """
    refusal = InputError(f"{str(target)!r} is not empty", hint="give a folder that is missing or empty")
    if not (target / ".git").is_dir():
        raise refusal
    try:
        head = git_text(target, "rev-parse", "--verify", "HEAD")
        branch = git_text(target, "symbolic-ref", "--short", "HEAD")
    except StoreError as exc:
        raise refusal from exc
    if not workspace.holds(head):
        raise refusal
    return head, branch


def _check_untouched(target: Path) -> None:
    """Refuse to replace a delivery that has files of somebody's own.

    Raises:
        InputError: it has.
    """
    listed = git(target, "status", "--porcelain", "-z", "--no-renames", "--ignored", "--untracked-files=all").stdout
    paths = [entry[3:] for entry in listed.decode("utf-8", "replace").split("\0") if entry]
    changed = [path for path in paths if not _LITTER.intersection(path.split("/"))]
    if changed:
        raise InputError(
            f"{str(target)!r} has changes that a new delivery would lose: {changed[0]!r}",
            hint=f"commit or move them: git -C {target} status",
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
