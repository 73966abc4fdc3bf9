"""An adapter merged into its unquantised base: a folder that Transformers, vLLM and converters load."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from swfactory.errors import InputError, MissingExtraError, ModelUnavailable, StoreError
from swfactory.finetune.export.kinds import read_config, refuse_unmergeable
from swfactory.quiet import quiet_transformers

__all__ = ["load_base", "load_tokenizer", "load_tuned", "merge", "save_merged"]

_BESIDE_WEIGHTS = (
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "chat_template.*",
    "generation_config.json",
    "*.py",
)


def load_base(folder: Path, *, trust: bool = False) -> Any:
    """Load a model of Transformers in float32.

    Args:
        folder: of the model.
        trust: run the Python code that comes with it.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        ModelUnavailable: it cannot be loaded.
    """
    try:
        import torch
        from transformers import AutoModelForCausalLM
    except ModuleNotFoundError as exc:
        raise MissingExtraError("loading a model's weights", extra="train") from exc
    quiet_transformers()
    try:
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, trust_remote_code=trust).eval()
    except (OSError, ValueError, RuntimeError) as exc:
        raise ModelUnavailable(
            f"Transformers cannot load {str(folder)!r}: {exc}", hint="a folder with config.json and safetensors"
        ) from exc


def load_tuned(base: Path, peft: Path, *, trust: bool = False) -> Any:
    """Load a base in float32 with a PEFT adapter on it.

    Args:
        base: folder of the base, unquantised.
        peft: folder of the adapter.
        trust: run the Python code that comes with the base.

    Raises:
        InputError: the adapter does not fit the base.
        MissingExtraError: torch, transformers or peft is not installed.
        ModelUnavailable: the base cannot be loaded.
    """
    model = load_base(base, trust=trust)
    try:
        from peft import PeftModel
    except ModuleNotFoundError as exc:
        raise MissingExtraError("loading an adapter", extra="train") from exc
    try:
        return PeftModel.from_pretrained(model, str(peft)).eval()
    except (OSError, ValueError, RuntimeError, KeyError, AttributeError) as exc:
        raise InputError(
            f"the adapter in {str(peft)!r} does not fit the base in {str(base)!r}: {exc}",
            hint="swf adapters show NAME  tells what it was trained on",
        ) from exc


def load_tokenizer(base: Path, peft: Path, *, trust: bool = False) -> Any:
    """Load the tokenizer of an adapter, or that of its base when it has none.

    Args:
        base: folder of the base.
        peft: folder of the adapter.
        trust: run the Python code that comes with the base.

    Raises:
        MissingExtraError: transformers is not installed.
        ModelUnavailable: there is none.
    """
    try:
        from transformers import AutoTokenizer
    except ModuleNotFoundError as exc:
        raise MissingExtraError("loading a tokenizer", extra="train") from exc
    folder = peft if (peft / "tokenizer_config.json").is_file() else base
    try:
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=trust)
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(f"{str(folder)!r} has no usable tokenizer: {exc}", hint="save it again") from exc


def merge(tuned: Any, peft: Path) -> Any:
    """Fold an adapter into the weights of its base, which must not be quantised: that shifts the logits.

    Args:
        tuned: what ``load_tuned`` returned; used up.
        peft: folder of the adapter.

    Raises:
        InputError: the adapter is of a kind that cannot be merged, or its weights are no numbers.
    """
    refuse_unmergeable(read_config(peft, "adapter_config.json"))
    try:
        return tuned.merge_and_unload(safe_merge=True)
    except ValueError as exc:
        raise InputError(f"the adapter cannot be merged: {exc}", hint="train it again with a lower rate") from exc


def save_merged(model: Any, base: Path, peft: Path, target: Path) -> None:
    """Save merged weights in the base's precision, with tokenizer and template as they are in the adapter or base.

    Args:
        model: what ``merge`` returned.
        base: folder of the base.
        peft: folder of the adapter.
        target: folder to make.

    Raises:
        StoreError: it cannot be written.
    """
    import torch

    config = read_config(base, "config.json")
    precision = getattr(torch, str(config.get("dtype") or config.get("torch_dtype") or "float32"), torch.float32)
    try:
        target.mkdir(parents=True)
        model.to(precision).save_pretrained(target)
        for folder in (base, peft):  # the adapter's own come last
            for pattern in _BESIDE_WEIGHTS:
                for path in folder.glob(pattern):
                    shutil.copyfile(path, target / path.name)
    except OSError as exc:
        raise StoreError(f"{str(target)!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc
