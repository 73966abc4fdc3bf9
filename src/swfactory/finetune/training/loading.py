"""Bases into memory: tokenizer, configuration, weights, quantised to NF4 when the method asks for it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from typing import Any

from swfactory.errors import MissingExtraError, ModelUnavailable
from swfactory.finetune.bases import Base
from swfactory.finetune.training.families import Family, family_of
from swfactory.finetune.training.place import Place
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.finetune.training.templates import prepare_tokenizer
from swfactory.quiet import quiet_transformers

__all__ = ["load_model", "load_parts", "quantisation"]


def load_parts(base: Base, recipe: TrainRecipe) -> tuple[Any, Any, Family]:
    """Load what is small of a base.

    Args:
        base: where it is.
        recipe: says whether its code is trusted.

    Returns:
        Its configuration, its tokenizer with a chat template and a pad token, and its family.

    Raises:
        InputError: the family cannot be trained here.
        ModelUnavailable: the folder cannot be read.
    """
    from transformers import AutoConfig, AutoTokenizer

    trust = recipe.trust_remote_code
    try:
        config = AutoConfig.from_pretrained(base.folder, trust_remote_code=trust)
        family = family_of(config, trusted=trust)
        tokenizer = AutoTokenizer.from_pretrained(base.folder, trust_remote_code=trust)
    except (OSError, ValueError, KeyError) as exc:
        raise _unreadable(base, exc) from exc
    prepare_tokenizer(tokenizer, family)
    return config, tokenizer, family


def quantisation(place: Place) -> Any:
    """Return the settings of NF4 with double quantisation (Dettmers et al. 2023).

    Args:
        place: says in which arithmetic the weights are multiplied.

    Raises:
        MissingExtraError: bitsandbytes is not installed.
    """
    from transformers import BitsAndBytesConfig
    from transformers.utils import is_bitsandbytes_available

    if not is_bitsandbytes_available():
        raise MissingExtraError("QLoRA", extra="train")
    options: dict[str, Any] = {}
    if place.sharded:
        # FSDP cuts tensors by their storage type, which must be the same for every weight.
        options["bnb_4bit_quant_storage"] = place.dtype
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=place.dtype,
        **options,
    )


def load_model(base: Base, recipe: TrainRecipe, place: Place, *, quantised: bool, scores: bool = False) -> Any:
    """Load the weights of a base.

    Frozen weights are kept in the arithmetic's type. Weights that are trained themselves stay in fp32, because steps
    smaller than a half-precision number's last bit would be lost.

    Args:
        base: where it is.
        recipe: method and trust.
        place: device and arithmetic.
        quantised: in four bits.
        scores: with a head that gives one number, for reward models.

    Raises:
        ModelUnavailable: they cannot be loaded.
        MissingExtraError: bitsandbytes is not installed.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    quiet_transformers()
    options: dict[str, Any] = {
        "dtype": torch.float32 if recipe.method.kind == "full" else place.dtype,
        "trust_remote_code": recipe.trust_remote_code,
    }
    if place.attention:
        options["attn_implementation"] = place.attention
    if quantised:
        options["quantization_config"] = quantisation(place)
    if not place.sharded:
        options["device_map"] = {"": place.local_rank if place.device == "cuda" else "cpu"}
    try:
        if scores:
            model = AutoModelForSequenceClassification.from_pretrained(base.folder, num_labels=1, **options)
        else:
            model = AutoModelForCausalLM.from_pretrained(base.folder, **options)
    except ImportError as exc:
        raise MissingExtraError(f"loading {base.name!r}: {exc}", extra="train") from exc
    except (OSError, ValueError, RuntimeError) as exc:
        raise _unreadable(base, exc) from exc
    if quantised:
        _keep_trainable(model)
        _give_back()
    return model


def _keep_trainable(model: Any) -> None:
    """Keep the four-bit weights in the form that can be trained on.

    On processors with AVX512-BF16, bitsandbytes brings them into another order at the first evaluation, for good, and
    no gradient goes through that.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def _give_back() -> None:
    """Return what loading has freed to the system: the wide weights were there before the narrow ones.

    glibc keeps it otherwise, 0.7 GB for a base of half a billion weights; see malloc_trim(3).
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _unreadable(base: Base, exc: Exception) -> ModelUnavailable:
    return ModelUnavailable(
        f"Transformers cannot load the base {base.name!r} from {str(base.folder)!r}: {exc}",
        hint="a catalogue name, a Transformers folder, or a hub name",
    )
