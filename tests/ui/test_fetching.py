"""A model is fetched from the page: from a small hub on the loopback."""

import hashlib
import threading

import pytest

from swfactory.config import Settings
from swfactory.models.catalog import CatalogModel
from swfactory.ui import fetching
from swfactory.ui.fetching import absent, fetch
from tests.models.servers import Handler, serve

CONTENT = bytes(range(256)) * 8192


class Hub(Handler):
    content = CONTENT

    def do_GET(self):  # noqa: N802
        self.reply(200, self.content)


@pytest.fixture
def model(monkeypatch):
    model = CatalogModel(
        name="tiny",
        file="tiny.gguf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        summary="for tests",
        repo="org/tiny",
    )
    monkeypatch.setattr(fetching, "CATALOG", (model,))
    monkeypatch.setattr(fetching, "find_model", lambda name: model)
    monkeypatch.setattr(fetching, "_EVERY_SECONDS", 0.0)
    return model


def settings(tmp_path, hub):
    return Settings(data_dir=tmp_path / "data", hub_endpoint=hub)


def test_a_model_arrives_while_its_progress_is_shown(model, tmp_path):
    with serve(Hub) as hub:
        where = settings(tmp_path, hub)
        assert absent(where) == ["tiny"]
        first, *middle, last = fetch("tiny", where, "en")
    assert "tiny" in first
    assert any("2 of 2 MB" in box for box in middle)
    assert "swf-good" in last
    assert (where.model_files / "tiny.gguf").read_bytes() == CONTENT
    assert absent(where) == []


def test_what_cannot_be_fetched_is_told(model, tmp_path, monkeypatch):
    monkeypatch.setattr(Hub, "content", b"damaged")
    with serve(Hub) as hub:
        where = settings(tmp_path, hub)
        *_, last = fetch("tiny", where, "zh")
    assert "swf-bad" in last
    assert "tiny" in last
    assert absent(where) == ["tiny"]


def test_a_fault_of_the_fetching_leaves_nobody_waiting(model, tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("a fault of ours")

    faults = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    monkeypatch.setattr(fetching, "pull", broken)
    *_, last = fetch("tiny", settings(tmp_path, "http://127.0.0.1:1"), "en")
    for thread in threading.enumerate():
        if thread.name == "fetch tiny":
            thread.join()
    assert [fault.exc_type for fault in faults] == [RuntimeError]  # it is told where such faults are told
    assert "swf-bad" in last
    assert "broke off" in last
