from __future__ import annotations

import pytest

from swfactory.errors import InputError
from swfactory.finetune.data.recipe import SplitRecipe

from .conftest import recipe_of, turns, write_lines


@pytest.fixture
def rows(tmp_path):
    return write_lines(tmp_path / "rows.jsonl", [turns("a", "b")])


def test_paths_start_at_the_recipe_and_sources_are_named_by_them(tmp_path, rows):
    recipe = recipe_of(tmp_path / "r.yaml", "name: x\nsources: [{type: jsonl, path: rows.jsonl}]\n")
    (source,) = recipe.sources
    assert (source.path, source.title) == (str(rows), "rows.jsonl")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: [{type: jsonl, path: rows.jsonl, wieght: 1}]", r"sources\[0\].wieght"),
        ("sources: [{type: jsonl, path: gone.jsonl}]", "'gone.jsonl'"),
        ("sources: [{type: jsonl, path: rows.jsonl, makers: [mutants]}]", "has no maker 'mutants'"),
        ("sources: [{type: folder, path: .}]", "'makers' is empty"),
        ("sources: [{type: git}]", "needs a 'path'"),
        (
            "kind: preference\nsources: [{type: folder, path: ., makers: [test_to_code]}]",
            "no rows of kind 'preference'",
        ),
        ("kind: prompt\nsources: [{type: runs}]", "no rows of kind 'prompt'"),
        ("sources: [{type: jsonl, path: rows.jsonl}, {type: jsonl, path: rows.jsonl}]", "two sources"),
        ("sources: [{type: runs, weight: 1}, {type: jsonl, path: rows.jsonl}]", "'weight'"),
        ("sources: [{type: folder, path: ., makers: [mutants], group: row}]", "cannot be divided by 'row'"),
        ("sources: [{type: runs, group: source}]", "runs, each by itself"),
        ("sources: [{type: git, path: ., makers: [diff_to_message], group: function}]", "can only be 'source'"),
        ("sources: [{type: jsonl, path: rows.jsonl, include: ['*.py']}]", "'include'"),
        ("sources: [{type: git, path: ., makers: [test_to_code], per_function: 3}]", "'per_function'"),
        ("sources: [{type: runs}]\nfilter: {licenses: [MIT]}", "'runs' has the licence 'unknown'"),
        ("sources: []", "sources"),
        ("sources: [{type: runs}]\ndedup: {permutations: 100}", "dedup.permutations"),
        ("sources: [{type: runs}]\nsplit: {test: 0.6, validation: 0.5}", "nothing to train on"),
        ("sources: [{type: runs}]\ndecontaminate: {against: [mbpp.jsonl]}", r"decontaminate.against\[0\]"),
    ],
)
def test_a_mistake_is_named(tmp_path, rows, text, said):
    with pytest.raises(InputError, match=said):
        recipe_of(tmp_path / "r.yaml", f"name: x\n{text}\n")


def test_a_split_that_leaves_room_is_taken():
    assert SplitRecipe(validation=0.4, test=0.5).test == 0.5
