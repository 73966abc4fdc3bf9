from __future__ import annotations

import pytest

from swfactory.finetune.data.build import build
from swfactory.finetune.data.filters import row_reason
from swfactory.finetune.data.formats import row_of
from swfactory.finetune.data.recipe import FilterRecipe
from swfactory.sandbox.bubblewrap import BubblewrapSandbox

from .conftest import read_lines, recipe_of, turns, write_lines

pytest.importorskip("rensa")
QUIET = "name: x\ndecontaminate: {against: []}\ndedup: {near: null}\n"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (turns("a question of some length, to be sure of it", "and an answer"), ""),
        (turns("a question of some length, to be sure of it", " \n"), "empty reply"),
        (turns("q", "a"), "row too short"),
        (turns("q", "word " * 2000), "row too long"),
    ],
)
def test_each_reason_against_a_row_has_a_name(entry, reason):
    assert row_reason(row_of(entry, "sft", "x"), FilterRecipe(max_tokens=1000)) == reason


@pytest.mark.parametrize(
    ("group", "expected"),
    [("", {"repo", "own"}), ("group: source", {"file:rows.jsonl"}), ("group: row", {"own"})],
)
def test_rows_of_a_file_keep_their_groups_or_get_others(tmp_path, tools, group, expected):
    rows = [turns(f"question number {number} of the whole list", f"answer {number} of it") for number in range(3)]
    rows[0]["origin"] = {"source": "elsewhere", "group": "repo", "license": "MIT"}
    write_lines(tmp_path / "rows.jsonl", rows)
    text = f"{QUIET}sources:\n  - type: jsonl\n    path: rows.jsonl\n    license: CC0-1.0\n"
    recipe = recipe_of(tmp_path / "r.yaml", f"{text}    {group}\n" if group else text)
    card = build(recipe, tmp_path / "set", tools)
    origins = [row["origin"] for row in read_lines(tmp_path / "set" / "train.jsonl")]
    groups = {origin["group"] if len(origin["group"]) < 64 else "own" for origin in origins}
    assert groups == expected
    assert {origin["source"] for origin in origins} == {"rows.jsonl"}
    assert card.licenses == {"CC0-1.0": 2, "MIT": 1}


def test_files_are_filtered_before_rows_are_made(history, tmp_path, tools):
    history.commit("Add what other people wrote", vendor__theirs_py="def f(a):\n    return a\n")
    text = (
        "sources: [{type: git, path: our-lib, makers: [docstring_to_body, test_to_code]}]\nfilter: {licenses: [MIT]}\n"
    )
    card = build(recipe_of(tmp_path / "r.yaml", QUIET + text), tmp_path / "set", tools)
    assert card.makers == {"docstring_to_body": 1, "test_to_code": 1}
    assert card.dropped == {"vendored": 1}
    assert card.licenses == {"MIT": 2}


def test_mutants_of_a_repository_whose_tests_stand_apart(history, tmp_path, tools, bubblewrap):
    opened: list[BubblewrapSandbox] = []

    def sandbox() -> BubblewrapSandbox:
        opened.append(bubblewrap)
        return bubblewrap

    from dataclasses import replace

    text = "sources: [{type: git, path: our-lib, makers: [mutants], limit: 3}]\n"
    card = build(recipe_of(tmp_path / "r.yaml", QUIET + text), tmp_path / "set", replace(tools, sandbox=sandbox))
    assert card.splits["train"].rows == 3
    assert len(opened) == 1
    (row, *_) = read_lines(tmp_path / "set" / "train.jsonl")
    assert row["origin"]["name"] == "clamp_speed"
    assert row["messages"][-1]["content"].startswith("- ")
