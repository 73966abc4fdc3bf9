"""Tensors of safetensors files as numpy arrays of float32, bfloat16 included, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.errors import InputError, MissingExtraError
from swfactory.models.headers import TensorPlace, safetensors_header

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["TensorFiles"]

_FLOATS = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "BF16": "<u2"}


class TensorFiles:
    """The tensors of a folder's safetensors files, by name; read when asked for.

    Args:
        files: safetensors files whose tensors have distinct names.

    Raises:
        InputError: a file is missing or is no safetensors file.
    """

    def __init__(self, files: Mapping[str, Path] | tuple[Path, ...]) -> None:
        paths = tuple(files.values()) if isinstance(files, Mapping) else files
        self._places: dict[str, tuple[Path, TensorPlace]] = {}
        for path in paths:
            self._places |= {name: (path, place) for name, place in safetensors_header(path).items()}

    @classmethod
    def of_folder(cls, folder: Path) -> TensorFiles:
        """Open every safetensors file of a folder.

        Raises:
            InputError: it holds none.
        """
        files = tuple(sorted(folder.glob("*.safetensors")))
        if not files:
            raise InputError(f"there are no safetensors files in {str(folder)!r}", hint="save the weights again")
        return cls(files)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def names(self) -> list[str]:
        """Names of the tensors, sorted."""
        return sorted(self._places)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor."""
        return self._places[name][1].shape

    def read(self, name: str) -> NDArray[np.float32]:
        """Return a tensor as float32.

        Raises:
            InputError: its numbers are no floats.
            MissingExtraError: numpy is not installed.
        """
        try:
            import numpy as np
        except ModuleNotFoundError as exc:
            raise MissingExtraError("reading weights", extra="train") from exc
        path, place = self._places[name]
        if place.dtype not in _FLOATS:
            raise InputError(f"{path.name}: {name!r} has numbers of type {place.dtype}", hint="save it as float32")
        raw = np.memmap(path, dtype=_FLOATS[place.dtype], mode="r", offset=place.start, shape=place.shape)
        if place.dtype == "BF16":  # the upper half of a float32
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return np.asarray(raw, dtype=np.float32)
