"""Rows that give away an evaluation: those that share many words in a row with it, or define its functions.

N-grams of words as in appendix C of GPT-3's paper (Brown et al. 2020, arXiv:2005.14165); names because a small
function can be written anew in a few words and still be the answer.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from swfactory.errors import InputError
from swfactory.finetune.data.recipe import DecontaminateRecipe
from swfactory.finetune.rows import Row

__all__ = ["Contamination", "defined_names", "text_of"]

_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*|[\u3400-\u9fff]")
_DEFINED = re.compile(r"\b(?:def|class)\s+([A-Za-z_]\w*)\s*[(:]")
_TOO_COMMON = frozenset(("main", "check", "candidate", "test", "solution", "solve", "helper"))
"""Names that say nothing of what a function does."""


def text_of(row: Row) -> str:
    """Return all that a row says.

    Args:
        row: the row.
    """
    return "\n".join(_texts(row.model_dump(exclude={"origin"})))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("role", "module"):
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def defined_names(text: str) -> set[str]:
    """Return the names of the Python functions and classes that a text defines, wherever it does.

    Args:
        text: code, or prose with code in it.
    """
    return {name for name in _DEFINED.findall(text) if not name.startswith("test_")} - _TOO_COMMON


class Contamination:
    """What must not be taught.

    Args:
        recipe: the evaluations, by name or file.

    Raises:
        InputError: a file cannot be read.
        MissingExtraError: HumanEval is asked for and not installed.
    """

    def __init__(self, recipe: DecontaminateRecipe) -> None:
        self._recipe = recipe
        self._grams: set[str] = set()
        self.names: set[str] = set()
        for source in recipe.against:
            for entry in _entries(source):
                self._learn(entry)

    def _learn(self, entry: Any) -> None:
        for text in _texts(entry):
            self._grams.update(self._grams_of(text))
            self.names |= defined_names(text)
        if isinstance(entry, dict) and isinstance(entry.get("entry_point"), str):
            self.names |= {entry["entry_point"]} - _TOO_COMMON

    def _grams_of(self, text: str) -> Iterator[str]:
        words, size = _WORD.findall(text.lower()), self._recipe.ngram
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])

    def found(self, row: Row) -> str:
        """Return why a row is left out: ``evaluation text``, ``evaluation name``, or nothing.

        Args:
            row: the row.
        """
        text = text_of(row)
        if self._recipe.names and self.names:
            named = {row.origin.name.rpartition(".")[2]} if row.origin and row.origin.name else set()
            if not self.names.isdisjoint(defined_names(text) | named):
                return "evaluation name"
        if self._grams and not self._grams.isdisjoint(self._grams_of(text)):
            return "evaluation text"
        return ""


def _entries(source: str) -> Iterator[Any]:
    if source == "humaneval":
        from swfactory.bench.problems import load_problems

        for problem in load_problems():
            yield problem.model_dump()
        return
    path = Path(source)
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(f"cannot read {source!r}: {exc}", hint="decontaminate against YAML, JSON or JSONL") from exc
    name = path.name.removesuffix(".gz")
    try:
        if name.endswith((".yaml", ".yml")):
            yield from _listed(yaml.safe_load(text))
        elif name.endswith(".json"):
            yield from _listed(json.loads(text))
        else:
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
    except (json.JSONDecodeError, yaml.YAMLError) as exc:
        raise InputError(f"{source!r} is no YAML, JSON or JSONL: {exc}", hint="mend the file") from exc


def _listed(document: Any) -> list[Any]:
    return document if isinstance(document, list) else [document]
