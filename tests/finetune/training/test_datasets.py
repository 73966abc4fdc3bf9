"""Rows by weight, replayed rows, tokens kept by hash, packing."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
transformers = pytest.importorskip("transformers")

from swfactory.errors import InputError  # noqa: E402
from swfactory.finetune.training import datasets  # noqa: E402
from swfactory.finetune.training.templates import IGNORED  # noqa: E402

from .conftest import QUIET, rows_of, turn, write_rows  # noqa: E402

pytestmark = QUIET


@pytest.fixture
def tokenizer(base):
    return transformers.AutoTokenizer.from_pretrained(base)


def general(count):
    return [{"messages": [turn("user", "Hello."), turn("assistant", f"hello number {n}")]} for n in range(count)]


def test_sources_are_weighted_and_general_rows_replayed(recipe, tokenizer, data, tmp_path):
    half = write_rows(tmp_path / "half.jsonl", rows_of("sft", 10))
    replay = write_rows(tmp_path / "general.jsonl", general(4))
    wanted = recipe(
        data=[{"path": str(data["sft"]), "weight": 1.5}, {"path": str(half), "weight": 0.5}],
        replay={"data": str(replay), "share": 0.25},
    )
    rows = datasets.training_rows(wanted, tokenizer, tmp_path / "cache")
    texts = [tokenizer.decode(row["input_ids"]) for row in rows]
    replayed = sum("hello number" in text for text in texts)
    assert len(texts) - replayed == 18 + 5
    assert replayed == round(23 * 0.25 / 0.75)
    assert texts == [
        tokenizer.decode(row["input_ids"]) for row in datasets.training_rows(wanted, tokenizer, tmp_path / "cache")
    ]


def test_tokens_are_made_once_and_again_when_anything_changes(recipe, tokenizer, tmp_path, monkeypatch):
    path = write_rows(tmp_path / "rows.jsonl", rows_of("sft", 4))
    made = []
    encode = datasets.encode
    monkeypatch.setattr(datasets, "encode", lambda *args, **kwargs: made.append(1) or encode(*args, **kwargs))

    def count(**changes):
        made.clear()
        datasets.training_rows(recipe(data=str(path), **changes), tokenizer, tmp_path / "cache")
        return len(made)

    assert [count(), count(), count(learning_rate=1e-5)] == [4, 0, 0]
    assert count(length=64) == 4
    assert count(objective={"kind": "sft", "assistant_only": False}) == 4
    write_rows(path, rows_of("sft", 5))
    assert count() == 5
    tokenizer.chat_template += " "
    assert count() == 5
    assert not list((tmp_path / "cache").glob("*.part"))


def test_rows_whose_reply_is_cut_off_are_left_out(recipe, tokenizer, tmp_path):
    long = {"messages": [turn("user", "a " * 300), turn("assistant", "b")]}
    path = write_rows(tmp_path / "rows.jsonl", [long, *rows_of("sft", 2)])
    assert len(datasets.training_rows(recipe(data=str(path)), tokenizer, tmp_path / "cache")) == 2
    path = write_rows(tmp_path / "all.jsonl", [long])
    with pytest.raises(InputError, match="begins within 128 tokens"):
        datasets.training_rows(recipe(data=str(path)), tokenizer, tmp_path / "cache")


def test_a_folder_gives_its_splits(recipe, tokenizer, tmp_path):
    write_rows(tmp_path / "train.jsonl", rows_of("sft", 5))
    write_rows(tmp_path / "validation.jsonl", rows_of("sft", 3))
    wanted = recipe(data=str(tmp_path))
    assert datasets.check_rows(wanted) == 5
    assert len(datasets.evaluation_rows(wanted, tokenizer, tmp_path / "cache")) == 3
    assert datasets.evaluation_rows(recipe(), tokenizer, tmp_path / "cache") is None


def test_packed_rows_see_themselves_only(recipe, settings):
    """The loss of a packed sequence is that of its parts."""
    from swfactory.finetune.training import train

    losses = {}
    for packing in (True, False):
        wanted = recipe(
            objective={"kind": "sft", "packing": packing}, batch=1 if packing else 12, length=2048, steps=1
        ).model_copy(update={"name": f"packed-{packing}"})
        losses[packing] = train(wanted, settings).facts["loss"]
    assert losses[True] == pytest.approx(losses[False], abs=2e-4)


def test_labels_are_those_of_the_replies(recipe, tokenizer, tmp_path):
    row = datasets.training_rows(recipe(), tokenizer, tmp_path / "cache")[0]
    said = tokenizer.decode([label for label in row["labels"] if label != IGNORED])
    assert said == "def add(a):\n    return a + 0\n<|im_end|>"
