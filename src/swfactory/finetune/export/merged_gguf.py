"""Weights of Transformers put into a base's GGUF file: what an adapter changed, or all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swfactory.errors import InputError
from swfactory.finetune.export.families import Layout
from swfactory.finetune.export.kinds import read_config
from swfactory.finetune.export.overlay import ModelFile, Precision, Renewal
from swfactory.finetune.export.tensors import TensorFiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["write_float_copy", "write_merged_gguf"]

_EMBEDDING, _HEAD = "model.embed_tokens.weight", "lm_head.weight"

_FARTHEST = 0.5
"""Most relative distance of a weight of the file from the base's: 4 bits move it by 0.1, another model by 1.4."""


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
    layout = Layout(read_config(base, "config.json"))
    source = ModelFile(file, layout.family.architecture)
    before = TensorFiles.of_folder(base)
    after: Mapping[str, Any] = model.state_dict()

    def renewed(name: str, old: NDArray[np.float32]) -> NDArray[np.float32]:
        return old + layout.arrange(_module(name), added(name))

    def added(name: str) -> NDArray[np.float32]:
        old = _EMBEDDING if name == _HEAD and name not in before else name
        if old not in before:
            raise InputError(f"the base has no weight {name!r}", hint="swf adapters show NAME")
        new: NDArray[np.float32] = after[name].float().numpy()
        if new.shape != before.shape(old):
            raise InputError(
                f"the adapter changes the shape of {name!r}: no GGUF form", hint="swf adapters export NAME --to merged"
            )
        return new - before.read(old)

    renewals: dict[str, Renewal] = {}
    for name in after:
        if not added(name).any():
            continue
        if (place := _place(layout, name)) is None:
            raise InputError(
                f"the weight {name!r} has no counterpart in llama.cpp", hint="swf adapters export NAME --to merged"
            )
        if place in source.names or name != _HEAD or _HEAD in before:  # one tensor is enough for tied ends
            renewals[place] = partial(renewed, name)
    source.copy(target, renewals, precision)
    return len(renewals)


def write_float_copy(base: Path, file: Path, target: Path) -> None:
    """Write a base's weights in float16 over a copy of its GGUF file.

    llama.cpp rounds activations to 8 bits where weights are quantised, which alone can move log-probabilities by 0.05
    and more a token in a small model. On this copy two forms of an adapter can be compared as they are.

    Args:
        base: folder of the base, unquantised.
        file: GGUF file of the same base, of any precision.
        target: file to write.

    Raises:
        InputError: the file is of another model.
        MissingExtraError: gguf is not installed.
        StoreError: the copy cannot be written.
    """
    layout = Layout(read_config(base, "config.json"))
    source = ModelFile(file, layout.family.architecture)
    weights = TensorFiles.of_folder(base)
    names = {name: name for name in weights.names()}
    if _HEAD not in names:
        names[_HEAD] = _EMBEDDING

    def copied(name: str, place: str, old: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        new = layout.arrange(_module(name), weights.read(names[name])) + layout.shift(_module(name))
        if old.shape == new.shape and old.ndim > 1:
            apart = float(np.linalg.norm(new - old) / (np.linalg.norm(new) or 1.0))
            if apart > _FARTHEST:
                raise InputError(
                    f"{file.name!r} is not the base in {str(base)!r}: {place!r} is {apart:.1f} of its length away",
                    hint="--over FILE.gguf of the base",
                )
        return new

    renewals: dict[str, Renewal] = {}
    for name in names:
        place = _place(layout, name)
        if place is not None and place in source.names:
            renewals[place] = partial(copied, name, place)
    source.copy(target, renewals, "f16")


def _module(name: str) -> str:
    return name.rpartition(".")[0]


def _place(layout: Layout, name: str) -> str | None:
    """Name in GGUF of a weight of Transformers; None when it has none."""
    place = layout.name(_module(name))
    return f"{place}.{name.rpartition('.')[2]}" if place else None
