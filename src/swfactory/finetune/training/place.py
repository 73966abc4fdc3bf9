"""Where a training runs: device, arithmetic, processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError
from swfactory.finetune.training.recipe import TrainRecipe

__all__ = ["Place", "find_place"]

Precision = Literal["fp32", "bf16", "fp16"]

_LARGE_PAGES = "THP_MEM_ALLOC_ENABLE"
"""Lets torch ask Linux for large pages, aligned, so that freed blocks leave no holes in which nothing else fits. Torch
reads it at its first allocation, so it is set before torch is imported."""


class Place(Value):
    """A device and its arithmetic.

    Args:
        device: ``cuda`` or ``cpu``.
        precision: of the arithmetic.
        rank: of this process, from 0.
        local_rank: of this process on its machine.
        processes: number of them.
        attention: implementation; empty for the one that Transformers takes.
        sharded: whether FSDP or DeepSpeed divides the weights among processes.
    """

    device: Literal["cuda", "cpu"]
    precision: Precision
    rank: int = 0
    local_rank: int = 0
    processes: int = 1
    attention: str = ""
    sharded: bool = False

    @property
    def dtype(self) -> Any:
        """The arithmetic as a torch type."""
        import torch

        return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[self.precision]

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes and talks."""
        return self.rank == 0


def find_place(recipe: TrainRecipe) -> Place:
    """Look at the machine.

    Args:
        recipe: may ask for a precision and an attention.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        InputError: the machine cannot do what the recipe asks for.
    """
    os.environ.setdefault(_LARGE_PAGES, "1")
    try:
        import torch
        from transformers.utils import is_flash_attn_2_available
    except ModuleNotFoundError as exc:
        raise MissingExtraError("training", extra="train") from exc
    device: Literal["cuda", "cpu"] = "cuda" if torch.cuda.is_available() else "cpu"
    flash = device == "cuda" and is_flash_attn_2_available()
    if recipe.attention == "flash_attention_2" and not flash:
        raise InputError(
            "the recipe asks for Flash Attention 2, which is not installed or needs a GPU", hint="attention: auto"
        )
    asked = "" if recipe.attention == "auto" else recipe.attention
    precision: Precision
    if recipe.precision != "auto":
        precision = recipe.precision
    elif device == "cuda":
        precision = "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    else:
        precision = "bf16" if _fast_bf16() else "fp32"
    if device == "cpu" and precision == "fp16":
        raise InputError("fp16 needs a GPU", hint="precision: auto")
    return Place(
        device=device,
        precision=precision,
        rank=int(os.environ.get("RANK", "0")),
        local_rank=int(os.environ.get("LOCAL_RANK", "0")),
        processes=int(os.environ.get("WORLD_SIZE", "1")),
        attention="flash_attention_2" if flash and not asked else asked,
        sharded=any(os.environ.get(name) == "true" for name in ("ACCELERATE_USE_FSDP", "ACCELERATE_USE_DEEPSPEED")),
    )


def _fast_bf16() -> bool:
    """Whether the processor multiplies bf16 itself; others are ten times slower in it than in fp32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return "amx_bf16" in flags
