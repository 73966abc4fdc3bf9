"""From the folder of a training to an adapter of the store."""

from __future__ import annotations

import json
import platform
import shutil
import time
from importlib.metadata import version
from typing import Any

import yaml

from swfactory.bench.machine import this_machine
from swfactory.finetune.training.curve import draw_curve
from swfactory.finetune.training.method import Full
from swfactory.finetune.training.planning import Plan
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.finetune.training.resuming import TrainingFolder
from swfactory.models.adapters import AdapterCard, AdapterStore

__all__ = ["hand_over", "recipe_yaml"]

_LIBRARIES = ("accelerate", "peft", "torch", "transformers", "trl")


def recipe_yaml(recipe: TrainRecipe) -> str:
    """Return a recipe as YAML, without the choices that were left to their defaults."""
    return yaml.safe_dump(
        recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True, width=120
    )


def hand_over(
    store: AdapterStore, plan: Plan, recipe: TrainRecipe, folder: TrainingFolder, measured: dict[str, float]
) -> AdapterCard:
    """Register what was trained, whole or not at all.

    Args:
        store: of adapters.
        plan: what was trained.
        recipe: how.
        folder: with the weights in ``final``, and the curve.
        measured: peak memory, and perplexities.

    Raises:
        InputError: there is an adapter of this name by now.
        StoreError: the disk is full.
    """
    points = folder.curve.points()
    facts = _facts(points, recipe) | {name: round(value, 4) for name, value in measured.items()}
    form = "merged" if isinstance(recipe.method, Full) else "peft"
    card = AdapterCard(
        name=plan.name,
        base=recipe.base,
        base_digest=plan.base.digest,
        architecture=plan.base.architecture,
        method=recipe.method.kind,
        role=recipe.role,
        created=round(time.time(), 3),
        recipe=recipe_yaml(recipe),
        data=plan.data,
        facts=facts,
        exports={form: form},
    )
    run = {
        "facts": facts,
        "estimate": plan.memory.model_dump() | {"total": plan.memory.total},
        "place": plan.place.model_dump(),
        "machine": this_machine().model_dump(),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        "seed": recipe.seed,
        "data": plan.data,
        "recipe_digest": recipe.digest,
    }
    with store.adding(plan.name) as new:
        shutil.move(folder.final, new / form)
        (new / "recipe.yaml").write_text(card.recipe, encoding="utf-8")
        (new / "run.json").write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
        shutil.copy(folder.curve.path, new / "curve.jsonl")
        draw_curve(points, new / "curve.png", f"{plan.name}: {recipe.objective.kind}, {recipe.method.kind}")
        if folder.tensorboard.is_dir():
            shutil.copytree(folder.tensorboard, new / "tensorboard")
        store.write_card(card, new)
    return card


def _facts(points: list[dict[str, Any]], recipe: TrainRecipe) -> dict[str, float | int | str]:
    last = points[-1] if points else {}
    facts: dict[str, float | int | str] = {"objective": recipe.objective.kind, "steps": int(last.get("step", 0))}
    for key in ("loss", "eval_loss", "reward"):
        seen = [point[key] for point in points if key in point]
        if seen:
            facts[key] = round(seen[-1], 4)
    seconds, tokens = float(last.get("seconds", 0.0)), int(max((p.get("tokens", 0) for p in points), default=0))
    facts["seconds"] = round(seconds, 1)
    if tokens:
        facts["tokens"] = tokens
        facts["tokens_per_second"] = round(tokens / max(seconds, 1e-9), 1)
    return facts
