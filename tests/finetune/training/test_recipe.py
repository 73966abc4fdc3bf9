"""Recipes: short forms, places of mistakes, combinations that cannot be; needs no extra."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from swfactory.errors import InputError
from swfactory.finetune.recipes import load_recipe
from swfactory.finetune.training.handover import recipe_yaml
from swfactory.finetune.training.method import AdaLora, Lora
from swfactory.finetune.training.objective import Dpo, Sft
from swfactory.finetune.training.recipe import TrainRecipe

SHORT = "base: some/model\ndata: rows.jsonl\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(text)
    return path


def test_two_lines_are_a_recipe_with_qlora_on_the_replies(tmp_path):
    recipe = load_recipe(write(tmp_path, SHORT), TrainRecipe)
    assert recipe.method == Lora(kind="qlora")
    assert recipe.objective == Sft(assistant_only=True)
    assert recipe.quantised


def test_a_name_stands_for_its_defaults(tmp_path):
    recipe = load_recipe(write(tmp_path, f"{SHORT}method: adalora\nobjective: dpo\n"), TrainRecipe)
    assert (recipe.method, recipe.objective) == (AdaLora(kind="adalora"), Dpo(kind="dpo"))


def test_keys_are_changed_from_outside(tmp_path):
    path = write(tmp_path, f"{SHORT}objective: dpo\n")
    changes = ["steps=8", "method.rank=4", "objective.beta=0.5", "data=[a.jsonl, b.jsonl]"]
    recipe = load_recipe(path, TrainRecipe, changes)
    assert recipe.steps == 8
    assert recipe.method == Lora(rank=4)
    assert recipe.objective == Dpo(kind="dpo", beta=0.5)
    assert [source.path for source in recipe.data] == ["a.jsonl", "b.jsonl"]


@pytest.mark.parametrize("change", ["steps", "=8", "steps=[", "base.name=x.y.z=1", "epochs.a=1", "stepps=1"])
def test_a_change_that_cannot_be_made(change, tmp_path):
    with pytest.raises(InputError):
        load_recipe(write(tmp_path, f"{SHORT}epochs: 1\n"), TrainRecipe, [change])


def test_an_unknown_key_is_named_with_the_nearest_one(tmp_path):
    path = write(tmp_path, f"{SHORT}method: {{kind: lora, rnak: 4}}\n")
    with pytest.raises(InputError, match=r"method\.lora\.rnak") as caught:
        load_recipe(path, TrainRecipe)
    assert caught.value.hint == "did you mean 'rank'?"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"save_every": 5, "log_every": 2}, "multiple of log_every"),
        ({"objective": "kto", "batch": 1}, "batch must be 2"),
        ({"objective": {"kind": "grpo", "generations": 3}}, "generations"),
        ({"method": "prefix", "checkpointing": True}, "checkpointing"),
        ({"objective": "ppo", "method": "full"}, "adapter off"),
        ({"objective": {"kind": "distillation", "teacher": "t"}, "method": "prompt"}, "virtual tokens"),
        ({"objective": "reward", "forgetting": {"text": "t"}}, "predicts no text"),
        ({"early_stopping": {}}, "needs evaluate_every"),
        ({"objective": "dpo", "method": "pissa"}, "pissa takes weights"),
        ({"objective": {"kind": "grpo", "generations": 2, "beta": 0.1}, "method": "pissa"}, "pissa takes weights"),
        ({"objective": "grpo", "validation": "v.jsonl"}, "leave out validation"),
        ({"objective": "ppo", "evaluate_every": 5}, "leave out evaluate_every"),
        ({"objective": "ppo", "neftune": 5}, "has no neftune"),
        ({"objective": "ppo", "method": "adalora"}, "has no adalora"),
        ({"role": "enginer"}, "did you mean engineer"),
        ({"method": {"kind": "adalora", "rank": 8, "start_rank": 4}}, "start_rank"),
        ({"method": {"kind": "adalora", "warmup": 0.5, "settle": 0.5}}, "no step"),
        ({"method": {"kind": "lora", "layers": [3, 1]}}, "first and the last"),
    ],
)
def test_what_does_not_fit_together(changes, said):
    with pytest.raises(ValidationError, match=said):
        TrainRecipe.model_validate({"base": "b", "data": "d"} | changes)


@pytest.mark.parametrize("role", ["translator", "reviewer2", "test_engineer_b"])
def test_a_role_of_a_graph_of_ones_own_can_be_trained_for(role):
    assert TrainRecipe.model_validate({"base": "b", "data": "d", "role": role}).role == role


def test_the_teacher_is_looked_for_where_the_base_is(tmp_path):
    objective = {"kind": "distillation", "teacher": "./large"}
    recipe = TrainRecipe.model_validate({"base": "b", "data": "d", "objective": objective})
    assert recipe.anchored(tmp_path, tmp_path / "datasets").objective.teacher == str(tmp_path / "large")


def test_paths_start_at_the_recipe_and_names_stand_for_built_data_sets(tmp_path):
    (tmp_path / "datasets" / "repair").mkdir(parents=True)
    recipe = TrainRecipe.model_validate(
        {"base": "./base", "data": ["rows.jsonl", "repair"], "replay": {"data": "sub/general.jsonl"}}
    ).anchored(tmp_path / "recipes", tmp_path / "datasets")
    assert [source.path for source in recipe.data] == [
        str(tmp_path / "recipes" / "rows.jsonl"),
        str(tmp_path / "datasets" / "repair"),
    ]
    assert recipe.replay.data == str(tmp_path / "recipes" / "sub" / "general.jsonl")
    assert recipe.base == str(tmp_path / "recipes" / "base")


def test_the_digest_is_of_every_choice():
    one = TrainRecipe.model_validate({"base": "b", "data": "d"})
    assert one.digest == TrainRecipe.model_validate({"base": "b", "data": "d", "seed": 0}).digest
    assert one.digest != TrainRecipe.model_validate({"base": "b", "data": "d", "seed": 1}).digest


def test_the_written_recipe_is_the_same_recipe():
    one = TrainRecipe.model_validate(
        {"base": "b", "data": "d", "method": {"kind": "dora", "layers": [1, 2]}, "objective": "orpo", "steps": 4}
    )
    assert TrainRecipe.model_validate(yaml.safe_load(recipe_yaml(one))) == one
