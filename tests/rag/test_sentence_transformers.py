"""Real sentence-transformers models, two layers of random weights: what they say means nothing, how it is had does."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sentence_transformers")

from swfactory.errors import ModelUnavailable
from swfactory.rag.embedding import create_embedder
from swfactory.rag.reranking import create_reranker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

WORDS = ("parcel", "weight", "depot", "fare", "return", "def", "包裹", "重量")


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an encoder with its tokenizer."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    BertTokenizerFast(vocab=vocabulary, model_max_length=64).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def cross_encoder(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a cross-encoder with one output."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(1)
    config = BertConfig.from_pretrained(encoder, num_labels=1)
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def prompted(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a sentence-transformers model that tells queries and passages apart."""
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("prompted")
    model = SentenceTransformer(str(encoder))
    model.prompts = {"query": "weight depot fare: ", "document": "return: "}
    model.save(str(folder))
    return folder


def test_texts_become_vectors_of_length_one(encoder: Path, tmp_path: Path) -> None:
    embedder = create_embedder(f"st:{encoder}", tmp_path)
    first, second = embedder.passages(["parcel weight", "depot fare"])
    assert len(first) == embedder.dimension == 32
    assert sum(x * x for x in first) == pytest.approx(1, abs=1e-5)
    assert first != second
    assert list(embedder.query("parcel weight").vector) == pytest.approx(first, abs=1e-5)
    assert -1 < embedder.near < 1


def test_a_model_with_prompts_reads_queries_and_passages_each_its_way(prompted: Path, tmp_path: Path) -> None:
    embedder = create_embedder(f"st:{prompted}", tmp_path)
    (passage,) = embedder.passages(["parcel"])
    assert list(embedder.query("parcel").vector) != pytest.approx(passage, abs=1e-3)


def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        create_embedder(f"st:{tmp_path / 'empty'}", tmp_path)


def test_a_cross_encoder_scores_each_text(cross_encoder: Path) -> None:
    rerank = create_reranker(f"st:{cross_encoder}")
    assert rerank is not None
    scores = rerank("parcel weight", ["weight", "fare return", "parcel weight"])
    assert len(scores) == 3
    assert len({round(float(score), 6) for score in scores}) == 3
