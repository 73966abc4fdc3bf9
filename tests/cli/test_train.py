"""``swf train``: reading, changing, refusing, and printing the launch command."""

from __future__ import annotations

import shlex
import sys

import pytest
from click.testing import CliRunner

from swfactory.cli import swf
from swfactory.cli.train import train
from swfactory.errors import InputError, NotFoundError


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments):
        return CliRunner().invoke(train, list(map(str, arguments)), catch_exceptions=True)

    return invoke


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "repair.yaml"
    path.write_text("base: some/model\ndata: rows.jsonl\n")
    return path


def test_it_is_listed_with_an_example():
    help_text = CliRunner().invoke(swf, ["--help"]).output
    assert "Train an adapter by a recipe." in help_text
    assert "--print-launch ddp" in CliRunner().invoke(train, ["--help"]).output


def test_a_missing_recipe(run, tmp_path):
    assert isinstance(run(tmp_path / "none.yaml").exception, NotFoundError)


def test_an_unknown_key_of_the_recipe(run, recipe):
    recipe.write_text("base: b\ndata: d\nlerning_rate: 1\n")
    error = run(recipe, "--dry-run").exception
    assert isinstance(error, InputError)
    assert "unknown key 'lerning_rate'" in error.message
    assert error.hint == "did you mean 'learning_rate'?"


def test_an_unknown_key_that_is_set(run, recipe):
    error = run(recipe, "--set", "stepps=3").exception
    assert isinstance(error, InputError)
    assert "unknown key 'stepps'" in error.message


def test_rows_are_looked_for_beside_the_recipe(run, recipe, tmp_path):
    error = run(recipe, "--dry-run").exception
    assert isinstance(error, NotFoundError)
    assert str(tmp_path / "rows.jsonl") in error.message


def test_the_launch_command_repeats_the_arguments(run, recipe):
    done = run(recipe, "--name", "x", "--set", "steps=8", "--print-launch", "ddp", "--processes", "4")
    assert done.exit_code == 0, done.exception
    assert shlex.split(done.output) == [
        *("torchrun", "--nproc-per-node", "4", "-m", "swfactory.cli", "train", str(recipe)),
        *("--name", "x", "--set", "steps=8"),
    ]


def test_reading_a_recipe_loads_nothing_heavy(run, recipe):
    before = set(sys.modules)
    run(recipe, "--print-launch", "fsdp")
    assert not {"torch", "transformers", "trl"} & (set(sys.modules) - before)
