"""The command that trains on several devices."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

from swfactory.errors import InputError
from swfactory.finetune.training.objective import Ppo
from swfactory.finetune.training.recipe import TrainRecipe

__all__ = ["STRATEGIES", "Strategy", "configuration", "launch_command"]

Strategy = Literal["ddp", "fsdp", "zero2", "zero3"]
"""How the work is shared: copies, or parts of the weights, by PyTorch or by DeepSpeed."""

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


def configuration(strategy: Strategy) -> Path | None:
    """Return Accelerate's configuration of a strategy, None for DDP, which needs none."""
    return None if strategy == "ddp" else Path(str(files(__package__).joinpath("launch", f"{strategy}.yaml")))


def launch_command(recipe: TrainRecipe, strategy: Strategy, processes: int, arguments: Sequence[str]) -> str:
    """Return the line to type.

    Args:
        recipe: what is trained.
        strategy: how the work is shared.
        processes: one a device.
        arguments: of ``swf train``.

    Raises:
        InputError: the recipe cannot be trained so.
    """
    if isinstance(recipe.objective, Ppo):
        raise InputError("ppo trains in one process", hint="objective: grpo  uses several")
    if recipe.quantised and strategy == "zero3":
        raise InputError(
            "DeepSpeed ZeRO 3 cannot divide weights in four bits", hint="--print-launch fsdp, or  method: lora"
        )
    target = ["-m", "swfactory.cli", "train", *arguments]
    # torchrun also for processors: `accelerate launch --cpu` runs one process however many are asked for
    file = configuration(strategy)
    if file is None:
        return shlex.join(["torchrun", "--nproc-per-node", str(processes), *target])
    return shlex.join(["accelerate", "launch", "--config_file", str(file), "--num_processes", str(processes), *target])
