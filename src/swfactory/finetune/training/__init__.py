"""Training: a recipe in, an adapter of the store out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swfactory.finetune.training.recipe import TrainRecipe
    from swfactory.finetune.training.run import train

__all__ = ["TrainRecipe", "train"]


def __getattr__(name: str) -> Any:
    if name == "train":
        from swfactory.finetune.training.run import train

        return train
    if name == "TrainRecipe":
        from swfactory.finetune.training.recipe import TrainRecipe

        return TrainRecipe
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
