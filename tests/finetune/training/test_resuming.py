"""Killed, interrupted, held and refused trainings."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from swfactory.errors import BusyError, InputError, Interrupted, StoreError  # noqa: E402
from swfactory.finetune.training import train  # noqa: E402
from swfactory.finetune.training.resuming import TrainingFolder  # noqa: E402
from swfactory.models.adapters import AdapterStore  # noqa: E402

from .conftest import QUIET  # noqa: E402

pytestmark = QUIET

KILLED = """
import os, signal, sys
from pathlib import Path
from swfactory.config import Settings
from swfactory.finetune.training import TrainRecipe, train

def report(step):
    if step.stage == "training" and step.done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

recipe = TrainRecipe.model_validate_json(Path(sys.argv[1]).read_text())
train(recipe, Settings(data_dir=Path(sys.argv[2])), report)
"""


def curve_of(settings, name="tiny"):
    lines = (settings.data_dir / "adapters" / name / "curve.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def losses(settings):
    return [(point["step"], point["loss"], point["learning_rate"]) for point in curve_of(settings)]


def interrupted(after):
    def report(step):
        if step.stage == "training" and step.done == after:
            raise KeyboardInterrupt

    return report


@pytest.fixture
def elsewhere(settings, tmp_path):
    """Settings of another data folder, for the undisturbed training."""
    return settings.model_copy(update={"data_dir": tmp_path / "other"})


@pytest.mark.slow
def test_a_killed_training_goes_on_and_ends_with_the_same_curve(recipe, settings, elsewhere, tmp_path):
    method = {"kind": "lora", "rank": 4, "dropout": 0.2}
    wanted = recipe(method=method, neftune=5.0, steps=10, save_every=4, batch=2)
    path = tmp_path / "recipe.json"
    path.write_text(wanted.model_dump_json())
    argv = [sys.executable, "-c", KILLED, str(path), str(settings.data_dir), "7"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    folder = TrainingFolder(settings.data_dir / "training" / "tiny")
    assert folder.checkpoint().name == "checkpoint-4"
    assert [point["step"] for point in folder.curve.points()] == [1, 2, 3, 4, 5, 6, 7]
    assert AdapterStore(settings.data_dir / "adapters").cards() == ()

    begun = []
    train(wanted, settings, lambda step: begun.append(step.done) if step.stage == "training" else None, resume=True)
    train(wanted, elsewhere)
    assert begun[0] == 5
    assert losses(settings) == losses(elsewhere)
    assert not folder.path.exists()


@pytest.mark.parametrize(
    ("rows", "changes"),
    [
        ("sft", {"method": {"kind": "adalora", "rank": 2, "start_rank": 4, "settle": 0.2}}),
        ("sft", {"method": "pissa"}),
        ("prompt", {"objective": {"kind": "ppo", "reply": 6}}),
    ],
    ids=["adalora", "pissa", "ppo"],
)
def test_a_training_that_keeps_more_than_weights_resumes_as_well(rows, changes, recipe, settings, elsewhere):
    def reward(prompts, replies):
        return [float(len(reply)) for reply in replies]

    wanted = recipe(rows=rows, **changes, steps=6, save_every=2)
    with pytest.raises(Interrupted, match="interrupted") as caught:
        train(wanted, settings, interrupted(3), reward=reward)
    assert caught.value.hint == "run it again to go on from step 2"
    train(wanted, settings, reward=reward)
    train(wanted, elsewhere, reward=reward)
    assert losses(settings) == losses(elsewhere)


def test_patience_goes_on_where_it_was(recipe, settings, elsewhere, data):
    stop = {"patience": 3, "least": 1000.0}  # nothing is progress
    wanted = recipe(validation=str(data["sft"]), early_stopping=stop, evaluate_every=1, save_every=1, steps=9)
    with pytest.raises(Interrupted):
        train(wanted, settings, interrupted(3))
    train(wanted, settings)
    train(wanted, elsewhere)
    steps = [[point["step"] for point in curve_of(place) if "eval_loss" in point] for place in (settings, elsewhere)]
    assert steps == [[1, 2, 3, 4]] * 2


def test_a_checkpoint_that_was_cut_off_is_none(tmp_path):
    folder = TrainingFolder(tmp_path / "tiny")
    for step in (2, 4):
        (folder.path / f"checkpoint-{step}").mkdir(parents=True)
    folder.mark_whole(2)
    (folder.path / "identity").write_text("same")
    folder.curve.path.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n{"ste')
    with folder.held("same", resume=False) as checkpoint:
        assert checkpoint == folder.path / "checkpoint-2"
    assert not (folder.path / "checkpoint-4").exists()
    assert folder.curve.points() == [{"step": 1}, {"step": 2}]


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(tmp_path):
    folder = TrainingFolder(tmp_path / "tiny")
    (folder.path / "checkpoint-2").mkdir(parents=True)
    folder.mark_whole(2)
    (folder.path / "identity").write_text("one")
    with pytest.raises(InputError, match="step 2 of a training by another recipe"), folder.held("two", resume=False):
        pass
    assert (folder.path / "checkpoint-2").is_dir()


def test_nothing_to_go_on_with(recipe, settings):
    with pytest.raises(InputError, match="no training 'tiny' to go on with"):
        train(recipe(), settings, resume=True)


def test_one_process_at_a_time(tmp_path):
    folder = TrainingFolder(tmp_path / "tiny")
    with folder.held("x", resume=False), pytest.raises(BusyError), folder.held("x", resume=False):
        pass


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_disk_that_refuses_is_a_store_error_and_nothing_is_registered(method, recipe, settings):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wanted = recipe(method=method)

    def report(step):
        if step.stage == "training":  # the disk fills up while it runs
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with pytest.raises(StoreError, match="cannot be") as caught:
            train(wanted, settings, report)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert "df -h" in caught.value.hint
    store = AdapterStore(settings.data_dir / "adapters")
    assert store.cards() == ()
    assert not store.root.exists() or list(store.root.iterdir()) == []
