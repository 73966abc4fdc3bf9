"""Measuring retrieval: questions whose answer is known, over what every Python has.

The sets lie in ``rag/eval/``: only questions and the names of what should be found are kept there; the corpus is the
standard library of the Python that runs, so that nothing of anybody's is copied. A name that this Python does not have
is left out, and counted.
"""

from __future__ import annotations

import ast
import json
import random
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any

from swfactory.errors import NotFoundError
from swfactory.rag.catalog import FileRecord
from swfactory.rag.chunk import Chunk
from swfactory.rag.code import code_chunks
from swfactory.rag.metrics import ndcg, percentile, recall, reciprocal_rank
from swfactory.rag.prose import text_chunks
from swfactory.rag.retrieval import Mode, search
from swfactory.rag.store import Collection, identity_of

__all__ = ["MODES", "EvalSet", "Score", "evaluate", "load_sets"]

MODES: tuple[Mode, ...] = ("dense", "words", "hybrid")
_FUNCTIONS = 300
"""Functions among which those that are asked for are hidden."""
_DOCSTRINGS = 200
_DOCSTRING_CHARS = 25
_FUNCTION_CHARS = 90
_DEPTH = 10
_SEED = 1


@dataclass(frozen=True)
class EvalSet:
    """Questions over a corpus.

    Args:
        name: of the set.
        corpus: chunks by the name of what they are a part of.
        questions: each with the name of what should be found.
        missing: questions that were left out because this Python lacks their answer.
    """

    name: str
    corpus: dict[str, list[Chunk]]
    questions: list[tuple[str, str]]
    missing: int = 0


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


def load_sets(names: Sequence[str] = ()) -> list[EvalSet]:
    """Build the sets: docstrings, English and Chinese questions for functions, topics of the language, Chinese prose.

    Args:
        names: the sets that are wanted; empty for all.

    Raises:
        NotFoundError: there is no such set.
    """
    makers: dict[str, Callable[[], EvalSet]] = {
        "docstrings": _docstrings,
        "english": lambda: _functions("english", "en"),
        "chinese": lambda: _functions("chinese", "zh"),
        "topics": _topics,
        "chinese-prose": _chinese_prose,
    }
    for name in names:
        if name not in makers:
            raise NotFoundError(f"there is no evaluation set {name!r}", hint=f"choose of {', '.join(makers)}")
    return [make() for name, make in makers.items() if not names or name in names]


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


def _data(name: str) -> list[dict[str, Any]]:
    packaged = files("swfactory.rag").joinpath("eval", name)
    text = packaged.read_text("utf-8") if packaged.is_file() else (_CHECKOUT / name).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


_CHECKOUT = Path(__file__).parents[3] / "rag" / "eval"


def _functions(name: str, language: str) -> EvalSet:
    """Questions for functions, which are hidden among others."""
    everything = _library(with_docstrings=True)
    asked = _data("functions.jsonl")
    known = [row for row in asked if row["gold"] in everything]
    golds = [row["gold"] for row in known]
    others = sorted(everything.keys() - set(golds))
    random.Random(_SEED).shuffle(others)  # noqa: S311 - a sample that is the same each time
    corpus = {key: everything[key] for key in [*golds, *others[: _FUNCTIONS - len(golds)]]}
    return EvalSet(name, corpus, [(row[language], row["gold"]) for row in known], len(asked) - len(known))


def _docstrings() -> EvalSet:
    """First paragraphs of docstrings, for functions that have lost theirs."""
    documented = _library(with_docstrings=True)
    bare = _library(with_docstrings=False)
    corpus = {name: bare[name] for name in documented if name in bare}
    asked: dict[str, list[str]] = {}
    for name in corpus:
        doc = documented[name][0].doc
        if len(doc.partition("\n")[0]) > _DOCSTRING_CHARS:
            asked.setdefault(" ".join(doc.partition("\n\n")[0].split()), []).append(name)
    questions = [
        (question, names[0])
        for question, names in sorted(asked.items())
        # What several functions say of themselves asks for none of them; what is all their text was not taken away.
        if len(names) == 1 and not any(question in " ".join(chunk.text.split()) for chunk in corpus[names[0]])
    ]
    random.Random(_SEED).shuffle(questions)  # noqa: S311 - a sample that is the same each time
    return EvalSet("docstrings", corpus, questions[:_DOCSTRINGS])


def _topics() -> EvalSet:
    """Questions on the language, over the topics of Python's own help."""
    from pydoc_data.topics import topics  # type: ignore[import-not-found, unused-ignore]

    asked = _data("topics.jsonl")
    known = [row for row in asked if row["gold"] in topics]
    corpus = {name: text_chunks(text, f"topics/{name}.txt") for name, text in topics.items()}
    return EvalSet("topics", corpus, [(row["en"], row["gold"]) for row in known], len(asked) - len(known))


def _chinese_prose() -> EvalSet:
    """Chinese questions over Chinese sentences of a team's handbook."""
    rows = _data("chinese.jsonl")
    names = [f"{number:03}" for number in range(len(rows))]
    corpus = {name: text_chunks(row["passage"], f"{name}.md") for name, row in zip(names, rows, strict=True)}
    return EvalSet(
        "chinese-prose", corpus, [(row["zh"], name) for name, row in zip(names, rows, strict=True) if "zh" in row]
    )


def _library(*, with_docstrings: bool) -> dict[str, list[Chunk]]:
    """Public functions of the standard library by their dotted names; those of a line or two are left out."""
    found: dict[str, list[Chunk]] = {}
    root = Path(sysconfig.get_path("stdlib"))
    for module in _modules():
        path = root / f"{module}.py"
        if not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")
        dotted = module.removesuffix("/__init__").replace("/", ".")
        for chunk in code_chunks(text if with_docstrings else _undocumented(text), f"{module}.py", "python"):
            public = not chunk.symbol.rpartition(".")[2].startswith("_")
            if chunk.kind == "function" and public and (not with_docstrings or len(chunk.text) >= _FUNCTION_CHARS):
                found.setdefault(f"{dotted}.{chunk.symbol}", []).append(chunk)
    return found


def _modules() -> Iterator[str]:
    for row in _data("modules.jsonl"):
        yield row["module"]


def _undocumented(text: str) -> str:
    """Source code without its docstrings."""
    drop: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        documented = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node)
        if documented and len(node.body) > 1:  # type: ignore[attr-defined]
            first = node.body[0]  # type: ignore[attr-defined]
            drop.update(range(first.lineno - 1, first.end_lineno))
    return "".join(line for number, line in enumerate(text.splitlines(keepends=True)) if number not in drop)
