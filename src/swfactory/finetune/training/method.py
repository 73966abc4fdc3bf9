"""How weights are changed: the methods that a recipe can name, with what each can be told."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from swfactory.domain.value import Value

__all__ = ["AdaLora", "Full", "Ia3", "Lora", "Method", "Prefix", "Prompt", "PromptEncoder"]


class Lora(Value):
    """Low-rank matrices beside the weights (Hu et al. 2021), and the methods that are variants of it.

    ``qlora`` trains them on weights in four bits (Dettmers et al. 2023), ``rslora`` scales them by the root of the
    rank (Kalajdzievski 2023), ``dora`` splits direction from magnitude (Liu et al. 2024), ``pissa`` starts them from
    the principal singular vectors (Meng et al. 2024).

    Args:
        kind: which of them.
        rank: of the matrices.
        alpha: their scale is alpha / rank, or alpha / √rank for rslora.
        dropout: share of their inputs that is left out.
        targets: names of the modules; empty for those of the model's family.
        layers: first and last layer that get them, from 0; None for every layer.
    """

    kind: Literal["qlora", "lora", "rslora", "dora", "pissa"] = "qlora"
    rank: int = Field(default=16, gt=0)
    alpha: float = Field(default=32, gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = ()
    layers: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _layers_are_in_order(self) -> Self:
        if self.layers is not None and not 0 <= self.layers[0] <= self.layers[1]:
            raise ValueError("layers are the first and the last one, from 0")
        return self


class AdaLora(Value):
    """Low-rank matrices whose ranks are shared out while training (Zhang et al. 2023).

    Args:
        kind: ``adalora``.
        rank: average rank at the end.
        start_rank: rank of each matrix at the start.
        alpha: scale.
        dropout: share of their inputs that is left out.
        targets: names of the modules; empty for those of the family.
        warmup: share of the steps before ranks are cut.
        settle: share of the steps at the end with ranks as they are.
    """

    kind: Literal["adalora"]
    rank: int = Field(default=8, gt=0)
    start_rank: int = Field(default=12, gt=0)
    alpha: float = Field(default=32, gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = ()
    warmup: float = Field(default=0.1, ge=0, lt=1)
    settle: float = Field(default=0.3, ge=0, lt=1)

    @model_validator(mode="after")
    def _ranks_shrink(self) -> Self:
        if self.start_rank < self.rank:
            raise ValueError("start_rank is the larger one: ranks are cut while training")
        if self.warmup + self.settle >= 1:
            raise ValueError("warmup and settle leave no step to cut ranks in")
        return self


class Ia3(Value):
    """Vectors that scale keys, values and the inner activations (Liu et al. 2022).

    Args:
        kind: ``ia3``.
    """

    kind: Literal["ia3"]


class Prefix(Value):
    """Keys and values of virtual tokens in every layer (Li and Liang 2021).

    Args:
        kind: ``prefix``.
        tokens: number of them.
    """

    kind: Literal["prefix"]
    tokens: int = Field(default=16, gt=0)


class Prompt(Value):
    """Embeddings of virtual tokens before the text (Lester et al. 2021).

    Args:
        kind: ``prompt``.
        tokens: number of them.
    """

    kind: Literal["prompt"]
    tokens: int = Field(default=16, gt=0)


class PromptEncoder(Value):
    """Virtual tokens that a small network makes (P-tuning, Liu et al. 2021).

    Args:
        kind: ``ptuning``.
        tokens: number of them.
        hidden: width of the network.
    """

    kind: Literal["ptuning"]
    tokens: int = Field(default=16, gt=0)
    hidden: int = Field(default=128, gt=0)


class Full(Value):
    """Every weight.

    Args:
        kind: ``full``.
    """

    kind: Literal["full"]


Method = Annotated[Lora | AdaLora | Ia3 | Prefix | Prompt | PromptEncoder | Full, Field(discriminator="kind")]
"""What a recipe's ``method`` can be."""
