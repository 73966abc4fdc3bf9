"""The card of an adapter: what it was made of, which forms it has, and what evaluations found."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import yaml
from pydantic import Field, field_validator

from swfactory.domain.value import Value

__all__ = ["NAME", "UNMERGEABLE", "AdapterCard", "Score"]

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
"""What adapters can be called: a name that is safe as that of a folder and in a model URL."""


UNMERGEABLE = frozenset(
    (
        *("adaption_prompt", "cartridge", "cpt", "multitask_prompt_tuning", "p_tuning", "prefix_tuning"),
        *("prefix", "prompt", "prompt_tuning", "ptuning"),
    )
)
"""Methods whose result stands before the text and in no weight, as PEFT calls them and as recipes do."""


class Score(Value):
    """What an evaluation found.

    Args:
        suite: name of the suite.
        passed: items passed; None for a suite that measures something else.
        total: items.
        value: the score: a share, or a perplexity.
        base: the same of the base model; None when not measured.
        low: lower end of the 95 % interval of the difference; None when not measured.
        high: upper end.
        time: seconds since the epoch, UTC.
    """

    suite: str
    passed: int | None = None
    total: int = 0
    value: float
    base: float | None = None
    low: float | None = None
    high: float | None = None
    time: float = 0.0


class AdapterCard(Value):
    """What is known of an adapter.

    Args:
        name: what it is called in ``adapter=NAME``.
        base: the base model as the recipe names it, e.g. ``qwen2.5-coder-0.5b``, a folder or a hub name.
        base_digest: SHA-256 of the base's file, or of the weights of its folder.
        architecture: model type of the base, e.g. ``qwen2``.
        method: how it was trained, e.g. ``qlora``.
        role: role it was trained for; empty for any.
        created: seconds since the epoch, UTC.
        recipe: the recipe, as YAML.
        data: digest by name of the data sets.
        facts: what training measured: steps, loss, tokens a second, peak memory in bytes.
        exports: file or folder by form, relative to the adapter's folder: ``peft``, ``gguf``, ``merged``, ...
        proved: SHA-256 of the model files on which a GGUF form was found to say what the trained one says.
        scores: evaluations, oldest first.
    """

    name: str = Field(pattern=rf"^{NAME.pattern}$")
    base: str
    base_digest: str = ""
    architecture: str = ""
    method: str
    role: str = ""
    created: float = 0.0
    recipe: str = ""
    data: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    exports: dict[str, str] = Field(default_factory=dict)
    proved: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()

    @property
    def can_merge(self) -> bool:
        """Whether it can become part of its base's weights; else only Transformers serves it."""
        return self.method not in UNMERGEABLE

    @property
    def trusts_code(self) -> bool:
        """Whether it was trained with the Python code that comes with its base, as its recipe says."""
        recipe = yaml.safe_load(self.recipe) if self.recipe else None
        return isinstance(recipe, dict) and recipe.get("trust_remote_code") is True

    @field_validator("exports")
    @classmethod
    def _inside(cls, exports: dict[str, str]) -> dict[str, str]:
        for form, place in exports.items():
            path = PurePosixPath(place)
            if path.is_absolute() or ".." in path.parts or not path.parts:
                raise ValueError(f"the form {form!r} lies outside of the adapter's folder: {place!r}")
        return exports
