"""Base models for training: a catalogue's GGUF file, a folder or a hub name, as a folder that Transformers reads."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError, ModelUnavailable, StoreError
from swfactory.models.catalog import CATALOG, model_path
from swfactory.models.stamp import folder_digest, known_digest
from swfactory.quiet import quiet_transformers

__all__ = ["Base", "dequantise", "glance", "resolve_base"]

_TIED = 0.99
"""Correlation of two embeddings above which one is a quantised copy of the other."""
_UNREADABLE = (OSError, ValueError, KeyError, RuntimeError, NotImplementedError)
"""What Transformers raises for a GGUF file that is damaged, or of a family that it cannot read."""
_SMALL = ("*.json", "*.model", "*.txt", "*.jinja", "*.py")
"""What the hub keeps of a base beside its weights."""


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
    if _is_gguf(name):
        file = model_path(name, settings)
        digest = known_digest(file)
        folder = settings.base_folder(name, digest)
        if not (folder / "config.json").is_file():
            dequantise(file, folder)
    else:
        local = Path(name).expanduser()
        folder = local.absolute() if local.is_dir() else _fetched(name, settings)
        digest = _folder_digest(folder, name)
    architecture = str(_configuration(folder, trust_remote_code).model_type)
    return Base(folder=folder, digest=digest, architecture=architecture, name=name)


def glance(name: str, settings: Settings, *, trust_remote_code: bool = False) -> Any:
    """Return the Transformers configuration of a base, of which no weight is read, made or fetched.

    Embedding and output of a GGUF file are taken for one matrix, as ``dequantise`` makes them where it can.

    Args:
        name: as of ``resolve_base``.
        settings: says where model files and bases are, and which hub is asked.
        trust_remote_code: run the Python code that comes with the base.

    Raises:
        ConfigError: the catalogue's file is not on this machine.
        InputError: the configuration cannot be used, or a folder has none.
        ModelUnavailable: the hub does not have it, or cannot be reached.
        MissingExtraError: transformers or gguf is not installed.
    """
    if _is_gguf(name):
        file = model_path(name, settings)
        folder = settings.base_folder(name, known_digest(file))
        if (folder / "config.json").is_file():
            return _configuration(folder, False)
        config = _header(file)
        config.tie_word_embeddings = True
        return config
    local = Path(name).expanduser()
    if local.is_dir():
        if not (local / "config.json").is_file():
            raise _no_model(name, local)
        return _configuration(local.absolute(), trust_remote_code)
    return _configuration(_fetched(name, settings, only=_SMALL), trust_remote_code)


def _is_gguf(name: str) -> bool:
    return name.endswith(".gguf") or name in {model.name for model in CATALOG}


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
    except _UNREADABLE as exc:
        raise _no_base(file, exc) from exc
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


def _fetched(name: str, settings: Settings, only: Sequence[str] = (*_SMALL, "*.safetensors")) -> Path:
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
                allow_patterns=list(only),
            )
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, HFValidationError, OSError) as exc:
        raise ModelUnavailable(
            f"there is no base {name!r}: it is no folder, not in the catalogue, and the hub says: {exc}",
            hint="swf models list  names the catalogue; SWF_HUB_ENDPOINT=mirror",
        ) from exc


def _folder_digest(folder: Path, name: str) -> str:
    digest = folder_digest(folder)
    if not digest or not (folder / "config.json").is_file():
        raise _no_model(name, folder)
    return digest


def _no_model(name: str, folder: Path) -> InputError:
    return InputError(
        f"the base {name!r} has no config.json with safetensors in {str(folder)!r}",
        hint="name a Transformers folder, a catalogue name or a hub name",
    )


def _header(file: Path) -> Any:
    """The configuration that a GGUF file's header tells."""
    try:
        import gguf  # noqa: F401 - Transformers reads the file with it
        from transformers import AutoConfig
    except ModuleNotFoundError as exc:
        raise MissingExtraError("a base made of a GGUF file", extra="train") from exc
    try:
        return AutoConfig.from_pretrained(str(file.parent), gguf_file=file.name)
    except _UNREADABLE as exc:
        raise _no_base(file, exc) from exc


def _no_base(file: Path, exc: Exception) -> InputError:
    return InputError(f"the file {str(file)!r} cannot be made a base: {exc}", hint="swf models verify")


def _configuration(folder: Path, trust_remote_code: bool) -> Any:
    try:
        from transformers import AutoConfig
    except ModuleNotFoundError as exc:
        raise MissingExtraError("training", extra="train") from exc
    try:
        return AutoConfig.from_pretrained(folder, trust_remote_code=trust_remote_code)
    except (OSError, ValueError, KeyError) as exc:
        raise InputError(
            f"the configuration in {str(folder)!r} cannot be used: {exc}",
            hint="put  trust_remote_code: true  into the recipe if its code is to be run",
        ) from exc
