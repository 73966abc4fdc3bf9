"""``swf train`` on a tiny base: what is printed, and where."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

pytest.importorskip("torch")
pytest.importorskip("trl")

from swfactory.cli.train import train
from swfactory.finetune.training import run
from swfactory.models.adapters import AdapterStore

from .conftest import QUIET

pytestmark = QUIET


@pytest.fixture
def invoke(recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "my-role.yaml"
    path.write_text(yaml.safe_dump(recipe(name="", steps=2).model_dump(mode="json", exclude={"name"})))

    def go(*arguments):
        done = CliRunner().invoke(train, [str(path), *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done

    return go


def test_a_dry_run_says_what_it_would_be_and_loads_no_weights(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "load_model", lambda *args, **kwargs: pytest.fail("weights were loaded"))
    lines = dict(line.split(maxsplit=1) for line in invoke("--dry-run").stdout.splitlines())
    assert lines["adapter"] == "my-role"
    assert lines["training"] == "sft with lora, 12 rows, 2 steps"
    assert lines["memory"].startswith("0.7 GB: weights 0.0, ")
    assert not (tmp_path / "data" / "training").exists()


def test_progress_goes_to_standard_error_and_the_result_to_standard_output(invoke, tmp_path):
    done = invoke("--name", "other", "--set", "steps=1")
    assert done.stdout.startswith("other: 1 steps in ")
    assert "training 1/1, loss " in done.stderr
    card = AdapterStore(tmp_path / "data" / "adapters").card("other")
    assert yaml.safe_load(card.recipe)["steps"] == 1
    assert invoke("--quiet").stderr == ""
