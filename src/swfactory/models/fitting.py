"""Adapters that model URLs name: found in the store, and refused on a model that they were not trained on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.errors import ConfigError, InputError
from swfactory.models.adapter_card import NAME
from swfactory.models.adapters import AdapterCard, AdapterStore
from swfactory.models.headers import gguf_header, safetensors_header
from swfactory.models.stamp import known_digest

__all__ = ["adapter_store", "gguf_adapter", "peft_adapter", "whole_model"]

_ARCHITECTURES = {"mistral": "llama", "gemma3_text": "gemma3"}
"""What GGUF calls the model types of Transformers, where it calls them otherwise."""


def adapter_store(settings: Settings) -> AdapterStore:
    """Return the store of the adapters of a data folder."""
    return AdapterStore(settings.data_dir / "adapters")


def gguf_adapter(given: str, target: str, file: Path, settings: Settings) -> Path:
    """Return the LoRA file that ``adapter=`` stands for in a ``llama:`` URL.

    Args:
        given: name of an adapter of the store, or path of a LoRA in GGUF form.
        target: the model as the URL names it.
        file: its file.
        settings: says where the store is.

    Raises:
        ConfigError: there is no such file, or the adapter was trained on another model.
        NotFoundError: there is no adapter of this name, or it has no GGUF form.
    """
    if "/" in given or given.endswith(".gguf"):
        path = Path(given).expanduser().absolute()
        if not path.is_file():
            raise ConfigError(f"there is no adapter file {str(path)!r}", hint="adapter=PATH of a LoRA in GGUF form")
        return path
    store = adapter_store(settings)
    _check_file(store.card(given), target, file)
    return store.export(given, "gguf")


def peft_adapter(given: str, target: str, settings: Settings) -> str:
    """Return the folder or hub name that ``adapter=`` stands for in an ``hf:`` URL.

    Args:
        given: name of an adapter of the store, or folder or hub name of a PEFT adapter.
        target: hub name or folder of the model.
        settings: says where the store is.

    Raises:
        ConfigError: the adapter was trained on another model.
        NotFoundError: there is no adapter of this name, or it has no PEFT form.
    """
    if "/" in given or Path(given).expanduser().is_dir():
        return given
    store = adapter_store(settings)
    path = store.export(given, "peft")
    _check_target(store.card(given), path, target)
    return str(path)


def whole_model(given: Sequence[str], target: str, file: Path | None, settings: Settings) -> Path | None:
    """Return the weights that take the place of a base: of an adapter that is not kept, or cannot be, beside one.

    Of a training of every weight there is nothing else, and kinds without a GGUF form are merged for llama.cpp.

    Args:
        given: what ``adapter=`` says, in order.
        target: the model as the URL names it.
        file: its file, for llama.cpp; None for Transformers.
        settings: says where the store is.

    Returns:
        A file or folder; None where the adapters are loaded beside the base.

    Raises:
        ConfigError: it belongs to another model, or several adapters are asked for.
        NotFoundError: there is no adapter of a name.
    """
    beside, merged = ("gguf", "merged-gguf") if file is not None else ("peft", "merged")
    store = adapter_store(settings)
    for name in given:
        if not NAME.fullmatch(name) or (name.endswith(".gguf") if file is not None else Path(name).is_dir()):
            continue  # a path
        card = store.card(name)
        if beside in card.exports or merged not in card.exports:
            continue
        if len(given) > 1:
            raise ConfigError(
                f"the adapter {name!r} is merged into its base, and goes with no other", hint=f"adapter={name} alone"
            )
        path = store.export(name, merged)
        if file is not None:
            _check_file(card, target, file)
        else:
            _check_target(card, path, target)
        return path
    return None


def _check_file(card: AdapterCard, target: str, file: Path) -> None:
    """Refuse a model file that an adapter was not trained on."""
    if card.base_digest or card.proved:
        if known_digest(file) not in (card.base_digest, *card.proved):
            raise _wrong_base(card, target, "the model file is another one")
    elif card.architecture:
        theirs = _ARCHITECTURES.get(card.architecture, card.architecture)
        ours = _head(file).get("general.architecture")
        if theirs != ours:
            raise _wrong_base(card, target, f"its architecture is {theirs!r} and not {ours!r}")


def _check_target(card: AdapterCard, weights: Path, target: str) -> None:
    """Refuse a model of Transformers that an adapter was not trained on."""
    base = Path(target).expanduser()
    if target != card.base and base.is_dir():
        _check_folder(card, weights, base, target)
    elif target != card.base and "/" in card.base and not Path(card.base).expanduser().is_dir():
        raise _wrong_base(card, target, "the names differ")


def _check_folder(card: AdapterCard, peft: Path, base: Path, target: str) -> None:
    """Compare what can be known of a folder without reading its weights."""
    if card.base_digest and base.resolve().name.endswith(f"-{card.base_digest[:12]}"):
        return
    try:
        config: dict[str, Any] = json.loads((base / "config.json").read_text(encoding="utf-8"))
        ours, width = config.get("model_type"), config.get("hidden_size")
    except (OSError, ValueError, AttributeError) as exc:
        raise ConfigError(f"{target!r} is no folder of a model: {exc}", hint="hf:FOLDER with a config.json") from exc
    if card.architecture and ours != card.architecture:
        raise _wrong_base(card, target, f"its architecture is {card.architecture!r} and not {ours!r}")
    weights = peft / "adapter_model.safetensors"
    places = safetensors_header(weights) if weights.is_file() else {}
    for name, place in places.items():
        if name.endswith("q_proj.lora_A.weight") and isinstance(width, int) and place.shape[-1] != width:
            raise _wrong_base(card, target, f"it is {place.shape[-1]} wide and not {width}")


def _head(file: Path) -> dict[str, int | float | str | bool]:
    try:
        return gguf_header(file)
    except InputError as exc:
        raise ConfigError(exc.message, hint=exc.hint) from exc


def _wrong_base(card: AdapterCard, target: str, why: str) -> ConfigError:
    return ConfigError(
        f"the adapter {card.name!r} was trained on {card.base!r} and does not fit {target!r}: {why}",
        hint=f"swf adapters show {card.name}",
    )
