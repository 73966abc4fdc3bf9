"""The collections of a user as one ``Retriever`` of the factory, and as a LangChain retriever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from swfactory.ports import Passage
from swfactory.rag.fusion import fuse
from swfactory.rag.packing import pack
from swfactory.rag.retrieval import Hit, Mode, Reranker, search
from swfactory.rag.store import Collection

__all__ = ["CollectionRetriever", "StoreRetriever", "find"]

_CANDIDATES = 20


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
    """The port ``Retriever`` over collections.

    Args:
        collections: where to look.
        rerank: orders the best candidates anew.
    """

    def __init__(self, collections: Sequence[Collection], rerank: Reranker | None = None) -> None:
        self._collections = collections
        self._rerank = rerank

    async def retrieve(self, query: str, *, max_tokens: int = 600) -> Sequence[Passage]:
        """Return the best passages for a query, packed to ``max_tokens`` tokens."""
        hits = await asyncio.to_thread(find, self._collections, query, rerank=self._rerank)
        return [
            Passage(
                text=text,
                source=chunk.citation,
                score=score,
                metadata={"symbol": chunk.symbol, "kind": chunk.kind, "language": chunk.language},
            )
            for chunk, text, score in pack(hits, max_tokens)
        ]


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
