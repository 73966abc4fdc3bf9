"""A collection whose vectors are kept by a Chroma server."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from swfactory.errors import ConfigError, StoreError
from swfactory.rag.ingestion import add, remove, sync
from swfactory.rag.retrieval import search
from swfactory.rag.store import Collection
from swfactory.testing.embedding import WordEmbedder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("chroma")
    argv = [Path(sys.executable).parent / "chroma", "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"}
    ) as process:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{address}/api/v2/heartbeat", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
        process.terminate()


def opened(folder: Path, server: str) -> Collection:
    return Collection(folder, "default", WordEmbedder(), server=server, create=True)


def test_what_is_added_is_found_kept_in_step_and_removed(server: str, tmp_path: Path, library: Path) -> None:
    collection = opened(tmp_path / "rag", server)
    add(collection, library)
    assert collection.catalog.ids() == collection.vectors.ids()
    assert search(collection, "throw a customer out", mode="dense")[0].chunk.symbol == "Store.drop"
    (library / "store.py").unlink()
    sync(collection)
    assert collection.catalog.ids() == collection.vectors.ids()
    collection.close()
    again = opened(tmp_path / "rag", server)
    assert again.vectors.ids() == again.catalog.ids() != set()
    remove(again, "our-lib")
    assert again.vectors.ids() == set()
    again.close()


def test_two_who_call_their_collections_the_same_do_not_meet(server: str, tmp_path: Path, library: Path) -> None:
    one, other = opened(tmp_path / "one", server), opened(tmp_path / "other", server)
    add(one, library)
    assert other.vectors.ids() == set()
    add(other, library)
    remove(other, "our-lib")
    assert one.vectors.ids() == one.catalog.ids()
    one.close()
    other.close()


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreError, match=address) as caught:
        opened(tmp_path / "rag", address)
    assert caught.value.hint == f"curl {address}/api/v2/heartbeat"


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="localhost:8000"):
        opened(tmp_path / "rag", "localhost:8000")
