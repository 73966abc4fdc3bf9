"""What is learnt: the objectives that a recipe can name, with what each can be told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from swfactory.domain.value import Value
from swfactory.finetune.rows import Kind

__all__ = ["Distillation", "Dpo", "Grpo", "Kto", "Objective", "Orpo", "Ppo", "Reward", "Sft", "row_kind"]


class Sft(Value):
    """Likelihood of the replies.

    Args:
        kind: ``sft``.
        assistant_only: only the tokens of the replies count; else those of the whole conversation.
        packing: put several conversations into one sequence; each sees itself only.
    """

    kind: Literal["sft"] = "sft"
    assistant_only: bool = True
    packing: bool = False


class Dpo(Value):
    """Prefer the chosen reply to the rejected one (Rafailov et al. 2023).

    Args:
        kind: ``dpo``.
        beta: how far the model may leave the reference: the larger, the nearer.
        loss: form of the loss.
    """

    kind: Literal["dpo"]
    beta: float = Field(default=0.1, gt=0)
    loss: Literal["sigmoid", "hinge", "ipo"] = "sigmoid"


class Kto(Value):
    """Learn from replies that are good or bad by themselves (Ethayarajh et al. 2024).

    Args:
        kind: ``kto``.
        beta: as of DPO.
        desirable: weight of the good ones.
        undesirable: weight of the bad ones.
    """

    kind: Literal["kto"]
    beta: float = Field(default=0.1, gt=0)
    desirable: float = Field(default=1.0, gt=0)
    undesirable: float = Field(default=1.0, gt=0)


class Orpo(Value):
    """Likelihood and odds ratio in one, without a reference (Hong et al. 2024).

    Args:
        kind: ``orpo``.
        beta: weight of the odds ratio.
    """

    kind: Literal["orpo"]
    beta: float = Field(default=0.1, gt=0)


class Reward(Value):
    """A model that scores replies, of pairs (Bradley and Terry 1952; Ouyang et al. 2022).

    Args:
        kind: ``reward``.
    """

    kind: Literal["reward"]


class Grpo(Value):
    """Sample groups of replies, run their code on the row's tests, reinforce what is above average (Shao et al. 2024).

    Args:
        kind: ``grpo``.
        generations: replies to a prompt; ``batch`` times ``accumulation`` is a multiple of it.
        reply: most tokens of a reply.
        temperature: of the samples.
        beta: weight of the divergence from the reference; 0 needs none.
        seconds: most time that the tests of a reply may take.
    """

    kind: Literal["grpo"]
    generations: int = Field(default=4, ge=2)
    reply: int = Field(default=256, gt=0)
    temperature: float = Field(default=1.0, gt=0)
    beta: float = Field(default=0.0, ge=0)
    seconds: float = Field(default=10.0, gt=0)


class Ppo(Value):
    """Sample, reward, and a clipped step (Schulman et al. 2017), with a penalty for leaving the base.

    Args:
        kind: ``ppo``.
        reply: most tokens of a reply.
        temperature: of the samples.
        passes: over the samples of a step.
        clip: how far the ratio of probabilities may leave 1.
        penalty: weight of the divergence from the base, subtracted from the reward of each token.
        decay: λ of the generalised advantage estimate (Schulman et al. 2016); its γ is 1.
        value: weight of the value head's loss.
        seconds: most time that the tests of a reply may take.
    """

    kind: Literal["ppo"]
    reply: int = Field(default=256, gt=0)
    temperature: float = Field(default=1.0, gt=0)
    passes: int = Field(default=2, gt=0)
    clip: float = Field(default=0.2, gt=0, lt=1)
    penalty: float = Field(default=0.05, ge=0)
    decay: float = Field(default=0.95, ge=0, le=1)
    value: float = Field(default=0.1, ge=0)
    seconds: float = Field(default=10.0, gt=0)


class Distillation(Value):
    """The replies that the model samples, scored by a larger one of the same tokens (Agarwal et al. 2024).

    Args:
        kind: ``distillation``.
        teacher: base to learn from: a catalogue name, a folder or a hub name.
        reply: most tokens of a reply.
        temperature: of the samples and of the two distributions.
        beta: 0 for the forward divergence, 1 for the reverse one, between them a mixture.
    """

    kind: Literal["distillation"]
    teacher: str = Field(min_length=1)
    reply: int = Field(default=256, gt=0)
    temperature: float = Field(default=1.0, gt=0)
    beta: float = Field(default=1.0, ge=0, le=1)


Objective = Annotated[
    Sft | Dpo | Kto | Orpo | Reward | Grpo | Ppo | Distillation,
    Field(discriminator="kind"),
]
"""What a recipe's ``objective`` can be."""


def row_kind(objective: Objective) -> Kind:
    """Return the kind of rows that an objective learns from."""
    if isinstance(objective, Sft):
        return "sft"
    if isinstance(objective, Dpo | Orpo | Reward):
        return "preference"
    return "kto" if isinstance(objective, Kto) else "prompt"
