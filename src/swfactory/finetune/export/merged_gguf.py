"""An adapter merged into a GGUF file: metadata, tokenizer and template stay the base's, changed weights are new."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from swfactory.errors import InputError, StoreError
from swfactory.finetune.export.families import Layout
from swfactory.finetune.export.kinds import read_config
from swfactory.finetune.export.tensors import TensorFiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Precision", "write_merged_gguf"]

Precision = Literal["f16", "q8_0"]
"""What changed weights are written as; gguf has no K-quants."""

_EMBEDDING, _HEAD = "model.embed_tokens.weight", "lm_head.weight"


def write_merged_gguf(model: Any, base: Path, file: Path, target: Path, precision: Precision) -> int:
    """Write a copy of a base's GGUF file in which every weight that an adapter changed is new.

    What the adapter added to a weight is added to the file's own. So nothing must be known of a family but the order
    of its rows, and weights that did not change are the file's, quantised as they are.

    Args:
        model: the merged model.
        base: folder of the base, unquantised.
        file: GGUF file of the same base.
        target: file to write.
        precision: of the changed matrices.

    Returns:
        How many tensors are new.

    Raises:
        InputError: the file is of another model, or a changed weight has no counterpart in it.
        MissingExtraError: gguf is not installed.
        StoreError: the file cannot be written.
    """
    changes = _Changes(model, base)
    import gguf

    try:
        reader = gguf.GGUFReader(file)
    except (OSError, ValueError) as exc:
        raise InputError(f"{str(file)!r} is no GGUF file: {exc}", hint="swf models verify") from exc
    architecture = str(reader.fields[gguf.Keys.General.ARCHITECTURE].contents())
    if architecture != changes.layout.family.architecture:
        raise InputError(
            f"{file.name!r} is a model of {architecture!r} and the base one of {changes.layout.family.architecture!r}",
            hint="--over FILE.gguf of the base",
        )
    names = {str(tensor.name) for tensor in reader.tensors}
    changed = changes.by_gguf_name(names)
    if missing := sorted(set(changed) - names):
        raise InputError(f"{file.name!r} has no tensor {missing[0]!r}", hint="--over FILE.gguf of the base")
    try:
        writer = gguf.GGUFWriter(str(target), architecture)
        _copy_metadata(reader, writer, precision)
        for tensor in reader.tensors:
            kind = _kind(tensor, precision) if tensor.name in changed else None
            _announce(writer, tensor, kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor in reader.tensors:
            data = tensor.data
            if tensor.name in changed:
                old = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
                data = gguf.quants.quantize(
                    _sum(old, changes.read(changed[tensor.name]), file), _kind(tensor, precision)
                )
            writer.write_tensor_data(data)
        writer.close()
    except OSError as exc:
        raise StoreError(f"{str(target)!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc
    return len(changed)


class _Changes:
    """What merging added to each weight, in the layout of GGUF."""

    def __init__(self, model: Any, base: Path) -> None:
        self.layout = Layout(read_config(base, "config.json"))
        self._merged: Mapping[str, Any] = model.state_dict()
        self._before = TensorFiles.of_folder(base)

    def by_gguf_name(self, names: set[str]) -> dict[str, str]:
        """Changed weights: name in GGUF to name in Transformers.

        Args:
            names: tensors of the file, in which one for both ends of a tied model is enough.

        Raises:
            InputError: one has no counterpart, or its shape changed.
        """
        found = {}
        for name in self._merged:
            if not self._difference(name).any():
                continue
            module, _, end = name.rpartition(".")
            if (gguf_name := self.layout.name(module)) is None:
                raise InputError(
                    f"the weight {name!r} has no counterpart in llama.cpp", hint="swf adapters export NAME --to merged"
                )
            tied = name == _HEAD and name not in self._before
            if not tied or f"{gguf_name}.{end}" in names:
                found[f"{gguf_name}.{end}"] = name
        return found

    def read(self, name: str) -> NDArray[np.float32]:
        """What was added to a weight."""
        return self.layout.arrange(name.rpartition(".")[0], self._difference(name))

    def _difference(self, name: str) -> NDArray[np.float32]:
        before = _EMBEDDING if name == _HEAD and name not in self._before else name
        if before not in self._before:
            raise InputError(f"the base has no weight {name!r}", hint="swf adapters show NAME")
        after: NDArray[np.float32] = self._merged[name].float().numpy()
        if after.shape != self._before.shape(before):
            raise InputError(
                f"the adapter changes the shape of {name!r}: no GGUF form", hint="swf adapters export NAME --to merged"
            )
        return after - self._before.read(before)


def _sum(old: NDArray[np.float32], added: NDArray[np.float32], file: Path) -> NDArray[np.float32]:
    if old.shape != added.shape:
        raise InputError(
            f"{file.name!r} has a tensor of shape {old.shape} where the base has {added.shape}",
            hint="--over FILE.gguf of the base",
        )
    return old + added


def _kind(tensor: Any, precision: Precision) -> Any:
    """What a new tensor is written as: vectors keep float32, rows that do not fill blocks float16."""
    import gguf

    kinds = gguf.GGMLQuantizationType
    if tensor.data.ndim == 1:
        return kinds.F32
    return kinds.Q8_0 if precision == "q8_0" and int(tensor.shape[0]) % 32 == 0 else kinds.F16


def _announce(writer: Any, tensor: Any, kind: Any | None) -> None:
    """Tell the writer of a tensor whose data come later."""
    import gguf
    import numpy as np

    if kind is None:
        writer.add_tensor_info(
            tensor.name, tensor.data.shape, tensor.data.dtype, tensor.data.nbytes, tensor.tensor_type
        )
        return
    shape = tuple(int(length) for length in reversed(tensor.shape))
    plain = {gguf.GGMLQuantizationType.F32: np.float32, gguf.GGMLQuantizationType.F16: np.float16}
    if kind not in plain:
        shape = gguf.quants.quant_shape_to_byte_shape(shape, kind)
    dtype = np.dtype(plain.get(kind, np.uint8))
    writer.add_tensor_info(tensor.name, shape, dtype, int(np.prod(shape)) * dtype.itemsize, kind)


def _copy_metadata(reader: Any, writer: Any, precision: Precision) -> None:
    import gguf

    kinds = gguf.LlamaFileType
    for field in reader.fields.values():
        if field.name == gguf.Keys.General.ARCHITECTURE or field.name.startswith("GGUF."):
            continue  # the writer writes these itself
        value, kind = field.contents(), field.types[0]
        if field.name == gguf.Keys.General.FILE_TYPE:
            value = int(kinds.MOSTLY_Q8_0 if precision == "q8_0" else kinds.MOSTLY_F16)
        writer.add_key_value(
            field.name, value, kind, sub_type=field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        )
