"""Cross-encoders behind URLs."""

import sys

import pytest

from swfactory.errors import ConfigError, MissingExtraError
from swfactory.rag.ingestion import add
from swfactory.rag.reranking import create_reranker
from swfactory.rag.retrieval import search


def test_none_is_made_without_a_url() -> None:
    assert create_reranker("") is None


@pytest.mark.parametrize("url", ["bge", "st:", "openai:http://x#y"])
def test_a_url_that_cannot_be_used_is_refused(url) -> None:
    with pytest.raises(ConfigError, match="no reranker URL"):
        create_reranker(url)


def test_the_missing_library_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtraError) as caught:
        create_reranker("st:some/model")
    assert "sentence-transformers" in caught.value.hint


def test_a_reranker_has_the_last_word(collection, library) -> None:
    add(collection, library)
    before = search(collection, "put a customer in", limit=3)
    after = search(collection, "put a customer in", limit=3, rerank=lambda query, texts: ["out" in t for t in texts])
    assert before[0].chunk.symbol == "Store.add"
    assert after[0].chunk.symbol != "Store.add"
    assert "out" in after[0].chunk.text
