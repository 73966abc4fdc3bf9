"""Fetching one URL into one file, going on where an earlier attempt stopped."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import httpx

__all__ = ["SourceError", "fetch", "http_client"]

_CONNECT_SECONDS = 4.0
_READ_SECONDS = 30.0
_TRIES = 5


class SourceError(Exception):
    """A source cannot give the file; another one may."""


def http_client() -> httpx.Client:
    """Make a client that gives up on an unreachable host in seconds, and trusts what pip and the system trust."""
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    return httpx.Client(timeout=timeout, follow_redirects=True, verify=_certificates())


def _certificates() -> ssl.SSLContext | bool:
    for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if (path := os.environ.get(name)) and Path(path).is_file():
            return ssl.create_default_context(cafile=path)
    return True


def fetch(
    client: httpx.Client, url: str, path: Path, progress: Callable[[int], None], *, size: int | None = None
) -> None:
    """Bring ``path`` to the full content of ``url``; what ``path`` already holds is taken for its beginning.

    Args:
        client: see ``http_client``.
        url: where the content is.
        path: file to complete; made when missing.
        progress: called with the bytes that ``path`` holds, after each piece.
        size: full size in bytes, when known.

    Raises:
        SourceError: the host cannot be reached, refuses, or breaks off too often.
        OSError: the disk is full or the folder not writable.
    """
    left = _TRIES
    while True:
        before = path.stat().st_size if path.exists() else 0
        if size is not None and before == size:
            return
        try:
            _continue(client, url, path, progress, size)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.ProxyError) as exc:
            raise SourceError(f"{_host(url)} cannot be reached ({exc})") from exc
        except httpx.HTTPError as exc:
            now = path.stat().st_size if path.exists() else 0
            left = _TRIES if now > before else left - 1
            if left == 0:
                raise SourceError(f"{_host(url)} keeps breaking off ({exc!r})") from exc
            time.sleep(min(2.0 ** (_TRIES - left), 8.0) / 4)
        else:
            return


def _continue(client: httpx.Client, url: str, path: Path, progress: Callable[[int], None], size: int | None) -> None:
    have = path.stat().st_size if path.exists() else 0
    if size is not None and have > size:
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    headers["Accept-Encoding"] = "identity"  # positions in the file must be positions in the transfer
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            total = response.headers.get("Content-Range", "").rpartition("/")[2]
            if total == str(have):
                return
            path.unlink(missing_ok=True)
            raise httpx.RemoteProtocolError("the range to continue from does not exist")
        if response.status_code >= 500:
            raise httpx.RemoteProtocolError(f"status {response.status_code}")
        if not response.is_success:
            raise SourceError(f"{_host(url)} answered {response.status_code} for {httpx.URL(url).path!r}")
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        if not resumed:
            have = 0
        with path.open("ab" if resumed else "wb") as file:
            for piece in response.iter_raw():  # no fixed size: what came before a break-off is kept
                file.write(piece)
                have += len(piece)
                progress(have)
            file.flush()
            os.fsync(file.fileno())
    if size is not None and have != size:
        raise SourceError(f"{_host(url)} sent {have} bytes instead of {size}")


def _host(url: str) -> str:
    return httpx.URL(url).host or url
