"""Files of a Python package index, found the way installers find them (PEP 503 and 691)."""

from __future__ import annotations

import configparser
import importlib
import json
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import httpx
from pydantic import Field

from swfactory.domain.value import Value
from swfactory.errors import ConfigError
from swfactory.models.transfer import SourceError

__all__ = ["Wheel", "find_wheel", "index_url"]

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


class Wheel(Value):
    """A wheel on an index.

    Args:
        url: where it is.
        sha256: its digest as the index gives it; empty when it does not.
        size: bytes, when the index says.
    """

    url: str
    sha256: str = ""
    size: int | None = Field(default=None, gt=0)


def index_url() -> str:
    """Return the index that this machine's pip or uv is set to, else the public one."""
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if url := os.environ.get(name):
            return url.rstrip("/")
    for path in _pip_configs():
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip's own commands will complain about it
        for section in ("download", "global"):
            if url := parser.get(section, "index-url", fallback=""):
                return url.strip().rstrip("/")
    return _pips_own()


def _pips_own() -> str:
    """The index that pip uses when nothing is set: pip knows it, so it is not written down again."""
    try:
        known = importlib.import_module("pip._internal.models.index")
        return str(known.PyPI.simple_url).rstrip("/")
    except (ImportError, AttributeError) as exc:
        raise ConfigError(
            "no package index is known: pip is not installed beside swfactory, and none is set",
            hint="set PIP_INDEX_URL to the simple page of an index, then swf models pull",
        ) from exc


def _pip_configs() -> list[Path]:
    """Pip's files, the one that wins first."""
    explicit = os.environ.get("PIP_CONFIG_FILE")
    if explicit == os.devnull:
        return []
    config = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    found = [Path(explicit)] if explicit else []
    return [
        *found,
        Path(sys.prefix) / "pip.conf",
        config / "pip" / "pip.conf",
        Path("~/.pip/pip.conf").expanduser(),
        Path("/etc/pip.conf"),
    ]


def find_wheel(client: httpx.Client, index: str, project: str, version: str) -> Wheel:
    """Look a wheel up by project and exact version.

    Args:
        client: see ``http_client``.
        index: base address of the index.
        project: project name.
        version: exact version.

    Raises:
        SourceError: the index cannot be reached, or has no such wheel.
    """
    page = f"{index}/{re.sub(r'[-_.]+', '-', project).lower()}/"
    try:
        response = client.get(page, headers={"Accept": _ACCEPT})
    except httpx.HTTPError as exc:
        raise SourceError(f"the package index {httpx.URL(index).host} cannot be reached ({exc})") from exc
    if not response.is_success:
        raise SourceError(f"the package index {httpx.URL(index).host} answered {response.status_code} for {project!r}")
    wanted = f"{re.sub(r'[-_.]+', '_', project)}-{version}-".lower()
    for name, wheel in _files(response):
        if name.lower().startswith(wanted) and name.endswith(".whl"):
            return wheel
    raise SourceError(f"the package index {httpx.URL(index).host} has no wheel of {project}=={version}")


def _files(response: httpx.Response) -> list[tuple[str, Wheel]]:
    base = str(response.url)
    if "json" not in response.headers.get("Content-Type", ""):
        links = _Links()
        links.feed(response.text)
        return [(name.strip(), _linked(urljoin(base, href))) for name, href in links.found]
    try:
        return [
            (
                entry["filename"],
                Wheel(
                    url=urljoin(base, entry["url"]),
                    sha256=entry.get("hashes", {}).get("sha256", ""),
                    size=entry.get("size"),
                ),
            )
            for entry in response.json()["files"]
        ]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as exc:
        raise SourceError(f"the package index {response.url.host} sent a page that cannot be read ({exc!r})") from exc


def _linked(address: str) -> Wheel:
    url, fragment = urldefrag(address)
    kind, _, digest = fragment.partition("=")
    return Wheel(url=url, sha256=digest if kind == "sha256" else "")


class _Links(HTMLParser):
    """Collects the text and address of every link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href = dict(attrs).get("href")

    def handle_data(self, data: str) -> None:
        if self._href is not None and data.strip():
            self.found.append((data, self._href))
            self._href = None
