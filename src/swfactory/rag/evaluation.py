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

__all__ = ["MODES", "Answered", "Score", "evaluate", "scores"]

MODES: tuple[Mode, ...] = ("dense", "words", "hybrid")
_DEPTH = 10
_ALL = "all"
"""What the questions of all sets together are called."""


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


@dataclass(frozen=True)
class Answered:
    """A question of a set, and what was found for it.

    Args:
        name: of the set.
        mode: what ranked.
        ranking: what was found, best first.
        gold: what should be found.
        ms: time of the search, milliseconds, embedding the question included.
    """

    name: str
    mode: Mode
    ranking: tuple[str, ...]
    gold: str
    ms: float


def evaluate(
    collection: Collection, given: EvalSet, modes: Sequence[Mode] = MODES, progress: Callable[[int, int], None] = print
) -> list[Answered]:
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
    answered = []
    for mode in modes:
        collection.embedder.query("warm")
        for question, gold in given.questions:
            start = time.perf_counter()
            hits = search(collection, question, limit=_DEPTH * 3, mode=mode)
            ms = (time.perf_counter() - start) * 1_000
            ranking = tuple(dict.fromkeys(owner[hit.id] for hit in hits))[:_DEPTH]
            answered.append(Answered(given.name, mode, ranking, gold, ms))
    return answered


def scores(answered: Sequence[Answered]) -> list[Score]:
    """Return how each way of ranking did on each set, and on the questions of all sets when there are several."""
    names = [*dict.fromkeys(answer.name for answer in answered)]
    modes = [*dict.fromkeys(answer.mode for answer in answered)]
    sets = {name: [answer for answer in answered if answer.name == name] for name in names}
    if len(names) > 1:
        sets[_ALL] = [*answered]
    return [
        _score(name, mode, [a for a in answers if a.mode == mode]) for name, answers in sets.items() for mode in modes
    ]


def _score(name: str, mode: Mode, answers: Sequence[Answered]) -> Score:
    times = [answer.ms for answer in answers]
    return Score(
        name=name,
        mode=mode,
        questions=len(answers),
        recall_1=fmean(recall(answer.ranking, {answer.gold}, 1) for answer in answers),
        recall_5=fmean(recall(answer.ranking, {answer.gold}, 5) for answer in answers),
        recall_10=fmean(recall(answer.ranking, {answer.gold}, 10) for answer in answers),
        mrr=fmean(reciprocal_rank(answer.ranking, {answer.gold}) for answer in answers),
        ndcg_10=fmean(ndcg(answer.ranking, {answer.gold}) for answer in answers),
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
    )


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
