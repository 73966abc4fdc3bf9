"""Adapters that were trained elsewhere, taken into the store."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.errors import InputError, StoreError
from swfactory.finetune.export.kinds import read_config
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import CATALOG, model_path
from swfactory.models.fitting import adapter_store
from swfactory.models.headers import gguf_header, safetensors_header

__all__ = ["import_adapter"]

_TAKEN = (
    "adapter_config.json",
    "adapter_model.safetensors",
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "chat_template.*",
)


def import_adapter(folder: Path, name: str, base: str, settings: Settings, *, role: str = "") -> AdapterCard:
    """Copy a PEFT adapter into the store.

    Args:
        folder: with ``adapter_config.json`` and ``adapter_model.safetensors``.
        name: what it shall be called.
        base: what it was trained on: catalogue name, folder or hub name.
        settings: say where the store is.
        role: that it is for; empty for any.

    Returns:
        Its card.

    Raises:
        InputError: the folder holds no whole adapter, or there is an adapter of this name.
        StoreError: it cannot be kept.
    """
    config = read_config(folder, "adapter_config.json")
    weights = folder / "adapter_model.safetensors"
    if not weights.is_file():
        raise InputError(
            f"there is no adapter_model.safetensors in {str(folder)!r}",
            hint="pickled weights (.bin) run code when they are read: save them as safetensors",
        )
    safetensors_header(weights)
    digest, architecture = _base_facts(base, settings)
    card = AdapterCard(
        name=name,
        base=base,
        base_digest=digest,
        architecture=architecture,
        method=_method(config),
        role=role,
        created=time.time(),
        facts={"imported_from": str(folder.absolute())},
        exports={"peft": "peft"},
    )
    store = adapter_store(settings)
    with store.adding(name) as staging:
        try:
            (staging / "peft").mkdir()
            for pattern in _TAKEN:
                for path in sorted(folder.glob(pattern)):
                    shutil.copyfile(path, staging / "peft" / path.name)
        except OSError as exc:
            raise StoreError(f"{str(folder)!r} cannot be copied: {exc}", hint="look at the disk: df -h") from exc
        store.write_card(card, staging)
    return card


def _base_facts(base: str, settings: Settings) -> tuple[str, str]:
    """Digest and model type of a base, as far as they are known without its weights."""
    for model in CATALOG:
        if model.name == base:
            file = settings.model_files / model.file
            head = gguf_header(model_path(base, settings)) if file.is_file() else {}
            return model.sha256, str(head.get("general.architecture", ""))
    folder = Path(base).expanduser()
    if not folder.is_dir():
        return "", ""
    return "", str(read_config(folder, "config.json").get("model_type", ""))


def _method(config: dict[str, Any]) -> str:
    kind = str(config.get("peft_type", "")).lower()
    if not kind:
        raise InputError("adapter_config.json names no peft_type", hint="name a folder saved by PEFT")
    if kind != "lora":
        return kind
    return "dora" if config.get("use_dora") else "rslora" if config.get("use_rslora") else "lora"
