"""What a training will be, found out before a weight is loaded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError
from swfactory.finetune.bases import Base, glance, resolve_base
from swfactory.finetune.training.datasets import check_rows, data_digests
from swfactory.finetune.training.families import Family, family_of
from swfactory.finetune.training.forgetting import read_text
from swfactory.finetune.training.job import steps_of
from swfactory.finetune.training.loading import load_parts
from swfactory.finetune.training.memory import Estimate, Shape, check_memory, shape_of
from swfactory.finetune.training.method import Lora
from swfactory.finetune.training.methods import targets_of
from swfactory.finetune.training.objective import Distillation, Grpo, Ppo, Sft
from swfactory.finetune.training.place import Place, find_place
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.models.adapters import AdapterStore

__all__ = ["Parts", "Plan", "make_plan"]


class Plan(Value):
    """A training that could start.

    Args:
        name: of the adapter.
        base: what is trained.
        rows: in the files to train on.
        steps: of the whole training, before weights, replay and packing.
        place: device and arithmetic.
        memory: bytes at the peak.
        data: digest by name of the files of rows.
    """

    name: str
    base: Base
    rows: int
    steps: int
    place: Place
    memory: Estimate
    data: dict[str, str]

    def identity(self, recipe: TrainRecipe) -> str:
        """SHA-256 of all that the result depends on."""
        parts = [recipe.digest, self.base.digest, self.data]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Parts:
    """What is small of a base.

    Args:
        config: its Transformers configuration.
        tokenizer: with a chat template.
        family: its model type.
    """

    config: Any
    tokenizer: Any
    family: Family


def make_plan(recipe: TrainRecipe, settings: Settings, *, rewarded: bool = False) -> tuple[Plan, Parts]:
    """Check everything that can be checked without the weights.

    Args:
        recipe: every choice, its paths absolute or relative to the current folder.
        settings: says where data, bases and adapters are.
        rewarded: replies are scored by something else than the rows' tests.

    Raises:
        InputError: a row, the base, the name or the memory does not fit the recipe.
        NotFoundError: a file is missing.
        ConfigError: the base is of the catalogue and not on this machine.
        MissingExtraError: a library is missing.
    """
    if not recipe.name:
        raise InputError("the recipe has no name", hint="name: NAME  in the recipe, or --name NAME")
    if AdapterStore(settings.data_dir / "adapters").folder(recipe.name).exists():
        raise InputError(
            f"there is an adapter {recipe.name!r} already",
            hint=f"--name OTHER, or  swf adapters remove {recipe.name}",
        )
    rows = check_rows(recipe, tested=isinstance(recipe.objective, Grpo | Ppo) and not rewarded)
    if recipe.forgetting:
        read_text(Path(recipe.forgetting.text))
    _check_libraries(recipe)
    place = find_place(recipe)
    trust = recipe.trust_remote_code
    teacher = _teacher_shape(recipe, settings)
    seen = glance(recipe.base, settings, trust_remote_code=trust)
    # what can be refused before a base is made or fetched, which may take gigabytes
    early, shape = family_of(seen, trusted=trust), shape_of(seen, trust_remote_code=trust)
    _check_fit(recipe, place, early, shape)
    check_memory(recipe, shape, early, place, teacher)
    base = resolve_base(recipe.base, settings, trust_remote_code=trust)
    config, tokenizer, family = load_parts(base, recipe)
    shape = shape_of(config, trust_remote_code=trust)
    plan = Plan(
        name=recipe.name,
        base=base,
        rows=rows,
        steps=steps_of(recipe, rows, place.processes),
        place=place,
        memory=check_memory(recipe, shape, family, place, teacher),
        data=data_digests(recipe),
    )
    return plan, Parts(config, tokenizer, family)


def _teacher_shape(recipe: TrainRecipe, settings: Settings) -> Shape | None:
    """Sizes of the model that a distillation learns from; None for other objectives."""
    if not isinstance(recipe.objective, Distillation):
        return None
    name, trust = recipe.objective.teacher, recipe.trust_remote_code
    config = glance(name, settings, trust_remote_code=trust)
    try:
        return shape_of(config, trust_remote_code=trust)
    except (ValueError, AttributeError) as exc:
        raise InputError(
            f"the teacher {name!r}, of type {config.model_type!r}, is no model that writes text: {exc}",
            hint="objective: {kind: distillation, teacher: NAME}",
        ) from exc


def _check_libraries(recipe: TrainRecipe) -> None:
    for name in ("torch", "transformers", "trl", "peft", "accelerate", "datasets"):
        if find_spec(name) is None:
            raise MissingExtraError("training", extra="train")
    if recipe.quantised and find_spec("bitsandbytes") is None:
        raise MissingExtraError("QLoRA", extra="train")
    if recipe.tensorboard and find_spec("tensorboard") is None:
        raise MissingExtraError("a TensorBoard log", extra="tensorboard")


def _check_fit(recipe: TrainRecipe, place: Place, family: Family, shape: Shape) -> None:
    """Refuse what would only be found out, or silently go wrong, with the weights loaded."""
    method = recipe.method
    if isinstance(recipe.objective, Sft) and recipe.objective.packing and not family.packs:
        raise InputError(
            f"models of type {family.name!r} count positions themselves: packed sequences would see each other",
            hint="objective: {kind: sft, packing: false}",
        )
    if recipe.checkpoints and not shape.repeats:
        raise InputError(
            f"the code of the base, of type {family.name!r}, cannot compute activations twice",
            hint="checkpointing: false",
        )
    known = {name.rsplit(".", 1)[-1] for name, _, _ in shape.modules}
    missing = [name for name in targets_of(method, family) if name not in known]
    if missing:
        raise InputError(
            f"the base has no modules called {', '.join(missing)}", hint=f"targets: [{', '.join(sorted(known))}]"
        )
    if isinstance(method, Lora) and method.layers is not None and method.layers[1] >= shape.layers:
        raise InputError(
            f"the recipe trains layers {method.layers[0]} to {method.layers[1]}, and the base has {shape.layers}",
            hint=f"layers: [{min(method.layers[0], shape.layers - 1)}, {shape.layers - 1}]",
        )
    if place.sharded and recipe.forgetting:
        raise InputError(
            "forgetting cannot be measured while the weights are divided among processes", hint="leave it out"
        )
