"""Texts into vectors, behind embedding URLs.

e5                                   multilingual-e5-small in 4 bits, which its wheel brings
minilm                               all-MiniLM-L6-v2, which swf models pull fetches: English and code
e5+minilm                            both, side by side
st:google/embeddinggemma-300m        any sentence-transformers model, by its name on the hub or a folder
openai:http://host:8000/v1#name      an OpenAI-compatible server
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from swfactory.domain.query_vector import QueryVector
from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable
from swfactory.quiet import quiet_transformers
from swfactory.rag.nearness import nearness

__all__ = ["Embedder", "best_embedding", "create_embedder"]

_SERVER_BATCH = 64
_VOICES = 2
"""Of a model that somebody chose: it is larger than those that come along; measured, see benchmarks/RESULTS.md."""


@runtime_checkable
class Embedder(Protocol):
    """Maps texts to vectors of length 1 whose dot product says how near they are in meaning."""

    @property
    def url(self) -> str:
        """The embedding URL; a store keeps it, and refuses vectors of another."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def near(self) -> float:
        """The cosine from which a passage speaks of the same matter as a query; models differ in it."""
        ...

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        ...

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for; some models tell the two apart."""
        ...


def best_embedding(folder: Path) -> str:
    """Return the URL of the best embedding that can be had without a download.

    Args:
        folder: of the model files.
    """
    from swfactory.rag.minilm import MiniLMEmbedder

    return "e5+minilm" if MiniLMEmbedder.is_in(folder) else "e5"


def create_embedder(url: str, folder: Path) -> Embedder:
    """Make the embedder of an embedding URL; a process has one for each.

    Args:
        url: see above.
        folder: of the model files.

    Raises:
        ConfigError: the URL cannot be used.
        MissingExtraError: its library is not installed.
        ModelUnavailable: the model cannot be loaded.
    """
    return _embedder(url, folder)


@lru_cache(maxsize=4)
def _embedder(url: str, folder: Path) -> Embedder:
    from swfactory.rag.e5 import E5Embedder
    from swfactory.rag.minilm import MiniLMEmbedder
    from swfactory.rag.pair import PairEmbedder

    scheme, _, rest = url.partition(":")
    if url == "e5":
        return E5Embedder()
    if url == "minilm":
        return MiniLMEmbedder(folder)
    if url == "e5+minilm":
        return PairEmbedder(E5Embedder(), MiniLMEmbedder(folder))
    if scheme == "st" and rest:
        return SentenceTransformerEmbedder(rest)
    if scheme == "openai" and "#" in rest:
        address, _, name = rest.partition("#")
        return ServerEmbedder(address, name)
    raise ConfigError(
        f"{url!r} is no embedding URL",
        hint="use auto, e5, e5+minilm, st:MODEL or openai:http://HOST:PORT/v1#NAME",
    )


class SentenceTransformerEmbedder:
    """A sentence-transformers model.

    Args:
        name: its name on the hub, or a folder.
    """

    def __init__(self, name: str) -> None:
        try:
            quiet_transformers()
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise MissingExtraError(f"the embedding model {name!r}", extra="sentence-transformers") from exc
        try:
            self._model: Any = SentenceTransformer(name)
        except (OSError, ValueError) as exc:
            raise ModelUnavailable(
                f"the embedding model {name!r} cannot be loaded: {exc}",
                hint="check the name, or give the folder of a model on this machine",
            ) from exc
        self.url = f"st:{name}"
        self._prompts = set(self._model.prompts or {})
        self.dimension = len(self._encode(["dimension"], ())[0])

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        return self._encode(list(texts), ("document", "passage"))

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for, with the model's prompt for queries if it has one."""
        return QueryVector(self._encode([text], ("query",))[0], voices=_VOICES)

    @cached_property
    def near(self) -> float:
        """The cosine from which a passage speaks of the same matter as a query."""
        return nearness(self.query, self.passages)

    def _encode(self, texts: list[str], prompts: Sequence[str]) -> list[list[float]]:
        prompt = next((name for name in prompts if name in self._prompts), None)
        vectors = self._model.encode(texts, normalize_embeddings=True, prompt_name=prompt, show_progress_bar=False)
        encoded: list[list[float]] = vectors.tolist()
        return encoded


class ServerEmbedder:
    """An OpenAI-compatible ``/embeddings`` endpoint. ``SWF_EMBEDDING_KEY`` is its key, if it needs one.

    Args:
        address: base address of the API, e.g. ``http://host:8000/v1``.
        name: the model's name there.
    """

    def __init__(self, address: str, name: str) -> None:
        import httpx

        self.url = f"openai:{address}#{name}"
        self._name = name
        key = os.environ.get("SWF_EMBEDDING_KEY", "")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=address.rstrip("/"), headers=headers, timeout=120)
        self.dimension = len(self._embed(["dimension"])[0])

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        return [
            vector
            for start in range(0, len(texts), _SERVER_BATCH)
            for vector in self._embed(texts[start : start + _SERVER_BATCH])
        ]

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for."""
        return QueryVector(self._embed([text])[0], voices=_VOICES)

    @cached_property
    def near(self) -> float:
        """The cosine from which a passage speaks of the same matter as a query."""
        return nearness(self.query, self.passages)

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        import httpx

        try:
            reply = self._client.post("/embeddings", json={"model": self._name, "input": list(texts)})
            reply.raise_for_status()
            rows = sorted(reply.json()["data"], key=lambda row: row["index"])
            vectors = [[float(number) for number in row["embedding"]] for row in rows]
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as exc:
            raise ModelUnavailable(
                f"no vectors from {self.url!r}: {exc}", hint="check the address, the model's name and SWF_EMBEDDING_KEY"
            ) from exc
        if len(vectors) != len(texts):
            raise ModelUnavailable(f"{self.url!r} gave {len(vectors)} vectors for {len(texts)} texts")
        return [_unit(vector) for vector in vectors]


def _unit(vector: list[float]) -> list[float]:
    length = sum(number * number for number in vector) ** 0.5 or 1.0
    return [number / length for number in vector]
