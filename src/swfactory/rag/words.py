"""Words of code and prose for BM25: identifiers taken apart, Chinese cut into words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from swfactory.errors import MissingExtraError
from swfactory.rag.glossary import translated

__all__ = ["has_chinese", "identifiers", "question_words", "words"]

_RUN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\d+(?:\.\d+)*|[\u3400-\u9fff\uf900-\ufaff]+|[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_QUOTED = re.compile(r"`([^`\n]{2,80})`")
_TELLING = re.compile(r"[._:]|[a-z][A-Z]")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)*")


def has_chinese(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return _HAN.search(text) is not None


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, in lower case: ``readFile_at`` gives ``readfile_at``, ``read``, ``file``, ``at``.

    Chinese is cut by jieba's search mode, so that 数据库 gives 数据, 据库 and 数据库.

    Args:
        text: code or prose, English or Chinese.

    Raises:
        MissingExtraError: the text has Chinese in it, and the extra ``rag`` is not installed.
    """
    for found in _RUN.finditer(text):
        run = found[0]
        if run[0] >= "\u3400":
            yield from (word for word in _chinese(run) if word.strip())
            continue
        lower = run.lower().strip("_")
        if lower:
            yield lower
        parts = [part.lower() for part in _HUMP.findall(run)] if run.isascii() else []
        if len(parts) > 1:
            yield from parts


def question_words(query: str) -> tuple[list[str], list[str]]:
    """Return the words of a query that say what is looked for.

    Args:
        query: a question, code or an error message.

    Returns:
        Words of code, Latin ones and what Chinese terms are called in code; and Chinese words.
    """
    telling = [word for word in words(query) if word not in _stopwords()]
    telling = telling or list(words(query))
    latin = [word for word in telling if not _HAN.match(word)]
    chinese = [word for word in telling if _HAN.match(word)]
    return list(dict.fromkeys((*latin, *translated(query)))), list(dict.fromkeys(chinese))


@cache
def _stopwords() -> frozenset[str]:
    return frozenset((files("swfactory.rag") / "data" / "stopwords.txt").read_text(encoding="utf-8").split())


def identifiers(query: str) -> list[str]:
    """Return what a query names outright: text in backticks, dotted names, names with humps or underscores.

    Args:
        query: a question, an error message, a line of code.
    """
    named = [name for quoted in _QUOTED.findall(query) for name in _DOTTED.findall(quoted)]
    named += [name for name in _DOTTED.findall(query) if _TELLING.search(name.strip("_"))]
    return list(dict.fromkeys(name.replace("::", ".").strip(".") for name in named))


def _chinese(text: str) -> list[str]:
    try:
        import rjieba
    except ImportError as exc:
        raise MissingExtraError("searching Chinese text", extra="rag") from exc
    cut: list[str] = rjieba.cut_for_search(text)
    return cut
