"""``swf data`` as it is typed."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from swfactory.cli import swf
from swfactory.errors import InputError, NotFoundError

pytest.importorskip("rensa")

ROW = {
    "messages": [
        {"role": "user", "content": "How long are the logs kept by the archive of the house?"},
        {"role": "assistant", "content": "They are kept for ninety days."},
    ]
}
RECIPE = """\
name: ours
sources:
  - {type: jsonl, path: rows.jsonl}
decontaminate: {against: []}
"""


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    (tmp_path / "rows.jsonl").write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW)}\n", "utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, "utf-8")


def run(*words: str):
    return CliRunner().invoke(swf, ["data", *words], catch_exceptions=False)


def test_a_set_is_built_listed_and_shown(tmp_path):
    done = run("build", str(tmp_path / "recipe.yaml"))
    assert done.exit_code == 0
    assert "left out            1 exact duplicate" in done.stdout
    assert "rows.jsonl: 2 rows made, 1 kept" in done.stderr
    assert (tmp_path / "data" / "datasets" / "ours" / "train.jsonl").is_file()
    assert "ours" in run("list").stdout
    (facts,) = json.loads(run("list", "--json").stdout)
    assert facts["splits"]["train"]["rows"] == 1
    assert "| exact duplicate | 1 |" in run("show", "ours").stdout
    shown = json.loads(run("show", str(tmp_path / "data" / "datasets" / "ours"), "--json").stdout)
    assert shown["recipe"] == RECIPE


def test_another_folder_and_quiet(tmp_path):
    done = run("build", str(tmp_path / "recipe.yaml"), "--output", str(tmp_path / "set"), "--quiet")
    assert done.stderr == ""
    assert (tmp_path / "set" / "card.json").is_file()
    with pytest.raises(InputError, match="exists"):
        run("build", str(tmp_path / "recipe.yaml"), "--output", str(tmp_path / "set"))
    assert run("build", str(tmp_path / "recipe.yaml"), "--output", str(tmp_path / "set"), "--replace").exit_code == 0


def test_nothing_is_listed_where_nothing_is():
    assert run("list").stdout.startswith("data sets: ")
    with pytest.raises(NotFoundError, match="'ours'"):
        run("show", "ours")


def test_check_counts_rows_or_names_the_line(tmp_path):
    path = tmp_path / "rows.jsonl"
    assert run("check", str(path), "--kind", "sft").stdout.startswith("2 rows of kind sft")
    path.write_text(json.dumps(ROW) + "\n{}\n", "utf-8")
    with pytest.raises(InputError, match=r"rows\.jsonl:2"):
        run("check", str(path), "--kind", "sft")


def test_rows_are_converted(tmp_path):
    target = tmp_path / "alpaca.jsonl"
    assert run("convert", str(tmp_path / "rows.jsonl"), str(target), "--to", "alpaca").stdout.startswith("2 rows")
    first = json.loads(target.read_text("utf-8").splitlines()[0])
    assert first["output"] == "They are kept for ninety days."


def test_an_unknown_key_is_named(tmp_path):
    (tmp_path / "recipe.yaml").write_text(RECIPE + "fliter: {}\n", "utf-8")
    with pytest.raises(InputError, match="unknown key 'fliter'") as caught:
        run("build", str(tmp_path / "recipe.yaml"))
    assert "'filter'" in caught.value.hint
