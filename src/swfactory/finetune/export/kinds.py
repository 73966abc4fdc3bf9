"""Kinds of PEFT adapters: which of them can be merged, and which have a form as a GGUF LoRA."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from swfactory.errors import InputError
from swfactory.models.adapter_card import UNMERGEABLE

__all__ = ["read_config", "refuse_unmergeable", "refuse_without_form"]

_NO_FORM = {
    "use_dora": "DoRA",
    "modules_to_save": "whole modules that were trained",
    "lora_bias": "biases of LoRA",
    "trainable_token_indices": "trained tokens",
    "fan_in_fan_out": "transposed weights",
    "layer_replication": "repeated layers",
    "target_parameters": "LoRA on bare parameters",
    "use_qalora": "QALoRA",
    "use_bdlora": "block-diagonal LoRA",
    "alora_invocation_tokens": "aLoRA",
    "arrow_config": "Arrow routing",
    "velora_config": "VeLoRA",
    "kasa_config": "KaSA",
    "monteclora_config": "MonteCLoRA",
}


def read_config(folder: Path, file: str) -> dict[str, Any]:
    """Read a JSON object of a folder.

    Raises:
        InputError: it is missing or no JSON object.
    """
    path = folder / file
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise InputError(f"{str(path)!r} cannot be read: {exc}", hint="name a folder saved by PEFT") from exc
    if not isinstance(config, dict):
        raise InputError(f"{str(path)!r} is no JSON object", hint="name a folder saved by PEFT")
    return config


def refuse_unmergeable(config: Mapping[str, Any]) -> None:
    """Raise when an adapter cannot become part of the weights.

    Args:
        config: its ``adapter_config.json``.

    Raises:
        InputError: it cannot; the hint tells how to serve it.
    """
    if (kind := str(config.get("peft_type"))).lower() in UNMERGEABLE:
        raise InputError(
            f"an adapter of type {kind} has no GGUF form, nor can it be merged",
            hint="swf adapters use ROLE=NAME  serves it with Transformers",
        )


def refuse_without_form(config: Mapping[str, Any]) -> None:
    """Raise when an adapter has no form as a GGUF LoRA.

    Args:
        config: its ``adapter_config.json``.

    Raises:
        InputError: it has none; the hint names a form that works.
    """
    refuse_unmergeable(config)
    kind = str(config.get("peft_type"))
    found = [kind] if kind != "LORA" else [f"{what} ({key})" for key, what in _NO_FORM.items() if config.get(key)]
    if config.get("bias", "none") != "none":
        found.append(f"trained biases (bias={config['bias']!r})")
    if found:
        raise InputError(
            f"{', '.join(found)}: has no form as a GGUF LoRA",
            hint="swf adapters export NAME --to merged-gguf  or  --to merged",
        )
