"""Heads of weight files, read without their weights and without a library: GGUF and safetensors."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from swfactory.domain.value import Value
from swfactory.errors import InputError

__all__ = ["TensorPlace", "gguf_header", "safetensors_header"]

_LARGEST_HEAD = 100_000_000
"""Bytes; the limit of the safetensors format."""

_LARGEST_STRING = 16_000_000
_LARGEST_COUNT = 10_000_000
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


class TensorPlace(Value):
    """Where a tensor lies in its file.

    Args:
        dtype: as safetensors calls it, e.g. ``F32`` or ``BF16``.
        shape: dimensions.
        start: offset in the file, bytes.
        size: bytes.
    """

    dtype: str
    shape: tuple[int, ...]
    start: int
    size: int


def safetensors_header(path: Path) -> dict[str, TensorPlace]:
    """Return the tensors of a safetensors file by name.

    Raises:
        InputError: it cannot be read, or is no whole safetensors file.
    """
    try:
        whole = path.stat().st_size
        with path.open("rb") as file:
            length = struct.unpack("<Q", file.read(8))[0]
            if length > min(whole, _LARGEST_HEAD):
                raise ValueError("its head is longer than the file")
            entries = json.loads(file.read(length))
        found = {}
        for name, entry in entries.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            place = TensorPlace(dtype=entry["dtype"], shape=entry["shape"], start=8 + length + start, size=end - start)
            if place.start + place.size > whole:
                raise ValueError(f"{name!r} ends behind the end of the file")
            found[name] = place
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error, ValidationError) as exc:
        raise InputError(f"{str(path)!r} is no whole safetensors file: {exc}", hint="copy or save it again") from exc
    return found


def gguf_header(path: Path) -> dict[str, int | float | str | bool]:
    """Return the scalar metadata of a GGUF file, up to its tokenizer, which is large and always follows.

    Source: the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.

    Raises:
        InputError: it cannot be read, or is no GGUF file of version 2 or 3.
    """
    found: dict[str, int | float | str | bool] = {}
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ValueError("it does not begin with GGUF")
            version, _, count = struct.unpack("<IQQ", _exactly(file, 20))
            if version not in (2, 3):
                raise ValueError(f"version {version} is not known")
            for _ in range(count):
                key = _string(file)
                if key.startswith("tokenizer."):
                    break
                value = _value(file, *struct.unpack("<I", _exactly(file, 4)))
                if value is not None:
                    found[key] = value
    except (OSError, ValueError, struct.error) as exc:
        raise InputError(f"{str(path)!r} is no whole GGUF file: {exc}", hint="swf models verify") from exc
    return found


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise ValueError("it ends in its head")
    return data


def _string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", _exactly(file, 8))
    if length > _LARGEST_STRING:
        raise ValueError(f"a string of {length} bytes in its head")
    return _exactly(file, length).decode("utf-8", errors="replace")


def _value(file: BinaryIO, kind: int) -> int | float | str | bool | None:
    """Read a value; None for an array, which is skipped."""
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        of, count = struct.unpack("<IQ", _exactly(file, 12))
        if count > _LARGEST_COUNT:
            raise ValueError(f"an array of {count} values in its head")
        for _ in range(count):
            _value(file, of)
        return None
    if kind not in _SCALARS:
        raise ValueError(f"a value of the unknown type {kind}")
    form = "<" + _SCALARS[kind]
    value: int | float | bool = struct.unpack(form, _exactly(file, struct.calcsize(form)))[0]
    return value
