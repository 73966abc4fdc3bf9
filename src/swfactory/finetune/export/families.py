"""Families of models that llama.cpp knows: what they are called there, and how their rows are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Family", "Layout", "family_of"]


class Family(Value):
    """A family of models.

    Args:
        model_type: as Transformers calls it.
        architecture: as GGUF calls it.
        interleaved: whether llama.cpp turns neighbouring rows of q and k by the same angle. Transformers turns row i
            and row i + half of a head, so the rows change places (llama.cpp's converter does the same).
        shifted: whether norms are stored as their distance from 1 in Transformers, and whole in GGUF.
    """

    model_type: str
    architecture: str
    interleaved: bool = False
    shifted: bool = False


_FAMILIES = {
    family.model_type: family
    for family in (
        Family(model_type="gemma", architecture="gemma", shifted=True),
        Family(model_type="gemma2", architecture="gemma2", shifted=True),
        Family(model_type="gemma3_text", architecture="gemma3", shifted=True),
        Family(model_type="granite", architecture="granite", interleaved=True),
        Family(model_type="llama", architecture="llama", interleaved=True),
        Family(model_type="mistral", architecture="llama", interleaved=True),
        Family(model_type="olmo2", architecture="olmo2"),
        Family(model_type="phi3", architecture="phi3"),
        Family(model_type="qwen2", architecture="qwen2"),
        Family(model_type="qwen3", architecture="qwen3"),
        Family(model_type="smollm3", architecture="smollm3", interleaved=True),
        Family(model_type="starcoder2", architecture="starcoder2"),
    )
}


def family_of(model_type: str) -> Family:
    """Return the family of a model type.

    Raises:
        InputError: llama.cpp's form of it is not known here.
    """
    if model_type not in _FAMILIES:
        known = ", ".join(sorted(_FAMILIES))
        raise InputError(
            f"no llama.cpp form is known for models of type {model_type!r} (known: {known})",
            hint="swf adapters export NAME --to merged  works for every family",
        )
    return _FAMILIES[model_type]


class Layout:
    """How the tensors of one model are called and laid out in GGUF.

    Args:
        config: the model's ``config.json``.

    Raises:
        InputError: the family or a number of the configuration is missing.
        MissingExtraError: gguf is not installed.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        try:
            import gguf
        except ModuleNotFoundError as exc:
            raise MissingExtraError("writing GGUF files", extra="train") from exc
        self.family = family_of(str(config.get("model_type", "")))
        architecture = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}[self.family.architecture]
        try:
            layers = int(config["num_hidden_layers"])
            self._heads = int(config["num_attention_heads"])
            self._pairs = int(config.get("num_key_value_heads") or self._heads)
        except (KeyError, TypeError, ValueError) as exc:
            raise InputError(f"the base's config.json has no usable {exc}", hint="save the base again") from exc
        self._names = gguf.get_tensor_name_map(architecture, layers)

    def name(self, module: str) -> str | None:
        """Return the GGUF name of a module, without ``.weight``; None when it has none.

        Args:
            module: as Transformers calls it, e.g. ``model.layers.0.self_attn.q_proj``.
        """
        name = self._names.get_name(module)
        return str(name) if name is not None else None

    def arrange(self, module: str, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows of a module's output in the order of llama.cpp.

        Args:
            module: as Transformers calls it.
            rows: output x anything.
        """
        if not self.family.interleaved:
            return rows
        heads = {"q_proj": self._heads, "k_proj": self._pairs}.get(module.rpartition(".")[2])
        if heads is None:
            return rows
        halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
        return halves.swapaxes(1, 2).reshape(rows.shape)

    def shift(self, module: str) -> float:
        """What must be added to a module's weights besides.

        Args:
            module: as Transformers calls it.
        """
        return 1.0 if self.family.shifted and module.endswith("norm") else 0.0
