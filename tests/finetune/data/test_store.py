from __future__ import annotations

import pytest

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.finetune.data.card import DatasetCard, LengthCounter, readme
from swfactory.finetune.data.store import DatasetStore, adding, read_card, write_card

NOBODY = 2**22 + 1
"""No process has this number: it is above what Linux gives out."""


def card(name: str) -> DatasetCard:
    return DatasetCard(name=name, kind="sft", dropped={"a|b": 1_234})


def test_a_set_is_found_by_name_and_by_folder(tmp_path):
    with adding(tmp_path / "ours") as folder:
        write_card(card("ours"), folder)
    store = DatasetStore(tmp_path)
    assert store.cards() == (card("ours"),)
    assert store.find("ours") == store.find(str(tmp_path / "ours")) == tmp_path / "ours"
    with pytest.raises(NotFoundError, match="'theirs'"):
        store.find("theirs")


def test_what_a_kill_has_left_is_swept_and_what_it_took_away_comes_back(tmp_path):
    for name in (
        f".building-a-{NOBODY}",
        f".replaced-old-{NOBODY}",
        f".replaced-b-{NOBODY}",
        "b",
        "own",
        ".building-x-1",
    ):
        (tmp_path / name).mkdir()
        write_card(card(name), tmp_path / name)
    with adding(tmp_path / "new") as folder:
        write_card(card("new"), folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".building-x-1", "b", "new", "old", "own"]
    assert read_card(tmp_path / "b").name == "b"
    assert read_card(tmp_path / "old").name == f".replaced-old-{NOBODY}"


def test_a_block_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(InputError, match="no"), adding(tmp_path / "sets" / "x"):
        raise InputError("no")
    assert list((tmp_path / "sets").iterdir()) == []


def test_damaged_cards_and_folders_that_are_none(tmp_path):
    (tmp_path / "card.json").write_text("{", "utf-8")
    with pytest.raises(StoreError, match="damaged"):
        read_card(tmp_path)
    with pytest.raises(NotFoundError):
        read_card(tmp_path / "none")
    with pytest.raises(StoreError, match="cannot be written"), adding(tmp_path / "card.json" / "x"):
        pass


def test_lengths_are_counted_exactly():
    counter = LengthCounter()
    for tokens in (5, 1, 3, 100_000):
        counter.add(tokens)
    lengths = counter.lengths()
    assert (lengths.total, lengths.mean, lengths.median, lengths.longest) == (100_009, 25_002.2, 3, 100_000)
    assert LengthCounter().lengths().total == 0


def test_the_card_can_be_read_by_people():
    text = readme(card("ours"))
    assert "| a\\|b | 1,234 |" in text
    assert "## Masked" not in text
