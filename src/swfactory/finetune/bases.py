"""Base models for training: a catalogue's GGUF file, a folder or a hub name, as a folder that Transformers reads."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError, ModelUnavailable, StoreError
from swfactory.models.catalog import CATALOG, model_path
from swfactory.models.stamp import known_digest
from swfactory.quiet import quiet_transformers

__all__ = ["Base", "dequantise", "resolve_base"]

_TIED = 0.99
"""Correlation of two embeddings above which one is a quantised copy of the other."""


class Base(Value):
    """A base model on this machine.

    Args:
        folder: configuration, tokenizer and safetensors.
        digest: SHA-256 of the GGUF file it was made of, else of its safetensors files.
        architecture: model type, e.g. ``qwen2``.
        name: as the recipe names it.
    """

    folder: Path
    digest: str
    architecture: str
    name: str


def resolve_base(name: str, settings: Settings, *, trust_remote_code: bool = False) -> Base:
    """Return the folder of a base, made or fetched when it is not there yet.

    Args:
        name: a catalogue name, a ``.gguf`` file, a folder, or a hub name.
        settings: says where model files and bases are, and which hub is asked.
        trust_remote_code: run the Python code that comes with the base.

    Raises:
        ConfigError: the catalogue's file is not on this machine.
        InputError: a folder has no model in it.
        ModelUnavailable: the hub does not have it, or cannot be reached.
        MissingExtraError: transformers, torch or gguf is not installed.
        StoreError: the folder cannot be written.
    """
    if name.endswith(".gguf") or name in {model.name for model in CATALOG}:
        file = model_path(name, settings)
        digest = known_digest(file)
        folder = settings.data_dir / "bases" / f"{Path(name).stem if name.endswith('.gguf') else name}-{digest[:12]}"
        if not (folder / "config.json").is_file():
            dequantise(file, folder)
    else:
        local = Path(name).expanduser()
        folder = local.absolute() if local.is_dir() else _fetched(name, settings)
        digest = _folder_digest(folder, name)
    return Base(folder=folder, digest=digest, architecture=_architecture(folder, trust_remote_code), name=name)


def dequantise(file: Path, folder: Path) -> None:
    """Write a GGUF model as a Transformers folder in half precision, whole or not at all.

    Embedding and output are one matrix in small models, and the file stores two quantised copies of it. When they
    correlate above 0.99, the output's copy, which has more bits, becomes both, so that nothing is trained twice.

    Args:
        file: the GGUF file.
        folder: to make.

    Raises:
        MissingExtraError: transformers, torch or gguf is not installed.
        InputError: the file cannot be read as a model.
        StoreError: the folder cannot be written.
    """
    try:
        import gguf  # noqa: F401 - Transformers reads the file with it
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    except ModuleNotFoundError as exc:
        raise MissingExtraError("a base made of a GGUF file", extra="train") from exc
    quiet_transformers()
    source = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
    try:
        tokenizer = AutoTokenizer.from_pretrained(**source)
        model = AutoModelForCausalLM.from_pretrained(
            **source, quantization_config=GgufConfig(dequantize=True), dtype=torch.float16
        )
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError) as exc:
        raise InputError(f"the file {str(file)!r} cannot be made a base: {exc}", hint="swf models verify") from exc
    _tie(model)
    model.config.__dict__.pop("quantization_config", None)
    staging = folder.with_name(f".making-{folder.name}-{os.getpid()}-{time.monotonic_ns()}")
    try:
        staging.mkdir(parents=True)
        model.save_pretrained(staging)
        tokenizer.save_pretrained(staging)
        if not folder.exists():
            staging.rename(folder)
    except OSError as exc:
        raise StoreError(f"the base {str(folder)!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _tie(model: Any) -> None:
    """Make embedding and output one again where they were."""
    import torch

    inner, outer = (part().weight.detach() for part in (model.get_input_embeddings, model.get_output_embeddings))
    if inner.data_ptr() == outer.data_ptr() or inner.shape != outer.shape:
        return
    rows = slice(0, 4096)
    pair = torch.stack([inner[rows].float().flatten(), outer[rows].float().flatten()])
    if float(torch.corrcoef(pair)[0, 1]) > _TIED:
        inner.copy_(outer)
        model.config.tie_word_embeddings = True
        model.tie_weights()


def _fetched(name: str, settings: Settings) -> Path:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ModuleNotFoundError as exc:
        raise MissingExtraError("a base from the hub", extra="train") from exc
    try:
        return Path(
            snapshot_download(
                name,
                endpoint=settings.hub_endpoint or None,
                allow_patterns=["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja", "*.py"],
            )
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, HFValidationError, OSError) as exc:
        raise ModelUnavailable(
            f"there is no base {name!r}: it is no folder, not in the catalogue, and the hub says: {exc}",
            hint="swf models list  names the catalogue; SWF_HUB_ENDPOINT=mirror",
        ) from exc


def _folder_digest(folder: Path, name: str) -> str:
    files = sorted(folder.glob("*.safetensors"))
    if not files or not (folder / "config.json").is_file():
        raise InputError(
            f"the base {name!r} has no config.json with safetensors in {str(folder)!r}",
            hint="name a Transformers folder, a catalogue name or a hub name",
        )
    if len(files) == 1:
        return known_digest(files[0])
    whole = hashlib.sha256()
    for file in files:
        whole.update(bytes.fromhex(known_digest(file)))
    return whole.hexdigest()


def _architecture(folder: Path, trust_remote_code: bool) -> str:
    try:
        from transformers import AutoConfig
    except ModuleNotFoundError as exc:
        raise MissingExtraError("training", extra="train") from exc
    try:
        return str(AutoConfig.from_pretrained(folder, trust_remote_code=trust_remote_code).model_type)
    except (OSError, ValueError, KeyError) as exc:
        raise InputError(
            f"the configuration in {str(folder)!r} cannot be used: {exc}",
            hint="put  trust_remote_code: true  into the recipe if its code is to be run",
        ) from exc
