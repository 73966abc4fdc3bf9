"""Several devices: the printed command, the shipped files, and two processes that really run."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest
import yaml

pytest.importorskip("torch")
pytest.importorskip("trl")

from swfactory.errors import InputError
from swfactory.finetune.training import train
from swfactory.finetune.training.launching import STRATEGIES, configuration, launch_command

from .conftest import QUIET

pytestmark = QUIET


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "ddp"])
def test_accelerate_reads_the_shipped_configuration(strategy):
    from accelerate.commands.config.config_args import load_config_from_file

    file = configuration(strategy)
    config = load_config_from_file(str(file))
    expected = "FSDP" if strategy == "fsdp" else "DEEPSPEED"
    assert str(config.distributed_type).endswith(expected)
    if expected == "DEEPSPEED":
        assert yaml.safe_load(file.read_text())["deepspeed_config"]["zero_stage"] == int(strategy[-1])


def test_the_command_takes_the_arguments_along(recipe):
    line = launch_command(recipe(), "ddp", 4, ["my recipe.yaml", "--set", "steps=8"])
    assert shlex.split(line) == [
        *("torchrun", "--nproc-per-node", "4", "-m", "swfactory.cli", "train"),
        *("my recipe.yaml", "--set", "steps=8"),
    ]
    words = shlex.split(launch_command(recipe(), "zero3", 2, ["r.yaml"]))
    assert words[:2] == ["accelerate", "launch"]
    assert words[words.index("--config_file") + 1] == str(configuration("zero3"))


def test_what_cannot_run_so_is_refused(recipe):
    with pytest.raises(InputError, match="ZeRO 3"):
        launch_command(recipe(method="qlora"), "zero3", 2, [])
    with pytest.raises(InputError, match="one process"):
        launch_command(recipe(rows="prompt", objective="ppo"), "ddp", 2, [])


@pytest.mark.slow
def test_two_processes_train_what_one_does(recipe, settings, tmp_path):
    """Two processes with one row each take the steps of one process with two."""
    twice = recipe(batch=1)
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(twice.model_dump(mode="json")))
    line = launch_command(twice, "ddp", 2, [str(path)])
    argv = [sys.executable, "-m", "torch.distributed.run", *shlex.split(line)[1:]]
    env = os.environ | {"SWF_DATA_DIR": str(tmp_path / "two"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    train(recipe(batch=2), settings)

    def losses(folder):
        lines = (folder / "adapters" / "tiny" / "curve.jsonl").read_text().splitlines()
        return [json.loads(line)["loss"] for line in lines]

    assert losses(tmp_path / "two") == pytest.approx(losses(settings.data_dir), rel=1e-3)
    run = json.loads((tmp_path / "two" / "adapters" / "tiny" / "run.json").read_text())
    assert run["place"]["processes"] == 2
    assert done.stdout.count("tiny: 3 steps") == 1
