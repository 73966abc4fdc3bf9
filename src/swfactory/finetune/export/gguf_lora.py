"""A PEFT LoRA as a GGUF LoRA file, which llama.cpp applies to a model at full speed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swfactory.domain.value import Value
from swfactory.errors import InputError, StoreError
from swfactory.finetune.export.families import Layout
from swfactory.finetune.export.kinds import read_config, refuse_without_form
from swfactory.finetune.export.tensors import TensorFiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LoraFile", "write_gguf_lora"]

_PREFIX = "base_model.model."
_A, _B = ".lora_A.weight", ".lora_B.weight"


class LoraFile(Value):
    """What was written.

    Args:
        modules: how many modules it changes.
        alpha: the scale, as llama.cpp divides it by each rank.
    """

    modules: int
    alpha: float


def write_gguf_lora(peft: Path, base_config: Mapping[str, Any], target: Path, *, name: str = "") -> LoraFile:
    """Write a PEFT LoRA, rsLoRA, PiSSA or OLoRA as a GGUF LoRA of float32.

    llama.cpp scales each product by alpha / rank and reads the rank from the tensor. PEFT may scale otherwise
    (rsLoRA: alpha / sqrt(rank); patterns: of each module its own); what differs is multiplied into B.

    Args:
        peft: folder with ``adapter_config.json`` and ``adapter_model.safetensors``.
        base_config: ``config.json`` of the base.
        target: file to write.
        name: what the file calls itself.

    Raises:
        InputError: the adapter has no such form, or a module has no counterpart.
        MissingExtraError: gguf or numpy is not installed.
        StoreError: the file cannot be written.
    """
    config = read_config(peft, "adapter_config.json")
    refuse_without_form(config)
    layout = Layout(dict(base_config))
    tensors = TensorFiles((peft / "adapter_model.safetensors",))
    scales = _Scales(config)
    pairs: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
    for module in _modules(tensors):
        gguf_name = layout.name(module)
        if gguf_name is None:
            raise InputError(
                f"the module {module!r} has no counterpart in llama.cpp's {layout.family.architecture!r}",
                hint="swf adapters export NAME --to merged",
            )
        a, b = tensors.read(f"{_PREFIX}{module}{_A}"), tensors.read(f"{_PREFIX}{module}{_B}")
        pairs[f"{gguf_name}.weight"] = a, layout.arrange(module, b * scales.factor(module, a.shape[0]))
    _write(target, layout.family.architecture, scales.alpha, pairs, name)
    return LoraFile(modules=len(pairs), alpha=scales.alpha)


class _Scales:
    """How strongly each module's product counts."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._rank = int(config["r"])
        self._alpha = float(config["lora_alpha"])
        self._rooted = bool(config.get("use_rslora"))
        self._alphas: Mapping[str, float] = config.get("alpha_pattern") or {}
        if self._alpha <= 0 or self._rank <= 0:
            raise InputError(f"LoRA of alpha {self._alpha:g} and rank {self._rank}", hint="both must be above 0")

    @property
    def alpha(self) -> float:
        """What the file says: right for every module of the usual rank and alpha."""
        return self._alpha * (math.sqrt(self._rank) if self._rooted else 1.0)

    def factor(self, module: str, rank: int) -> float:
        """What B must be multiplied with, so that llama.cpp's scale comes out as PEFT's."""
        alpha = next((value for key, value in self._alphas.items() if _matches(key, module)), self._alpha)
        wanted = float(alpha) / (math.sqrt(rank) if self._rooted else rank)
        return wanted / (self.alpha / rank)


def _matches(pattern: str, module: str) -> bool:
    """As PEFT matches the keys of rank and alpha patterns (``get_pattern_key``)."""
    return re.match(rf"(.*\.)?({pattern})$", module) is not None


def _modules(tensors: TensorFiles) -> list[str]:
    names = tensors.names()
    modules = sorted(name.removesuffix(_A).removeprefix(_PREFIX) for name in names if name.endswith(_A))
    known = {f"{_PREFIX}{module}{end}" for module in modules for end in (_A, _B)}
    # Beside a head that it adapts, PEFT saves the head itself; the base has it.
    beside = {name for name in names if name.endswith(".base_layer.weight")}
    if odd := sorted((set(names) - beside) ^ known):
        raise InputError(
            f"{odd[0]!r} is not one half of a linear LoRA", hint="swf adapters export NAME --to merged-gguf"
        )
    if not modules:
        raise InputError("the adapter changes no module", hint="train it with target_modules")
    return modules


def _write(
    target: Path,
    architecture: str,
    alpha: float,
    pairs: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]],
    name: str,
) -> None:
    import gguf
    import numpy as np

    try:
        with closing(gguf.GGUFWriter(str(target), architecture)) as writer:
            writer.add_type(gguf.GGUFType.ADAPTER)
            if name:
                writer.add_name(name)
            writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
            writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
            for key, (a, b) in pairs.items():
                writer.add_tensor(f"{key}.lora_a", np.ascontiguousarray(a, dtype=np.float32))
                writer.add_tensor(f"{key}.lora_b", np.ascontiguousarray(b, dtype=np.float32))
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
    except OSError as exc:
        raise StoreError(f"{str(target)!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc
