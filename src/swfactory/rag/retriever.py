"""The collections of a user as one ``Retriever`` of the factory, and as a LangChain retriever."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from swfactory.domain.references import Passage
from swfactory.ports import Retriever
from swfactory.rag.chunk import Chunk
from swfactory.rag.fusion import fuse
from swfactory.rag.interface import brief, interface, is_private
from swfactory.rag.libraries import Shelf
from swfactory.rag.neighbours import with_neighbours
from swfactory.rag.packing import pack, passage_tokens, spread
from swfactory.rag.retrieval import Hit, Mode, Reranker, search
from swfactory.rag.store import Collection

__all__ = ["CollectionRetriever", "ExperienceRetriever", "JoinedRetriever", "StoreRetriever", "find"]

_CANDIDATES = 20
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|[。！？；\n]+")
_SENTENCE_CHARS = 12
_SENTENCES = 12
_WHOLE_WEIGHT = 3.0
_PASSAGES = 8
"""Of a look-up: of 36 functions of a library, those that a program needs are nearly always among the best eight."""
_PROSE = 0.35
"""Share of a look-up for documents, where there are definitions too."""


def find(
    collections: Sequence[Collection],
    query: str,
    *,
    limit: int = _CANDIDATES,
    mode: Mode = "hybrid",
    rerank: Reranker | None = None,
) -> list[Hit]:
    """Search several collections, and fuse what they find by rank.

    Args:
        collections: where to look.
        query: a question, code, a name or an error message.
        limit: hits at most.
        mode: what ranks.
        rerank: orders the best candidates anew.
    """
    if len(collections) == 1:
        return search(collections[0], query, limit=limit, mode=mode, rerank=rerank)
    found = [search(collection, query, limit=limit, mode=mode, rerank=rerank) for collection in collections]
    hits = {hit.id: hit for answer in found for hit in answer}
    ranked = fuse([([hit.id for hit in answer], 1.0) for answer in found])
    return [Hit(hits[key].id, hits[key].chunk, score, hits[key].similarity) for key, score in ranked[:limit]]


class StoreRetriever:
    """The port ``Retriever`` over collections: what their definitions offer, and what their documents say.

    Args:
        collections: where to look.
        rerank: orders the best candidates anew.
        near: find nothing unless a chunk is this near to the query, a cosine, or the query names one of the libraries;
            0 to find the best there is.
        whole: show the text of the best chunks, as somebody wants it who asks about them, instead of what a caller of
            many needs.
    """

    def __init__(
        self,
        collections: Sequence[Collection],
        rerank: Reranker | None = None,
        *,
        near: float = 0.0,
        whole: bool = False,
    ) -> None:
        self._collections = collections
        self._rerank = rerank
        self._near = near
        self._whole = whole

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the best passages for a query, packed to ``max_tokens`` tokens.

        A long query is looked for sentence by sentence as well: a vector of many sentences is near to none of them.
        """
        return await asyncio.to_thread(self._retrieve, query, max_tokens)

    def _retrieve(self, query: str, max_tokens: int) -> list[Passage]:
        best, origins = self._best(query)
        shelves = {collection.name: Shelf(collection.catalog.sources()) for collection in self._collections}
        nearest = max((hit.similarity for hit in best), default=0.0)
        if self._near and nearest < self._near and not any(shelf.named(query) for shelf in shelves.values()):
            return []
        if self._whole:
            packed = pack(best, max_tokens)
        else:
            best = [hit for hit in best if not is_private(hit.chunk)]
            packed = spread(best, max_tokens, interface, brief, most=_PASSAGES, prose=_PROSE)
        hits = {id(hit.chunk): hit for hit in best}
        return [
            Passage(
                text=text,
                source=chunk.citation,
                score=score,
                metadata={
                    **_facts(chunk, shelves[origins[hits[id(chunk)].id].name]),
                    "similarity": round(hits[id(chunk)].similarity, 3),
                },
            )
            for chunk, text, score in packed
        ]

    def _best(self, query: str) -> tuple[list[Hit], dict[str, Collection]]:
        """What is found for a query and its sentences, best first, and the collection that has each."""
        origins: dict[str, Collection] = {}
        rankings: list[tuple[list[str], float]] = []
        hits: dict[str, Hit] = {}
        for collection in self._collections:
            for part, weight in _parts(query):
                found = search(collection, part, limit=_CANDIDATES, rerank=self._rerank)
                found = with_neighbours(collection.catalog, found)
                rankings.append(([hit.id for hit in found], weight))
                for hit in found:
                    hits[hit.id] = max(hits.get(hit.id, hit), hit, key=lambda one: one.similarity)
                    origins[hit.id] = collection
        ranked = [(hits[key], score) for key, score in fuse(rankings)]
        return [Hit(hit.id, hit.chunk, score, hit.similarity) for hit, score in ranked], origins


class ExperienceRetriever:
    """The port ``Retriever`` over what earlier runs have left: whole functions, and only what is near.

    Args:
        collection: of the earlier runs.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the passages that speak of the same matter as a query, packed to ``max_tokens`` tokens."""
        hits = await asyncio.to_thread(search, self._collection, query, limit=_CANDIDATES)
        near = [hit for hit in hits if hit.similarity >= self._collection.embedder.near]
        return [
            Passage(
                text=text, source=chunk.citation, score=score, metadata={"symbol": chunk.symbol, "kind": chunk.kind}
            )
            for chunk, text, score in pack(near, max_tokens)
        ]


class JoinedRetriever:
    """Several retrievers as one: what the first ones leave of the budget is for the next.

    Args:
        retrievers: the one that matters most first, each with the share of the budget that it may use.
    """

    def __init__(self, retrievers: Sequence[tuple[Retriever, float]]) -> None:
        self._retrievers = retrievers

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the passages of each, in order, packed to ``max_tokens`` tokens."""
        found: list[Passage] = []
        left = max_tokens
        for retriever, share in self._retrievers:
            passages = await retriever.retrieve(query, max_tokens=min(left, int(max_tokens * share)))
            found += passages
            left -= sum(passage_tokens(passage.text) for passage in passages)
        return found


def _parts(query: str) -> Iterator[tuple[str, float]]:
    """A query and its sentences, with what each counts."""
    sentences = [part.strip() for part in _SENTENCE.split(query)]
    sentences = [part for part in sentences if len(part) >= _SENTENCE_CHARS]
    yield query, _WHOLE_WEIGHT
    if len(sentences) > 1:
        yield from ((part, 1.0) for part in sentences[:_SENTENCES])


def _facts(chunk: Chunk, shelf: Shelf) -> dict[str, str | int | float | bool]:
    """What goes with a passage: how it is imported, and where it belongs."""
    facts: dict[str, str | int | float | bool] = {
        "symbol": chunk.symbol,
        "kind": chunk.kind,
        "language": chunk.language,
    }
    module, library = shelf.module_of(chunk.path) if chunk.language == "python" else ("", "")
    if library:
        facts["library"] = library
        facts["import"] = (
            f"from {module} import {chunk.symbol.partition('.')[0]}" if chunk.signature else f"import {module}"
        )
    return facts


class CollectionRetriever(BaseRetriever):
    """Collections as a LangChain retriever.

    Args:
        collections: where to look.
        limit: documents at most.
        mode: what ranks.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    collections: Sequence[Collection]
    limit: int = 10
    mode: Mode = "hybrid"

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[Document]:
        del run_manager, kwargs
        return [
            Document(
                id=hit.id,
                page_content=hit.chunk.text,
                metadata={"source": hit.chunk.citation, "score": hit.score, **hit.chunk.model_dump(exclude={"text"})},
            )
            for hit in find(self.collections, query, limit=self.limit, mode=self.mode)
        ]
