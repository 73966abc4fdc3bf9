"""From a parsed model URL to its adapter."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.config import Settings
from swfactory.errors import ConfigError, MissingExtraError
from swfactory.models.catalog import CATALOG, model_path
from swfactory.models.fitting import gguf_adapter, peft_adapter, whole_model
from swfactory.models.spec import ModelSpec
from swfactory.models.stamp import known_digest

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.models.llama import LlamaChatModel

__all__ = ["create", "create_all", "digest"]


def create(spec: ModelSpec, settings: Settings) -> BaseChatModel:
    """Make the chat model of a parsed URL.

    Raises:
        ConfigError: the model file is not on this machine, or an adapter is another model's.
        MissingExtraError: the adapter's extra is not installed.
        NotFoundError: there is no adapter of a name.
    """
    match spec.scheme:
        case "llama":
            return _llama(spec, settings)
        case "openai":
            try:
                from swfactory.models.openai import openai_chat_model
            except ModuleNotFoundError as exc:
                raise MissingExtraError("a model server", extra="openai") from exc
            return openai_chat_model(spec.target, spec.name)
        case "hf":
            return _transformers(spec, settings)
        case "replay":
            from swfactory.models.replay import ReplayChatModel

            return ReplayChatModel.open(Path(spec.target).expanduser())


def create_all(specs: Mapping[str, ModelSpec], settings: Settings) -> dict[str, BaseChatModel]:
    """Make the chat models of parsed URLs; llama.cpp's that differ in their adapters only share one in memory.

    Raises:
        ConfigError: as of one.
        MissingExtraError: an adapter's extra is not installed.
        NotFoundError: there is no adapter of a name.
    """
    alone = {url: create(spec, settings) for url, spec in specs.items() if spec.scheme != "llama"}
    llamas = {url: _llama(spec, settings) for url, spec in specs.items() if spec.scheme == "llama"}
    bases = {url: (str(llamas[url].path), str(specs[url].model_copy(update={"adapters": ()}))) for url in llamas}
    for _, group in groupby(sorted(llamas, key=bases.__getitem__), bases.__getitem__):
        members = list(group)
        adapters = tuple(dict.fromkeys(path for url in members for path in llamas[url].adapters))
        llamas |= {url: llamas[url].sharing(adapters) for url in members}
    return {**alone, **llamas}


def _transformers(spec: ModelSpec, settings: Settings) -> BaseChatModel:
    from swfactory.models.transformers import HfChatModel

    whole = whole_model(spec.adapters, spec.target, None, settings)
    adapters = () if whole else tuple(peft_adapter(given, spec.target, settings) for given in spec.adapters)
    return HfChatModel(
        source=str(whole or _folder(spec.target, settings)),
        adapters=adapters,
        quant=spec.quant or None,
        device=spec.device or None,
        trust=spec.trust == "yes",
    )


def _folder(target: str, settings: Settings) -> str:
    """What Transformers loads: a model of the catalogue is the folder that a training has made of its file.

    Raises:
        ConfigError: it has not been made.
    """
    for model in CATALOG:
        if model.name == target and not Path(target).is_dir():
            folder = settings.base_folder(target, model.sha256)
            if not (folder / "config.json").is_file():
                raise ConfigError(
                    f"there is no folder of {target!r} for Transformers: {str(folder)!r} is made by training on it",
                    hint=f"swf train RECIPE.yaml --dry-run  with  base: {target}",
                )
            return str(folder)
    return target


def _llama(spec: ModelSpec, settings: Settings) -> LlamaChatModel:
    from swfactory.models.engine import free_cores
    from swfactory.models.llama import LlamaChatModel

    path = _checked(spec.target, settings)
    whole = whole_model(spec.adapters, spec.target, path, settings)
    adapters = () if whole else tuple(gguf_adapter(given, spec.target, path, settings) for given in spec.adapters)
    return LlamaChatModel(
        path=whole or path,
        adapters=adapters,
        threads=spec.threads or settings.threads or free_cores(),
        context=spec.context or settings.context,
        parallel=spec.parallel or 4,
        draft=_checked(spec.draft, settings) if spec.draft else None,
        # No gain for fresh code, and a loss where drafts are mostly rejected (benchmarks/RESULTS.md): only when asked.
        ngram=spec.speculate == "ngram",
    )


def digest(spec: ModelSpec, settings: Settings) -> str:
    """Return the SHA-256 of the weights; empty when they are on a server or in a folder of many files.

    Raises:
        ConfigError: the model file is not on this machine.
    """
    if spec.scheme != "llama":
        return ""
    return known_digest(_checked(spec.target, settings))


def _checked(target: str, settings: Settings) -> Path:
    """Return the model file, after a look at its digest when the catalogue knows it."""
    path = model_path(target, settings)
    for model in CATALOG:
        if model.name == target and known_digest(path) != model.sha256:
            raise ConfigError(f"{str(path)!r} is not the model {target!r}", hint=f"swf models pull {target}")
    return path
