from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from swfactory.errors import InputError
from swfactory.finetune.evaluation.overlap import find_overlaps, training_texts
from swfactory.finetune.evaluation.suite import Item
from swfactory.finetune.evaluation.training_data import texts_of, training_files
from swfactory.finetune.training.datasets import data_digests
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.models.adapters import AdapterCard
from swfactory.models.stamp import file_digest
from tests.finetune.evaluation.fakes import fault_row, settings, write_rows

WORDS = "one two three four five six seven eight nine ten eleven twelve"


def item(text: str, name: str = "") -> Item:
    return Item(id="i", content=text, text=text, name=name)


@pytest.mark.parametrize(
    ("training", "longest", "seen"),
    [
        ("one two three four", 0, False),
        ("zero one two three four five zero", 5, False),
        ("two, three; four (five) six seven eight nine ten", 9, False),
        ("x ONE two three four five six seven eight nine ten x", 10, True),
        ("one two three four five one two three four five six seven eight nine ten eleven twelve", 12, True),
        ("six seven eight nine ten eleven twelve one two three four five", 7, False),
        (WORDS, 12, True),
    ],
)
def test_the_longest_run_of_words_is_found(training: str, longest: int, seen: bool) -> None:
    (found,) = find_overlaps([item(WORDS)], [training])
    assert (found.longest, found.seen) == (longest, seen)


def test_runs_do_not_go_on_from_one_text_to_the_next() -> None:
    first, second = WORDS.split(" seven")[0], "seven" + WORDS.split(" seven")[1]
    (found,) = find_overlaps([item(WORDS)], [first, second])
    assert found.longest == 6


def test_chinese_counts_by_character() -> None:
    (found,) = find_overlaps([item("把列表中的数字相加并返回总和")], ["请把列表中的数字相加"])
    assert found.longest == 9


@pytest.mark.parametrize(
    ("name", "training", "seen"),
    [
        ("total", "def total(xs):", True),
        ("Bag.total", "```python\n    def total(self):\n```", True),
        ("total", "call total(xs) twice", False),
        ("total", "def totals(xs):", False),
        ("main", "def main():", False),
        ("", "def total(xs):", False),
    ],
)
def test_a_function_of_the_same_name_is_found(name: str, training: str, seen: bool) -> None:
    (found,) = find_overlaps([item("short", name)], [training])
    assert (found.name, found.seen) == (seen, seen)


def test_rows_of_every_kind_are_read(tmp_path: Path) -> None:
    turn = {"role": "user", "content": "one"}
    write_rows(
        tmp_path / "train.jsonl",
        [
            {"messages": [turn, {"role": "assistant", "content": "two"}]},
            {"prompt": [turn], "chosen": [{"role": "assistant", "content": "three"}], "rejected": [turn]},
            fault_row(),
        ],
    )
    first, second, third = training_texts(tmp_path / "train.jsonl")
    assert first == "one\ntwo"
    assert second == "one\nthree\none"
    assert "def total" in third
    assert "from solution import total" in third
    assert "mutants" not in third


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"messages": []}\n{"mess\n')
    with pytest.raises(InputError, match=r"train\.jsonl:2"):
        list(training_texts(tmp_path / "train.jsonl"))
    with pytest.raises(InputError, match="cannot be read"):
        list(training_texts(tmp_path / "nosuch"))


def test_training_data_is_known_by_its_digest(tmp_path: Path) -> None:
    kept = settings(tmp_path / "data")
    here = write_rows(kept.data_dir / "datasets" / "repairs" / "train.jsonl", [fault_row()])
    elsewhere = write_rows(tmp_path / "elsewhere" / "general" / "train.jsonl", [{"messages": []}])
    data = {"repairs": file_digest(here), "general": file_digest(elsewhere)}
    recipe = f"data:\n- path: {elsewhere.parent}\n"
    card = AdapterCard(name="a", base="b", method="lora", data=data, recipe=recipe)
    files = training_files(card, kept)
    assert files == (here, elsewhere)
    assert len(list(texts_of(files))) == 2
    assert training_files(card, kept, here.parent) == training_files(card, kept, here) == (here,)
    here.write_text("changed")
    assert training_files(card, kept) == (), "some of it is not enough"
    with pytest.raises(InputError, match="as it is now"):
        training_files(card, kept, here.parent)
    assert training_files(None, kept, here.parent) == (here,), "an adapter that no store knows"
    assert training_files(None, kept) == ()
    with pytest.raises(InputError, match=r"there is no .*train\.jsonl"):
        training_files(None, kept, tmp_path)


def test_what_a_training_names_is_found(tmp_path: Path) -> None:
    """Folders with a validation part, files, and two data sets of one name: all that the digests of a recipe name."""
    kept = settings(tmp_path / "data")
    turns = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}]
    for number, place in enumerate(("data/datasets/repair/train", "data/datasets/repair/validation", "a/x", "b/x")):
        write_rows(tmp_path / f"{place}.jsonl", [{"messages": [{"role": "system", "content": str(number)}, *turns]}])
    named = [tmp_path / "data" / "datasets" / "repair", tmp_path / "a" / "x.jsonl", tmp_path / "b" / "x.jsonl"]
    recipe = TrainRecipe(name="a", base="b", data=[{"path": str(path)} for path in named])
    text = yaml.safe_dump(recipe.model_dump(mode="json", exclude_defaults=True))
    card = AdapterCard(name="a", base="b", method="lora", data=data_digests(recipe), recipe=text)
    assert sorted(path.name for path in training_files(card, kept)) == [
        "train.jsonl",
        "validation.jsonl",
        "x.jsonl",
        "x.jsonl",
    ]
