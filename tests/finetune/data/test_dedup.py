from __future__ import annotations

import random

import pytest

from swfactory.errors import StoreError
from swfactory.finetune.data.dedup import Seen
from swfactory.finetune.data.recipe import DedupRecipe

pytest.importorskip("rensa")

WORDS = [f"w{number}" for number in range(500)]


def text(seed: int, size: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=size))


@pytest.fixture
def seen(tmp_path):
    with Seen(tmp_path / "seen.db", DedupRecipe()) as opened:
        yield opened


def test_a_text_that_differs_in_spaces_and_capitals_is_said_again(seen):
    assert seen.again("Def  F(x):\n  return X and not Y or Z") == ""
    assert seen.again("def f(x): return x and not y or z") == "exact duplicate"


def test_one_word_of_many_makes_a_near_copy_and_half_of_them_none(seen):
    words = text(1, 100).split()
    assert seen.again(" ".join(words)) == ""
    assert seen.again(" ".join([*words[:-1], "other"])) == "near duplicate"
    assert seen.again(" ".join([*words[:50], *text(2, 50).split()])) == ""


def test_different_texts_are_no_copies(seen):
    assert [seen.again(text(number)) for number in range(300)] == [""] * 300


def test_short_texts_are_compared_whole_only(seen):
    assert seen.again("return x") == ""
    assert seen.again("return y") == ""
    assert seen.again("return x") == "exact duplicate"


def test_scopes_are_apart(seen):
    assert seen.again(text(1)) == ""
    assert seen.again(text(1), "file") == ""
    assert seen.again(text(1), "file") == "exact duplicate"


def test_kin_are_near_copies_of_others_only(seen):
    words = text(1, 100)
    assert [seen.again(f"{words} {end}", kin="one") for end in "abc"] == ["", "", ""]
    assert seen.again(f"{words} a", kin="one") == "exact duplicate"
    assert [seen.again(f"{words} d", kin=kin) for kin in ("two", "")] == ["near duplicate", "exact duplicate"]


def test_either_can_be_left_out(tmp_path):
    words = text(1, 100)
    with Seen(tmp_path / "a.db", DedupRecipe(near=None)) as exact:
        assert [exact.again(words), exact.again(f"{words} more"), exact.again(words)] == ["", "", "exact duplicate"]
    with Seen(tmp_path / "b.db", DedupRecipe(exact=False, near=None)) as nothing:
        assert [nothing.again(words), nothing.again(words)] == ["", ""]


def test_a_full_disk_is_said():
    from pathlib import Path

    with pytest.raises(StoreError, match="remembered"):
        Seen(Path("/proc/none/seen.db"), DedupRecipe())
