"""Which files a source has: a folder, a git repository or a single file of the user's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from swfactory.errors import InputError, NotFoundError
from swfactory.rag.languages import language_of

__all__ = ["MAX_BYTES", "Skipped", "Source", "find_files", "open_source"]

MAX_BYTES = 5_000_000
"""Size of a text file that is taken; a longer one is data or a log."""
_MAX_PAGED_BYTES = 100_000_000
_PAGED = frozenset(["pdf", "docx"])

_SKIPPED_FOLDERS = frozenset(
    (
        *("__pycache__", "node_modules", "site-packages", "venv", "env", "vendor"),
        *("build", "dist", "target", "htmlcov", "__MACOSX"),
    )
)
_SKIPPED_SUFFIXES = frozenset(
    (
        *(".avi", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".mov", ".mp3", ".mp4", ".ogg", ".png", ".svg", ".tiff"),
        *(
            ".wav",
            ".webm",
            ".webp",
            ".eot",
            ".otf",
            ".ttf",
            ".woff",
            ".woff2",
            ".doc",
            ".ppt",
            ".pptx",
            ".xls",
            ".xlsx",
        ),
        *(".7z", ".bz2", ".gz", ".jar", ".rar", ".tar", ".tgz", ".whl", ".xz", ".zip", ".zst"),
        *(".a", ".bin", ".class", ".dll", ".dylib", ".exe", ".lib", ".o", ".obj", ".pyc", ".pyo", ".so"),
        *(".gguf", ".npy", ".npz", ".onnx", ".parquet", ".pb", ".pickle", ".pkl", ".pt", ".safetensors"),
        *(".db", ".lock", ".map", ".sqlite", ".sqlite3"),
    )
)
_SKIPPED_ENDINGS = (".min.js", ".min.css", "package-lock.json", "-lock.yaml", ".pb.go", "_pb2.py", "_pb2_grpc.py")
_GIT_SECONDS = 60


@dataclass(frozen=True)
class Source:
    """What a user added.

    Args:
        root: the folder or file, absolute.
        name: what its files are cited by: the folder's name, or the file's.
        commit: the commit that a git repository was at; empty for anything else.
    """

    root: Path
    name: str
    commit: str = ""


@dataclass
class Skipped:
    """Files that were left out, with the reason.

    Args:
        large: files above ``MAX_BYTES``.
        other: files of other kinds: pictures, archives, programs; not worth a line each.
    """

    large: list[Path] = field(default_factory=list)
    other: int = 0


def open_source(path: str | Path) -> Source:
    """Return the source that a path names.

    Args:
        path: a folder, the folder of a git repository, or a file.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is the address of something elsewhere, or neither folder nor file, or its name is not UTF-8.
    """
    if "://" in str(path) or str(path).startswith("git@"):
        raise InputError(
            f"{str(path)!r} is not on this machine, and nothing is fetched for you",
            hint=f"git clone {path} our-lib && swf rag add our-lib",
        )
    root = Path(path).expanduser().resolve()
    if not root.exists():
        raise NotFoundError(f"there is no file or folder {str(path)!r}", hint="swf rag add FOLDER")
    if not root.is_dir() and not root.is_file():
        raise InputError(f"{str(path)!r} is neither a folder nor a file", hint="swf rag add FOLDER")
    if _readable(str(root)) != str(root):
        raise InputError(f"the name of {str(path)!r} is not UTF-8, and cannot be kept", hint="rename it, or copy it")
    return Source(root=root, name=root.name or "root", commit=_commit(root) if root.is_dir() else "")


def find_files(source: Source, skipped: Skipped | None = None) -> Iterator[tuple[str, Path]]:
    """Yield the files of a source in order, with the path they are cited by.

    In a git repository these are the files that git tracks or would add; elsewhere ``.gitignore`` files are read as
    well. Hidden folders, dependencies, build output, pictures, archives and lock files are left out, and so are links
    that lead out of the source.

    Args:
        source: where to look.
        skipped: collects what was left out.
    """
    left = skipped if skipped is not None else Skipped()
    if source.root.is_file():
        yield source.name, source.root
        return
    names = _tracked(source.root)
    for relative in sorted(names if names is not None else _walk(source.root)):
        path = source.root / relative
        if not _wanted(relative):
            left.other += 1
            continue
        try:
            size = path.stat().st_size
            inside = path.resolve().is_relative_to(source.root)
        except OSError:
            continue  # a broken link, or a file that git knows and that is gone
        if not inside or not path.is_file():
            continue
        if size > (_MAX_PAGED_BYTES if language_of(relative) in _PAGED else MAX_BYTES):
            left.large.append(path)
        elif size:
            yield _readable(f"{source.name}/{relative}"), path


def _readable(path: str) -> str:
    """A path as text that can be kept and shown: bytes that are not UTF-8 are written as numbers."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _wanted(relative: str) -> bool:
    *folders, name = relative.split("/")
    if any(folder in _SKIPPED_FOLDERS or folder.startswith(".") for folder in folders):
        return False
    lower = name.lower()
    # Git lists a repository inside another one as a folder, whose name ends there.
    return not (Path(lower).suffix in _SKIPPED_SUFFIXES or lower.endswith(_SKIPPED_ENDINGS) or lower[:1] in {".", ""})


def _git(root: Path, *arguments: str) -> bytes | None:
    # A repository's own configuration could name a program to run; none of these commands needs one.
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _commit(root: Path) -> str:
    return (_git(root, "rev-parse", "HEAD") or b"").decode().strip()


def _tracked(root: Path) -> list[str] | None:
    """Files below a folder that git tracks or would add; None where git has no say."""
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ".")
    if listed is None:
        return None
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def _walk(root: Path) -> Iterator[str]:
    from pathspec import GitIgnoreSpec

    ignored: dict[str, GitIgnoreSpec] = {}

    def is_ignored(relative: str, folder: bool) -> bool:
        parts = relative.split("/")
        for depth in range(len(parts)):
            spec = ignored.get("/".join(parts[:depth]))
            if spec is not None and spec.match_file("/".join(parts[depth:]) + ("/" if folder else "")):
                return True
        return False

    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root).as_posix()
        here = "" if here == "." else here
        if ".gitignore" in files:
            text = (Path(folder) / ".gitignore").read_text("utf-8", "replace")
            ignored[here] = GitIgnoreSpec.from_lines(text.splitlines())
        prefix = f"{here}/" if here else ""
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED_FOLDERS and name[0] != "." and not is_ignored(prefix + name, folder=True)
        )
        yield from (prefix + name for name in files if not is_ignored(prefix + name, folder=False))
