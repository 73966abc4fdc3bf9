"""A copy of a GGUF file with some of its weights new: metadata, tokenizer and template stay what they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from swfactory.errors import InputError, MissingExtraError, StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ModelFile", "Precision", "Renewal"]

Precision = Literal["f16", "q8_0"]
"""What new matrices are written as; gguf has no K-quants."""

Renewal = Callable[["NDArray[np.float32]"], "NDArray[np.float32]"]
"""From a weight of the file to the one that takes its place."""


class ModelFile:
    """A GGUF file that is read.

    Args:
        path: the file.
        architecture: what it must be of.

    Raises:
        InputError: it is no GGUF file, or one of another architecture.
        MissingExtraError: gguf is not installed.
    """

    def __init__(self, path: Path, architecture: str) -> None:
        try:
            import gguf
        except ModuleNotFoundError as exc:
            raise MissingExtraError("writing GGUF files", extra="train") from exc
        self.path = path
        try:
            self._reader = gguf.GGUFReader(path)
            found = str(self._reader.fields[gguf.Keys.General.ARCHITECTURE].contents())
        except (OSError, ValueError, KeyError) as exc:
            raise InputError(f"{str(path)!r} is no GGUF file: {exc}", hint="swf models verify") from exc
        if found != architecture:
            raise InputError(
                f"{path.name!r} is a model of {found!r} and the base one of {architecture!r}",
                hint="--over FILE.gguf of the base",
            )
        self._architecture = architecture
        self.names = frozenset(str(tensor.name) for tensor in self._reader.tensors)

    def copy(self, target: Path, renewals: Mapping[str, Renewal], precision: Precision) -> None:
        """Write a copy with new weights; the others are copied as they are, quantised or not.

        Args:
            target: file to write.
            renewals: what takes the place of a weight, by its name.
            precision: of the new matrices.

        Raises:
            InputError: the file lacks a weight, or a new one has another shape.
            StoreError: the copy cannot be written.
        """
        import gguf

        if missing := sorted(set(renewals) - self.names):
            raise InputError(f"{self.path.name!r} has no tensor {missing[0]!r}", hint="--over FILE.gguf of the base")
        try:
            with closing(gguf.GGUFWriter(str(target), self._architecture)) as writer:
                self._copy_metadata(writer, precision)
                for tensor in self._reader.tensors:
                    _announce(writer, tensor, _kind(tensor, precision) if tensor.name in renewals else None)
                writer.write_header_to_file()
                writer.write_kv_data_to_file()
                writer.write_ti_data_to_file()
                for tensor in self._reader.tensors:
                    renew = renewals.get(tensor.name)
                    writer.write_tensor_data(self._renewed(tensor, renew, precision) if renew else tensor.data)
        except OSError as exc:
            raise StoreError(f"{str(target)!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc

    def _renewed(self, tensor: Any, renew: Renewal, precision: Precision) -> Any:
        import gguf

        old = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        new = renew(old)
        if new.shape != old.shape:
            raise InputError(
                f"{self.path.name!r} has {tensor.name!r} of shape {old.shape}, and the base of {new.shape}",
                hint="--over FILE.gguf of the base",
            )
        return gguf.quants.quantize(new, _kind(tensor, precision))

    def _copy_metadata(self, writer: Any, precision: Precision) -> None:
        import gguf

        kinds = gguf.LlamaFileType
        for field in self._reader.fields.values():
            if field.name == gguf.Keys.General.ARCHITECTURE or field.name.startswith("GGUF."):
                continue  # the writer writes these itself
            value, kind = field.contents(), field.types[0]
            if field.name == gguf.Keys.General.FILE_TYPE:
                value = int(kinds.MOSTLY_Q8_0 if precision == "q8_0" else kinds.MOSTLY_F16)
            of = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, value, kind, sub_type=of)


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
        data = tensor.data
        writer.add_tensor_info(tensor.name, data.shape, data.dtype, data.nbytes, tensor.tensor_type)
        return
    shape = tuple(int(length) for length in reversed(tensor.shape))
    plain = {gguf.GGMLQuantizationType.F32: np.float32, gguf.GGMLQuantizationType.F16: np.float16}
    if kind not in plain:
        shape = gguf.quants.quant_shape_to_byte_shape(shape, kind)
    dtype = np.dtype(plain.get(kind, np.uint8))
    writer.add_tensor_info(tensor.name, shape, dtype, int(np.prod(shape)) * dtype.itemsize, kind)
