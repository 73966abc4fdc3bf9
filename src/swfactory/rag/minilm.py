"""all-MiniLM-L6-v2 (Apache-2.0) in NumPy: at six layers of 384 numbers, a framework would cost more than it gives.

Devlin et al., BERT, NAACL 2019, the layers; Wang et al., MiniLM, NeurIPS 2020, their small copy; Reimers and Gurevych,
Sentence-BERT, EMNLP 2019, the mean of the tokens' vectors as that of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.domain.query_vector import QueryVector
from swfactory.errors import MissingExtraError, ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

__all__ = ["MiniLMEmbedder"]

_WEIGHTS = "all-MiniLM-L6-v2.safetensors"
_TOKENIZER = "all-MiniLM-L6-v2.tokenizer.json"
_LAYERS, _HEADS = 6, 12
_TOKENS = 256
"""What it was trained on; of a longer text the rest is not read."""
_EPSILON = 1e-12


class MiniLMEmbedder:
    """Embeds English and code; Chinese means little to it.

    Args:
        folder: of the model files.

    Raises:
        ModelUnavailable: they are not there, or cannot be read.
        MissingExtraError: the extra ``rag`` is not installed.
    """

    url = "minilm"
    dimension = 384
    near = 0.4
    """Taken over from the models it stands beside; not measured for it alone."""

    def __init__(self, folder: Path) -> None:
        try:
            from safetensors.numpy import load_file
            from threadpoolctl import ThreadpoolController
            from tokenizers import Tokenizer
        except ImportError as exc:
            raise MissingExtraError("the embedding model minilm", extra="rag") from exc
        if not self.is_in(folder):
            raise ModelUnavailable(
                f"the embedding model minilm is not in {str(folder)!r}",
                hint="swf models pull all-minilm-l6-v2, or SWF_EMBEDDING=e5, which needs no download",
            )
        try:
            self._weights: dict[str, Array] = load_file(folder / _WEIGHTS)
            self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        except Exception as exc:  # the tokenizers raise the bare class
            raise ModelUnavailable(
                f"the embedding model minilm in {str(folder)!r} cannot be read: {exc}",
                hint="swf models verify all-minilm-l6-v2",
            ) from exc
        # Threads of two models that wait for each other make a query twice as slow, now and then five times.
        self._threads = ThreadpoolController()
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_TOKENS)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether the model's files are in a folder."""
        return (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file()

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        with self._threads.limit(limits=1):
            return [self._embed(text) for text in texts]

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for; the model does not tell the two apart."""
        return QueryVector(self.passages([text])[0])

    def _embed(self, text: str) -> list[float]:
        import numpy as np

        tokens = self._tokenizer.encode(text).ids
        states = self._normed(
            self._weights["embeddings.word_embeddings.weight"][tokens]
            + self._weights["embeddings.position_embeddings.weight"][: len(tokens)]
            + self._weights["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        for number in range(_LAYERS):
            layer = f"encoder.layer.{number}"
            attended = self._linear(self._attend(states, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
            states = self._normed(states + attended, f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._linear(states, f"{layer}.intermediate.dense"))
            states = self._normed(states + self._linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean = states.mean(axis=0)
        vector: list[float] = (mean / np.linalg.norm(mean)).tolist()
        return vector

    def _attend(self, states: Array, name: str) -> Array:
        """Scaled dot-product attention of all heads, shape ``(tokens, numbers)``."""
        import numpy as np

        tokens, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.{part}").reshape(tokens, _HEADS, width // _HEADS).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(width // _HEADS))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Array = (weights @ value).transpose(1, 0, 2).reshape(tokens, width)
        return attended

    def _linear(self, states: Array, name: str) -> Array:
        mapped: Array = states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return mapped

    def _normed(self, states: Array, name: str) -> Array:
        mean, variance = states.mean(axis=-1, keepdims=True), states.var(axis=-1, keepdims=True)
        normed: Array = (states - mean) / (variance + _EPSILON) ** 0.5
        return normed * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(values: Array) -> Array:
    """Gaussian error linear unit; the error function by Abramowitz and Stegun 7.1.26, exact to 1.5e-7."""
    import numpy as np

    scaled = np.abs(values) * np.float32(0.5**0.5)
    part = 1 / (1 + np.float32(0.3275911) * scaled)
    series = np.zeros_like(part)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * part
    error = np.copysign(1 - series * np.exp(-scaled * scaled), values)
    activated: Array = values * (1 + error) / 2
    return activated
