"""What Chinese terms of programming are called in code: questions are in Chinese, names and docstrings in English."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

__all__ = ["terms", "translated"]


@cache
def terms() -> dict[str, tuple[str, ...]]:
    """Return the glossary: Chinese term to English words, as they occur in names and documentation."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("swfactory.rag") / "data" / "glossary.zh.tsv").read_text(encoding="utf-8").splitlines():
        term, _, words = line.partition("\t")
        found[term] = (*found.get(term, ()), *words.split())
    return found


@cache
def _longest() -> int:
    return max(map(len, terms()))


def translated(text: str) -> Iterator[str]:
    """Yield the English words for the terms in a text, the longest term at each place.

    Args:
        text: a question in Chinese.
    """
    known, place = terms(), 0
    while place < len(text):
        found = next(
            (text[place : place + n] for n in range(_longest(), 0, -1) if text[place : place + n] in known), ""
        )
        yield from known.get(found, ())
        place += len(found) or 1
