"""A run as one file, and its calls as a folder that a replay answers from.

Layout of the zip: ``run.json``, ``events.jsonl``, ``calls.jsonl`` (``{"request": digest, "reply": {...}}`` a line),
``objects/<digest>`` (requests, replies, documents), ``repository.bundle`` (``git clone repository.bundle``) and, where
the product has them, ``REPORT.md`` and ``report.html``.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from swfactory.domain.run import Event, Run
from swfactory.errors import InputError, StoreError
from swfactory.workspace.git import GitWorkspace
from swfactory.workspace.objects import FileObjectStore

__all__ = ["export_run", "write_calls"]

_REPORTS = ("REPORT.md", "report.html")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _calls(events: Iterable[Event], objects: FileObjectStore) -> Iterator[str]:
    """Every recorded call in order, a line of JSON each."""
    for event in events:
        request, reply = event.data.get("request"), event.data.get("reply")
        if event.kind == "call" and isinstance(request, str) and isinstance(reply, str):
            yield json.dumps({"request": request, "reply": json.loads(objects.get(reply))}, sort_keys=True)


def write_calls(events: Iterable[Event], objects: FileObjectStore, folder: Path) -> None:
    """Write the calls of a run as a new folder, whole or not at all, that ``replay:FOLDER`` answers from.

    Raises:
        StoreError: the folder cannot be written.
    """
    lines = "".join(line + "\n" for line in _calls(events, objects))
    beside = folder.with_name(f".{folder.name}.new")
    try:
        beside.mkdir(parents=True, exist_ok=True)
        (beside / "calls.jsonl").write_text(lines, encoding="utf-8")
        beside.rename(folder)
    except OSError as exc:
        raise StoreError(f"cannot write {str(folder)!r}: {exc.strerror}", hint="free some disk space") from exc


def export_run(
    run: Run,
    events: Iterable[Event],
    objects: FileObjectStore,
    workspace: GitWorkspace,
    commit: str | None,
    target: Path,
) -> Path:
    """Write a run as a zip file, whole or not at all.

    Args:
        run: the run.
        events: its events.
        objects: its documents.
        workspace: its history.
        commit: newest commit; None when there is none yet.
        target: the file to make.

    Raises:
        InputError: the file exists.
        StoreError: it cannot be written.
    """
    if target.exists():
        raise InputError(f"{str(target)!r} exists", hint="give another name, or delete it first")
    events = list(events)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".swf-export-", dir=target.parent) as folder:
            whole = Path(folder) / "export.zip"
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                _add(archive, "run.json", run.model_dump_json(indent=2).encode())
                _add(archive, "events.jsonl", "".join(e.model_dump_json() + "\n" for e in events).encode())
                _add(archive, "calls.jsonl", "".join(line + "\n" for line in _calls(events, objects)).encode())
                for digest in objects.digests():
                    _add(archive, f"objects/{digest}", objects.get(digest).encode("utf-8", "surrogatepass"))
                if commit is not None:
                    bundle = Path(folder) / "repository.bundle"
                    workspace.bundle(commit, bundle)
                    _add(archive, bundle.name, bundle.read_bytes())
                    tree = workspace.tree(commit)
                    for name in _REPORTS:
                        if name in tree:
                            _add(archive, name, tree[name].encode())
            with whole.open("rb") as file:
                os.fsync(file.fileno())
            whole.replace(target)
    except OSError as exc:
        raise StoreError(f"cannot write {str(target)!r}: {exc.strerror}", hint="free some disk space") from exc
    return target


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)  # the same run gives the same file
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
