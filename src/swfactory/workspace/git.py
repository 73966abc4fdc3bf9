"""The history of one product in a bare git repository, without a working tree."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from swfactory.domain.change import applied, checked_changes
from swfactory.errors import NotFoundError, StoreError
from swfactory.workspace.plumbing import git, git_text

__all__ = ["EMPTY_TREE", "GitWorkspace", "copy_repository"]

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Id of the tree without files, which every git repository knows."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
_IDENTITY = b"swfactory <swfactory@localhost>"
_CACHED_TREES = 16
_PATIENCE_SECONDS = 20.0


class GitWorkspace:
    """Implements ``Workspace`` on a bare repository, which is made when it is not there.

    Commit ids are a function of content and message: author and committer are fixed and a commit's date is ``epoch``
    plus its depth in seconds. Every commit stays reachable under ``refs/swf/``.

    Args:
        path: folder of the repository.
        epoch: date of the first commit, seconds since the epoch; the fraction is dropped.

    Raises:
        StoreError: the repository cannot be made.
    """

    def __init__(self, path: Path, *, epoch: float) -> None:
        self.path = path
        self._epoch = int(epoch)
        self._trees: dict[str, dict[str, str]] = {}
        self._depths: dict[str, int] = {}
        self._recovered = False
        if not (path / "HEAD").exists():
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as exc:
                raise StoreError(f"cannot make {str(path)!r}: {exc.strerror}", hint="swf doctor") from exc
            git(path, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--object-format=sha1")

    def commit(self, parent: str | None, changes: Mapping[str, str | None], message: str) -> str:
        """Record changes on top of a commit; see ``Workspace.commit``.

        Where a new file lies in the way of an old one (``a`` and ``a/b``), the new one wins.

        Raises:
            NotFoundError: there is no such parent.
            PathEscapeError: a path leaves the workspace.
            WorkspaceError: the changes contradict each other.
            StoreError: the disk is full or the repository damaged.
        """
        wanted = checked_changes(changes)
        old = {} if parent is None else self._tree(parent)
        if parent is not None and all(old.get(path) == text for path, text in wanted.items()):
            return parent
        depth = 0 if parent is None else self._depth(parent) + 1
        kept = {path: text for path, text in wanted.items() if text is not None or path in old}
        commit = self._import(parent, kept, message.encode("utf-8", "replace").strip() + b"\n", self._epoch + depth)
        self._remember(commit, applied(old, wanted))
        self._depths[commit] = depth
        return commit

    def tree(self, commit: str) -> dict[str, str]:
        """Return every file of a commit, path to text.

        Raises:
            NotFoundError: there is no such commit.
        """
        return dict(self._tree(commit))

    def diff(self, old: str | None, new: str) -> str:
        """Return the unified diff between two commits; None stands for the empty tree.

        Raises:
            NotFoundError: there is no such commit.
        """
        base = EMPTY_TREE if old is None else self._known(old)
        done = git(
            self.path, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", base, self._known(new)
        )
        return done.stdout.decode("utf-8", "replace")

    def log(self, commit: str) -> list[tuple[str, str]]:
        """Return id and first message line of a commit and its ancestors, newest first.

        Raises:
            NotFoundError: there is no such commit.
        """
        lines = git_text(self.path, "log", "--format=%H %s", self._known(commit)).splitlines()
        return [(line[:40], line[41:]) for line in lines]

    def bundle(self, commit: str, target: Path) -> None:
        """Write a commit and its history to one file that ``git clone`` reads.

        Raises:
            NotFoundError: there is no such commit.
            StoreError: the file cannot be written.
        """
        git(self.path, "bundle", "create", "--quiet", str(target.absolute()), f"refs/swf/{self._known(commit)}")

    def zipped(self, commit: str, *, prefix: str) -> bytes:
        """Return the files of a commit as a zip file.

        Args:
            commit: the commit.
            prefix: folder in the zip file that they lie in.

        Raises:
            NotFoundError: there is no such commit.
        """
        return git(self.path, "archive", "--format=zip", f"--prefix={prefix}/", self._known(commit)).stdout

    def publish(self, commit: str, target: Path, branch: str = "main") -> None:
        """Deliver a repository with the history of a commit; see ``swfactory.workspace.delivery``."""
        from swfactory.workspace.delivery import publish

        self._known(commit)
        with self.writing() as hold:
            publish(self, commit, target, branch, hold)

    def holds(self, commit: str) -> bool:
        """Whether there is such a commit."""
        return commit in self._trees or (
            bool(_COMMIT.fullmatch(commit))
            and (git(self.path, "cat-file", "-e", f"{commit}^{{commit}}", ok=(0, 1, 128)).returncode == 0)
        )

    def _known(self, commit: str) -> str:
        if not self.holds(commit):
            raise NotFoundError(f"no commit {commit!r} in {str(self.path)!r}", hint="swf show last")
        return commit

    def _tree(self, commit: str) -> dict[str, str]:
        if commit not in self._trees:
            listing = git(self.path, "ls-tree", "-r", "-z", self._known(commit)).stdout
            entries = [entry.split(b"\t", 1) for entry in listing.split(b"\0") if entry]
            blobs = [meta.split()[2] for meta, _ in entries]
            texts = self._blobs(blobs)
            paths = [path.decode("utf-8", "replace") for _, path in entries]
            self._remember(commit, dict(zip(paths, texts, strict=True)))
        return self._trees[commit]

    def _remember(self, commit: str, tree: dict[str, str]) -> None:
        while len(self._trees) >= _CACHED_TREES:
            self._trees.pop(next(iter(self._trees)))
        self._trees[commit] = tree

    def _depth(self, commit: str) -> int:
        """Number of ancestors."""
        if commit not in self._depths:
            self._depths[commit] = int(git_text(self.path, "rev-list", "--count", commit)) - 1
        return self._depths[commit]

    def _blobs(self, blobs: list[bytes]) -> list[str]:
        if not blobs:
            return []
        output = git(self.path, "cat-file", "--batch", stdin=b"\n".join(blobs) + b"\n").stdout
        texts, at = [], 0
        for blob in blobs:
            end = output.index(b"\n", at)
            header = output[at:end].split()
            if len(header) != 3:
                raise StoreError(f"object {blob.decode()!r} is missing in {str(self.path)!r}", hint="swf doctor")
            size = int(header[2])
            texts.append(output[end + 1 : end + 1 + size].decode("utf-8", "replace"))
            at = end + 1 + size + 1
        return texts

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Hold off for a git that a killed process left behind, and yield a descriptor for ours to keep open.

        A git outlives the process that started it by an instant, and would write into what a resumed run does. Only
        the run's one writer may get here.

        Raises:
            StoreError: such a git does not end, or the repository cannot be written.
        """
        try:
            descriptor = os.open(self.path / "writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise StoreError(f"cannot write to {str(self.path)!r}: {exc.strerror}", hint="swf doctor") from exc
        try:
            if not self._recovered:
                self._recover(descriptor)
                self._recovered = True
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield descriptor
        finally:
            os.close(descriptor)

    def _recover(self, descriptor: int) -> None:
        """Wait until no git writes here, then remove the locks of those that were cut off."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                if time.monotonic() > deadline:
                    raise StoreError(
                        f"a git process of an earlier session still writes to {str(self.path)!r}",
                        hint="end it, then swf resume last",
                    ) from exc
                time.sleep(0.02)
            else:
                break
        for lock in [*(self.path / "refs").rglob("*.lock"), *self.path.glob("*.lock")]:
            lock.unlink(missing_ok=True)

    def _import(self, parent: str | None, changes: Mapping[str, str | None], message: bytes, date: int) -> str:
        """Write a commit; the ref that keeps it comes last, so a commit that is known is whole."""
        lines = [b"feature done\n", b"commit refs/heads/main\n", b"mark :1\n"]
        lines += [b"%s %s %d +0000\n" % (who, _IDENTITY, date) for who in (b"author", b"committer")]
        lines.append(b"data %d\n%s" % (len(message), message))
        if parent is not None:
            lines.append(b"from %s\n" % parent.encode())
        lines += [b"D %s\n" % _quoted(path) for path, text in changes.items() if text is None]
        for path, text in changes.items():
            if text is not None:
                data = text.encode()
                lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data))
        lines.append(b"\nget-mark :1\ndone\n")
        with self.writing() as hold:
            done = git(self.path, "fast-import", "--quiet", "--force", stdin=b"".join(lines), hold=[hold])
            commit = done.stdout.decode("ascii", "replace").strip()
            git(self.path, "update-ref", f"refs/swf/{commit}", commit, hold=[hold])
        return commit


def _quoted(path: str) -> bytes:
    return b'"%s"' % path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def copy_repository(source: Path, target: Path) -> None:
    """Copy a bare repository with all its refs.

    Raises:
        StoreError: it cannot be copied.
    """
    git(
        source,
        "clone",
        "--quiet",
        "--mirror",
        "--template=",
        "--no-hardlinks",
        str(source.absolute()),
        str(target.absolute()),
    )
