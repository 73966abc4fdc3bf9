"""The model URL that serves an adapter: on the role's own model where that is its base, else on its base."""

from __future__ import annotations

from typing import Literal

from swfactory.config import Settings
from swfactory.errors import ConfigError, InputError
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import CATALOG
from swfactory.models.factory import create
from swfactory.models.fitting import adapter_store
from swfactory.models.spec import ModelSpec

__all__ = ["serving_url"]


def serving_url(name: str, role: str, settings: Settings) -> str:
    """Return the URL of a model with an adapter for a role, after a look at whether they fit.

    Args:
        name: of the adapter.
        role: whose model it is for; options of its present model, such as ``threads``, are kept.
        settings: say what model the role has.

    Raises:
        ConfigError: the base's file is not on this machine, or is another one.
        InputError: the adapter has no form that a role can use here.
        NotFoundError: there is no such adapter.
    """
    card = adapter_store(settings).card(name)
    current = ModelSpec.parse(settings.role_models.get(role, settings.model))
    refused: ConfigError | None = None
    for spec in _candidates(card, current):
        try:
            create(spec, settings)
        except ConfigError as exc:
            refused = refused or exc
        else:
            return str(spec)
    if refused is not None:
        raise refused
    form = "gguf" if "peft" in card.exports else "merged-gguf"
    raise InputError(
        f"the adapter {name!r} has no form that a role on {str(current)!r} can use",
        hint=f"swf adapters export {name} --to {form}",
    )


def _candidates(card: AdapterCard, current: ModelSpec) -> list[ModelSpec]:
    """What could serve an adapter, best first."""
    adapters = (card.name,)
    trust: Literal["", "yes"] = "yes" if card.trusts_code else ""
    found = []
    if {"gguf", "merged-gguf"} & card.exports.keys():
        if any(model.name == card.base for model in CATALOG):
            own = current.scheme == "llama" and current.target == card.base
            spec = current if own else ModelSpec(scheme="llama", target=card.base)
            found.append(spec.model_copy(update={"adapters": adapters}))
        if current.scheme == "llama":
            found.append(current.model_copy(update={"adapters": adapters}))
    if {"peft", "merged"} & card.exports.keys():
        if current.scheme == "hf":
            found.append(current.model_copy(update={"adapters": adapters}))
        if not card.can_merge or not any(model.name == card.base for model in CATALOG):
            found.append(ModelSpec(scheme="hf", target=card.base, adapters=adapters, trust=trust))
    return found
