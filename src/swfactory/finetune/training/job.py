"""All that one training works with, put together once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swfactory.finetune.bases import Base
from swfactory.finetune.training.families import Family
from swfactory.finetune.training.objective import Grpo
from swfactory.finetune.training.place import Place
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.finetune.training.reporting import Report
from swfactory.finetune.training.resuming import TrainingFolder
from swfactory.finetune.training.rewards import Reward

__all__ = ["Job", "steps_of"]


@dataclass(frozen=True)
class Job:
    """A training that is about to run.

    Args:
        recipe: every choice.
        place: device and processes.
        base: what is trained.
        config: its Transformers configuration.
        tokenizer: of the base.
        family: of the base.
        model: its weights, without an adapter.
        rows: to train on.
        validation: to evaluate on; None for none.
        teacher: of a distillation; None for others.
        reward: of replies; None for objectives that need none.
        folder: of the unfinished training.
        checkpoint: to go on from; None for a new training.
        steps: of the whole training.
        report: told of every step.
    """

    recipe: TrainRecipe
    place: Place
    base: Base
    config: Any
    tokenizer: Any
    family: Family
    model: Any
    rows: Any
    validation: Any
    teacher: Any
    reward: Reward | None
    folder: TrainingFolder
    checkpoint: Path | None
    steps: int
    report: Report


def steps_of(recipe: TrainRecipe, rows: int, processes: int) -> int:
    """Return the steps of a whole training.

    Args:
        recipe: gives them, or epochs and batches.
        rows: of an epoch.
        processes: that share a step.
    """
    if recipe.steps is not None:
        return recipe.steps
    each = recipe.objective.generations if isinstance(recipe.objective, Grpo) else 1
    return max(1, math.ceil(recipe.epochs * rows * each / (recipe.batch * recipe.accumulation * processes)))
