"""Digests of big files, remembered beside them so that a run does not read a gigabyte to start."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

__all__ = ["drop_stamp", "file_digest", "folder_digest", "known_digest", "read_stamp", "write_stamp"]


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp_path(path: Path) -> Path:
    return path.with_name(path.name + ".sha256.json")


def write_stamp(path: Path, digest: str) -> None:
    """Remember the digest of the file as it is now; a folder that cannot be written to is left alone."""
    stat = path.stat()
    stamp = {"sha256": digest, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    try:
        _stamp_path(path).write_text(json.dumps(stamp), encoding="utf-8")
    except OSError:  # only a cache
        return


def read_stamp(path: Path) -> str | None:
    """Return the remembered digest, or None when there is none or the file changed since."""
    stat = path.stat()
    try:
        stamp = json.loads(_stamp_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(stamp, dict) or (stamp.get("size"), stamp.get("mtime_ns")) != (stat.st_size, stat.st_mtime_ns):
        return None
    digest = stamp.get("sha256")
    return digest if isinstance(digest, str) else None


def drop_stamp(path: Path) -> None:
    """Forget the remembered digest of a file."""
    _stamp_path(path).unlink(missing_ok=True)


def known_digest(path: Path) -> str:
    """Return the digest of a file, reading it only when it changed since it was last known."""
    digest = read_stamp(path)
    if digest is None:
        digest = file_digest(path)
        write_stamp(path, digest)
    return digest


def folder_digest(folder: Path) -> str:
    """Return the digest of the safetensors files of a folder, of all in the order of their names; empty for none."""
    files = sorted(folder.glob("*.safetensors"))
    if len(files) < 2:
        return known_digest(files[0]) if files else ""
    whole = hashlib.sha256()
    for file in files:
        whole.update(bytes.fromhex(known_digest(file)))
    return whole.hexdigest()
