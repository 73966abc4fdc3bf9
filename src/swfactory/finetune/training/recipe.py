"""The recipe of a training: every choice, closed to keys it does not know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from swfactory.domain.role import check_role
from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.training.method import AdaLora, Full, Lora, Method, Prefix, Prompt, PromptEncoder
from swfactory.finetune.training.objective import Distillation, Dpo, Grpo, Kto, Objective, Ppo, Reward, Sft

__all__ = ["EarlyStopping", "Forgetting", "Replay", "Source", "TrainRecipe"]


class Source(Value):
    """Rows to learn from.

    Args:
        path: folder of a data set, or one JSONL file; relative to the recipe's folder.
        weight: how often each row is seen in an epoch; a half takes every second one.
    """

    path: str = Field(min_length=1)
    weight: float = Field(default=1.0, gt=0)


class Replay(Value):
    """General rows mixed in against forgetting (Robins 1995).

    Args:
        data: folder or JSONL file with rows of the same kind.
        share: of all rows of an epoch.
    """

    data: str = Field(min_length=1)
    share: float = Field(default=0.1, gt=0, lt=1)


class Forgetting(Value):
    """Held-back general text whose perplexity is measured before and after.

    Args:
        text: a text file, or a JSONL file whose lines have ``text`` or ``messages``.
        tokens: most tokens to read of it.
    """

    text: str = Field(min_length=1)
    tokens: int = Field(default=8192, gt=0)


class EarlyStopping(Value):
    """Stop when the loss on validation rows no longer falls.

    Args:
        patience: evaluations without progress before it stops.
        least: smallest fall that is progress.
    """

    patience: int = Field(default=3, gt=0)
    least: float = Field(default=0.0, ge=0)


class TrainRecipe(Value):
    """What is trained, on what, and how.

    Args:
        name: of the adapter; empty for the recipe's file name.
        base: a catalogue name, a folder, or a hub name.
        role: role of the factory, or of a graph of the user's own, that it is for; empty for any.
        data: sources of rows.
        validation: rows that are only evaluated; empty for the ``validation.jsonl`` of the first source, if any.
            Objectives that sample replies evaluate none.
        objective: what is learnt; a name alone takes its defaults.
        method: how weights change; a name alone takes its defaults.
        length: most tokens of a sequence; longer ones are cut, prompts that replies are sampled of are refused.
        batch: sequences on a device at once.
        accumulation: batches to a step.
        epochs: passes over the rows.
        steps: steps, instead of epochs.
        learning_rate: highest one.
        schedule: of the learning rate.
        warmup: share of the steps in which it rises.
        weight_decay: of the optimiser, AdamW.
        clip: largest norm of the gradient.
        neftune: noise on the embeddings, α of Jain et al. 2023; 0 for none.
        checkpointing: compute activations twice instead of keeping them; None to let the method decide.
        attention: implementation; auto takes Flash Attention 2 where it is installed and can run.
        precision: of the arithmetic; auto takes bf16 on devices that are fast at it.
        seed: of the order, the dropout and the first weights.
        replay: general rows against forgetting.
        forgetting: general text that measures it.
        early_stopping: needs validation rows.
        evaluate_every: steps between evaluations; 0 for one an epoch.
        save_every: steps between checkpoints; a killed training goes on from the last one.
        log_every: steps between lines of the curve.
        tensorboard: write its event files too.
        trust_remote_code: run the Python code that comes with the base.
    """

    name: str = ""
    base: str = Field(min_length=1)
    role: str = ""
    data: tuple[Source, ...] = Field(min_length=1)
    validation: str = ""
    objective: Objective = Sft()
    method: Method = Lora()
    length: int = Field(default=1024, ge=8)
    batch: int = Field(default=1, gt=0)
    accumulation: int = Field(default=8, gt=0)
    epochs: float = Field(default=1.0, gt=0)
    steps: int | None = Field(default=None, gt=0)
    learning_rate: float = Field(default=2e-4, gt=0)
    schedule: Literal["cosine", "linear", "constant", "constant_with_warmup"] = "cosine"
    warmup: float = Field(default=0.03, ge=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0)
    clip: float = Field(default=1.0, gt=0)
    neftune: float = Field(default=0.0, ge=0)
    checkpointing: bool | None = None
    attention: Literal["auto", "sdpa", "flash_attention_2", "eager"] = "auto"
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    seed: int = Field(default=0, ge=0)
    replay: Replay | None = None
    forgetting: Forgetting | None = None
    early_stopping: EarlyStopping | None = None
    evaluate_every: int = Field(default=0, ge=0)
    save_every: int = Field(default=50, gt=0)
    log_every: int = Field(default=1, gt=0)
    tensorboard: bool = False
    trust_remote_code: bool = False

    @field_validator("objective", "method", mode="before")
    @classmethod
    def _name_alone(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Mapping):
            return {"kind": "sft" if info.field_name == "objective" else "qlora", **value}
        return {"kind": value} if isinstance(value, str) else value

    @field_validator("role")
    @classmethod
    def _role_is_no_slip(cls, value: str) -> str:
        try:
            check_role(value, own=True)
        except InputError as exc:
            raise ValueError(exc.hint) from exc
        return value

    @field_validator("data", mode="before")
    @classmethod
    def _paths_alone(cls, value: Any) -> Any:
        sources = [value] if isinstance(value, str | Mapping) else value
        if not isinstance(sources, list | tuple):
            return value
        return [{"path": source} if isinstance(source, str) else source for source in sources]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.save_every % self.log_every:
            # the loss of a line is the mean since the last one, and a mean cannot be resumed in its middle
            raise ValueError("save_every must be a multiple of log_every")
        if self.early_stopping and (not self.evaluate_every or self.save_every % self.evaluate_every):
            # the best weights can be taken back only where they were saved
            raise ValueError("early_stopping needs evaluate_every, and save_every as a multiple of it")
        if self.forgetting and isinstance(self.objective, Reward):
            raise ValueError("a reward model predicts no text: forgetting cannot be measured")
        if isinstance(self.objective, Kto) and self.batch < 2:
            raise ValueError("kto compares rows of a batch: batch must be 2 or more")
        if isinstance(self.objective, Grpo) and (self.batch * self.accumulation) % self.objective.generations:
            raise ValueError("batch times accumulation must be a multiple of the objective's generations")
        if self.checkpointing and not self.can_checkpoint:
            raise ValueError("prefix tuning keeps a cache, which checkpointing cannot compute twice: leave it out")
        if isinstance(self.objective, Distillation) and isinstance(self.method, Prefix | Prompt | PromptEncoder):
            raise ValueError("distillation compares the model's own layers and would not see virtual tokens: use lora")
        if isinstance(self.objective, Ppo) and isinstance(self.method, Full):
            raise ValueError("ppo takes the base as its reference by switching the adapter off: choose another method")
        if self._moves_weights and _has_reference(self.objective):
            # switching the adapter off leaves what PiSSA took out of the base, which is no reference
            raise ValueError(f"{self.objective.kind} compares with the base, from which pissa takes weights: use lora")
        if self.samples and (asked := self._evaluation):
            raise ValueError(f"{self.objective.kind} samples replies and evaluates no rows: leave out {asked}")
        if isinstance(self.objective, Ppo) and (asked := self._of_trainers):
            raise ValueError(f"ppo is a loop of its own, which has no {asked}: leave it out, or use grpo")
        return self

    @property
    def can_checkpoint(self) -> bool:
        """Whether activations can be computed twice: prefix tuning needs the cache, which that switches off."""
        return not isinstance(self.method, Prefix)

    @property
    def checkpoints(self) -> bool:
        """Whether activations are computed twice instead of kept."""
        return self.can_checkpoint if self.checkpointing is None else self.checkpointing

    @property
    def samples(self) -> bool:
        """Whether the model learns from replies that it samples itself."""
        return isinstance(self.objective, Grpo | Ppo | Distillation)

    @property
    def _moves_weights(self) -> bool:
        return isinstance(self.method, Lora) and self.method.kind == "pissa"

    @property
    def _evaluation(self) -> str:
        """A choice that speaks of rows which are only evaluated."""
        asked = {
            "validation": self.validation,
            "early_stopping": self.early_stopping,
            "evaluate_every": self.evaluate_every,
        }
        return next((name for name, value in asked.items() if value), "")

    @property
    def _of_trainers(self) -> str:
        """A choice that only TRL's trainers know."""
        asked = {
            "neftune": self.neftune,
            "tensorboard": self.tensorboard,
            "adalora": isinstance(self.method, AdaLora),
        }
        return next((name for name, value in asked.items() if value), "")

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def quantised(self) -> bool:
        """Whether the weights of the base are loaded in four bits."""
        return isinstance(self.method, Lora) and self.method.kind == "qlora"

    def anchored(self, folder: Path, datasets: Path) -> TrainRecipe:
        """Return the recipe with the paths of its data made absolute.

        Args:
            folder: that relative paths start from.
            datasets: folder of the data sets that a name alone stands for.
        """

        def anchor(path: str) -> str:
            here = (folder / Path(path).expanduser()).absolute()
            named = datasets / path
            return str(named.absolute() if "/" not in path and not here.exists() and named.is_dir() else here)

        changes: dict[str, Any] = {
            "data": tuple(source.model_copy(update={"path": anchor(source.path)}) for source in self.data)
        }
        if self.validation:
            changes["validation"] = anchor(self.validation)
        if self.replay:
            changes["replay"] = self.replay.model_copy(update={"data": anchor(self.replay.data)})
        if self.forgetting:
            changes["forgetting"] = self.forgetting.model_copy(update={"text": anchor(self.forgetting.text)})
        if self.base.startswith((".", "~")):
            changes["base"] = anchor(self.base)
        if isinstance(self.objective, Distillation) and self.objective.teacher.startswith((".", "~")):
            changes["objective"] = self.objective.model_copy(update={"teacher": anchor(self.objective.teacher)})
        return self.model_copy(update=changes)


def _has_reference(objective: Objective) -> bool:
    return isinstance(objective, Dpo | Kto | Ppo) or (isinstance(objective, Grpo) and objective.beta > 0)
