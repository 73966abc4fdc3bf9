"""Measuring retrieval: how much of what should be found is found, by vectors, by words and by both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from swfactory.rag.catalog import FileRecord
from swfactory.rag.chunk import Chunk
from swfactory.rag.evalsets import EvalSet
from swfactory.rag.metrics import ndcg, percentile, recall, reciprocal_rank
from swfactory.rag.retrieval import Mode, search
from swfactory.rag.store import Collection, identity_of

__all__ = ["MODES", "Score", "evaluate"]

MODES: tuple[Mode, ...] = ("dense", "words", "hybrid")
_DEPTH = 10


@dataclass(frozen=True)
class Score:
    """How one way of ranking did on a set.

    Args:
        name: of the set.
        mode: what ranked.
        questions: number of them.
        recall_1: share whose answer came first.
        recall_5: share whose answer was among the first five.
        recall_10: share whose answer was among the first ten.
        mrr: mean reciprocal rank.
        ndcg_10: normalised discounted cumulative gain of the first ten.
        p50_ms: median time of a search, milliseconds, embedding the question included.
        p95_ms: its 95th percentile.
    """

    name: str
    mode: Mode
    questions: int
    recall_1: float
    recall_5: float
    recall_10: float
    mrr: float
    ndcg_10: float
    p50_ms: float
    p95_ms: float


def evaluate(
    collection: Collection, given: EvalSet, modes: Sequence[Mode] = MODES, progress: Callable[[int, int], None] = print
) -> list[Score]:
    """Put a set's corpus into an empty collection, and ask its questions in each way.

    Args:
        collection: where the corpus goes; one that holds it already is taken as it is.
        given: the set.
        modes: the ways of ranking.
        progress: called with the chunks that are embedded, and those there are.
    """
    chunks = [chunk for parts in given.corpus.values() for chunk in parts]
    owner = {identity_of(chunk): name for name, parts in given.corpus.items() for chunk in parts}
    _fill(collection, given.name, chunks, progress)
    scores = []
    for mode in modes:
        collection.embedder.query("warm")
        times: list[float] = []
        rankings: list[tuple[list[str], set[str]]] = []
        for question, gold in given.questions:
            start = time.perf_counter()
            hits = search(collection, question, limit=_DEPTH * 3, mode=mode)
            times.append((time.perf_counter() - start) * 1_000)
            rankings.append((list(dict.fromkeys(owner[hit.id] for hit in hits))[:_DEPTH], {gold}))
        scores.append(
            Score(
                name=given.name,
                mode=mode,
                questions=len(rankings),
                recall_1=fmean(recall(ranking, gold, 1) for ranking, gold in rankings),
                recall_5=fmean(recall(ranking, gold, 5) for ranking, gold in rankings),
                recall_10=fmean(recall(ranking, gold, 10) for ranking, gold in rankings),
                mrr=fmean(reciprocal_rank(ranking, gold) for ranking, gold in rankings),
                ndcg_10=fmean(ndcg(ranking, gold) for ranking, gold in rankings),
                p50_ms=percentile(times, 0.5),
                p95_ms=percentile(times, 0.95),
            )
        )
    return scores


def _fill(collection: Collection, name: str, chunks: Sequence[Chunk], progress: Callable[[int, int], None]) -> None:
    if collection.catalog.ids() == {identity_of(chunk) for chunk in chunks}:
        return
    with collection.writing():
        collection.catalog.add_source(f"eval:{name}", name, "")
        by_path: dict[str, list[Chunk]] = {}
        for chunk in chunks:
            by_path.setdefault(chunk.path, []).append(chunk)
        done = 0
        for path, parts in by_path.items():
            keyed, _ = collection.put(parts)
            collection.catalog.put(f"eval:{name}", FileRecord(path, 0, 0, ""), keyed)
            done += len(parts)
            progress(done, len(chunks))
