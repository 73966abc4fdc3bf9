"""The models under evaluation: a base, and the same base with an adapter."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.bench.arms import Factory
from swfactory.config import Settings
from swfactory.errors import InputError
from swfactory.models import create_chat_model
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import model_path
from swfactory.models.fitting import adapter_store, gguf_adapter, peft_adapter, whole_model
from swfactory.models.spec import ModelSpec
from swfactory.models.stamp import folder_digest, known_digest
from swfactory.roles import architect, engineer, mender, product_manager, reviewer, test_engineer, writer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.finetune.evaluation.scorer import Scorer

__all__ = ["ADAPTED", "BASE", "Adapter", "Subject", "find_adapter", "subjects_of"]

BASE, ADAPTED = "base", "adapted"


@dataclass(frozen=True)
class Adapter:
    """An adapter under evaluation.

    Args:
        name: as it was given: a name of the store, or a path.
        digest: SHA-256 of its weights.
        card: what the store knows of it; None for one that is not in the store.
        folder: its folder in the store; None for one that is not.
    """

    name: str
    digest: str
    card: AdapterCard | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Subject:
    """One model under evaluation.

    Args:
        name: ``base`` or ``adapted``.
        settings: with this model in them, for the whole factory or for the adapter's role.
        url: model URL.
    """

    name: str
    url: str
    settings: Settings = field(repr=False)

    @property
    def adapted(self) -> bool:
        """Whether it is the one with the adapter."""
        return self.name == ADAPTED

    @cached_property
    def model(self) -> BaseChatModel:
        """The chat model; a local one is loaded at its first call."""
        return create_chat_model(self.url, self.settings)

    @cached_property
    def scorer(self) -> Scorer:
        """What gives log-probabilities; it shares the weights of the chat model."""
        from swfactory.finetune.evaluation.scorer import create_scorer

        return create_scorer(self.model)

    def factory(self) -> AbstractContextManager[Factory]:
        """Open the factory with this model."""
        from swfactory.runtime.factory import AsyncFactory

        return AsyncFactory(self.settings)

    def release(self) -> None:
        """Let go of what was loaded: two copies of a model need not lie in memory at once."""
        for name in ("model", "scorer"):
            self.__dict__.pop(name, None)


def find_adapter(name: str, url: str, settings: Settings) -> Adapter:
    """Find an adapter in the form that a model loads.

    Args:
        name: of the store, or the path of a GGUF file or PEFT folder.
        url: URL of the base model.
        settings: where the store is.

    Raises:
        NotFoundError: there is no such adapter, or not in the form that is needed.
        InputError: the model takes no adapters.
        ConfigError: the model's file is not on this machine, or the adapter was trained on another model.
    """
    spec = ModelSpec.parse(url)
    if spec.scheme not in ("llama", "hf"):
        raise InputError(f"{url!r} takes no adapter", hint="a llama: or hf: model does")
    path = Path(name).expanduser()
    if path.exists() and ("/" in name or path.suffix == ".gguf"):
        return Adapter(name=str(path.absolute()), digest=_digest(path))
    store = adapter_store(settings)
    card = store.card(name)
    file = model_path(spec.target, settings) if spec.scheme == "llama" else None
    weights = whole_model((name,), spec.target, file, settings)
    if weights is None and file is not None:
        weights = gguf_adapter(name, spec.target, file, settings)
    elif weights is None:
        weights = Path(peft_adapter(name, spec.target, settings))
    return Adapter(name=name, digest=_digest(weights), card=card, folder=store.folder(name))


def _digest(path: Path) -> str:
    digest = folder_digest(path) if path.is_dir() else known_digest(path)
    if not digest:
        raise InputError(f"there are no safetensors in {str(path)!r}", hint="name a folder saved by PEFT")
    return digest


def subjects_of(url: str, adapter: Adapter | None, settings: Settings) -> tuple[Subject, ...]:
    """Return the base and, when there is an adapter, the adapted model.

    In the factory, an adapter that was trained for a role serves that role; another one serves all of them.

    Args:
        url: URL of the base model.
        adapter: the adapter; None for the base alone.
        settings: the merged settings.

    Raises:
        ConfigError: the URL cannot be used.
    """
    spec = ModelSpec.parse(url)
    base = Subject(BASE, url, settings.model_copy(update={"model": url}))
    if adapter is None:
        return (base,)
    adapted = str(spec.model_copy(update={"adapters": (*spec.adapters, adapter.name)}))
    role = adapter.card.role if adapter.card else ""
    served = role in {
        module.ROLE for module in (architect, engineer, mender, product_manager, reviewer, test_engineer, writer)
    }
    changes = {"role_models": {**settings.role_models, role: adapted}} if served else {"model": adapted}
    return base, Subject(ADAPTED, adapted, base.settings.model_copy(update=changes))
