"""What is found for a question."""

import pytest

from swfactory.rag.ingestion import add
from swfactory.rag.packing import estimate_tokens, pack
from swfactory.rag.retrieval import search
from swfactory.rag.retriever import CollectionRetriever, StoreRetriever
from swfactory.rag.store import Collection
from swfactory.testing.embedding import WordEmbedder


@pytest.fixture
def filled(collection, library):
    add(collection, library)
    return collection


@pytest.mark.parametrize("mode", ["hybrid", "dense", "words"])
@pytest.mark.parametrize(
    ("query", "symbol"),
    [("throw a customer out", "Store.drop"), ("fallback script of a release", "Guide > Rolling back")],
)
def test_each_way_finds_what_shares_words(filled, mode, query, symbol) -> None:
    assert search(filled, query, mode=mode)[0].chunk.symbol == symbol


def test_chinese_is_found(filled) -> None:
    assert search(filled, "日志保留多久")[0].chunk.symbol == "Guide > 监控"


@pytest.mark.parametrize(
    "name", ["Store.add", "what does `add` do to throw out a customer?", "our_lib.store.Store.add"]
)
def test_a_definition_that_is_named_comes_first(filled, name) -> None:
    assert search(filled, name)[0].chunk.symbol == "Store.add"


def test_words_that_a_query_language_would_take_for_orders_are_words(filled) -> None:
    for query in ('" OR 1', "NEAR(a b)", "text: *", "   ", "()"):
        search(filled, query)


def test_copies_are_found_once(filled, library) -> None:
    (library / "copy.py").write_text((library / "store.py").read_text())
    add(filled, library)
    texts = [hit.chunk.text for hit in search(filled, "throw a customer out", limit=50)]
    assert len(texts) == len(set(texts))


def test_a_reranker_has_the_last_word(filled) -> None:
    hits = search(filled, "customer", rerank=lambda _, texts: [float("Read the store" in text) for text in texts])
    assert hits[0].chunk.symbol == "load"


def test_packing_keeps_to_the_budget_and_shows_heads_where_bodies_do_not_fit(filled) -> None:
    hits = search(filled, "Store.add", limit=10)
    for budget in (30, 60, 120, 600):
        packed = pack(hits, budget)
        assert sum(estimate_tokens(text) for _, text, _ in packed) <= budget
    assert pack(hits, 40)[0][1] == "def add(self, customer)\nPut a customer in."
    whole = pack(hits, 600)
    assert whole[0][1] == hits[0].chunk.text


def test_a_block_of_code_that_does_not_fit_is_left_out(collection, tmp_path) -> None:
    (tmp_path / "long.md").write_text("# Use\n\nCall it like this:\n\n```python\n" + "call(1)\n" * 60 + "```\n")
    add(collection, tmp_path / "long.md")
    ((_, text, _),) = pack(search(collection, "call it"), 60)
    assert text == "# Use\n\nCall it like this:"


def test_what_lies_within_what_is_shown_is_not_shown_again(filled) -> None:
    hits = search(filled, "class Store holds customers", limit=10)
    symbols = [chunk.symbol for chunk, _, _ in pack(hits, 2_000)]
    assert symbols.index("Store") == 0
    assert "Store.add" not in symbols


async def test_the_port_gives_interfaces_with_citations(filled) -> None:
    passages = await StoreRetriever([filled]).retrieve("Store.drop", max_tokens=200)
    assert passages[0].source == "our-lib/store.py:4"  # the class, without which its method is of no use
    assert passages[0].metadata["symbol"] == "Store"
    assert "Throw a customer out." in passages[0].text
    assert "self.kept" not in passages[0].text  # what a caller need not know
    assert passages[0].statement == "from store import Store"
    assert passages[0].library == "store"


def test_langchain_gets_documents(filled) -> None:
    documents = CollectionRetriever(collections=[filled], limit=3).invoke("throw a customer out")
    assert documents[0].metadata["source"] == "our-lib/store.py:11"
    assert len(documents) <= 3


def test_several_collections_answer_as_one(filled, library, tmp_path) -> None:
    other = Collection(tmp_path / "rag", "notes", WordEmbedder(), create=True)
    (tmp_path / "note.md").write_text("# Orders\n\nAn order is paid before it is sent.\n")
    add(other, tmp_path / "note.md")
    documents = CollectionRetriever(collections=[filled, other], limit=4).invoke("when is an order paid?")
    assert "note.md:1" in [document.metadata["source"] for document in documents]
    other.close()
