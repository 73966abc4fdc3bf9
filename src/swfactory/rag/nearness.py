"""From which cosine on two texts speak of the same matter: every embedding model has a scale of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from statistics import fmean

from swfactory.domain.query_vector import QueryVector

__all__ = ["nearness"]

_SHARE = 0.8
"""Of the way from texts that have nothing to do with each other to those that belong together. Both models whose
cosine was measured on requirements and functions (0.4) are at 0.83 and 0.92 of it."""


def nearness(
    query: Callable[[str], QueryVector], passages: Callable[[Sequence[str]], Sequence[Sequence[float]]]
) -> float:
    """Return the cosine from which a passage speaks of the same matter as a query.

    It is read off ten questions in English and Chinese, each with a passage that answers it, over code and prose.

    Args:
        query: embeds what is looked for.
        passages: embeds texts that are to be found.
    """
    text = (files("swfactory.rag") / "data" / "pairs.tsv").read_text(encoding="utf-8")
    questions, answers = zip(*(line.split("\t") for line in text.splitlines()), strict=True)
    found = passages(answers)
    together: list[float] = []
    apart: list[float] = []
    for number, question in enumerate(questions):
        asked = query(question)
        for other, vector in enumerate(found):
            cosine = sum(a * b for a, b in zip(asked.vector, vector, strict=True)) / asked.reach
            (together if other == number else apart).append(cosine)
    low, high = fmean(apart), fmean(together)
    return low + _SHARE * (high - low)
