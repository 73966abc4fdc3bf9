"""Forgetting: how much less likely than before a model finds general text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from swfactory.errors import InputError
from swfactory.finetune.evaluation.scorer import check_scorable
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.finetune.evaluation.suite import Item, Measured, Scale

__all__ = ["ForgettingSuite"]

_PASSAGE = 2_000
"""Characters of a passage: several hundred tokens, few enough for every model's context."""

_SUFFIXES = frozenset({".md", ".txt", ".jsonl"})


class ForgettingSuite:
    """Measures perplexity on general text that was held back from training.

    A passage is scored by itself, so its first words have little before them; that is so for both models alike.

    Args:
        data: a ``.txt`` or ``.md`` file, a ``.jsonl`` file with the text of each line under ``text``, or a folder of
            such files.

    Raises:
        InputError: no text can be read there.
    """

    name = "forgetting"
    meaning = "perplexity on held-back general text, the lower the better"
    scale: Scale = "perplexity"
    documents = False

    def __init__(self, data: Path) -> None:
        self._passages = [passage for text in _texts(data) for passage in _passages_of(text)]
        if not self._passages:
            raise InputError(f"there is no text in {str(data)!r}", hint=_HINT)

    def items(self) -> Sequence[Item]:
        """One item a passage."""
        return tuple(
            Item(id=f"passage-{number:05d}", content=passage, text=passage)
            for number, passage in enumerate(self._passages)
        )

    def check(self, subject: Subject) -> None:
        """Raise when the model gives no log-probabilities; see ``Suite.check``."""
        check_scorable(subject.url)

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        """There is one only."""
        del adapted
        return ("",)

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        """Sum the log-probabilities of the passage's tokens."""
        del form, folder
        scored = await subject.scorer.score(item.content)
        return Measured(figures={"log-likelihood": sum(scored), "tokens": len(scored)})


_HINT = "--data forgetting=FILE names a .txt, .md or .jsonl file, or a folder of such"


def _texts(data: Path) -> Iterator[str]:
    paths = sorted(path for path in data.rglob("*") if path.suffix in _SUFFIXES) if data.is_dir() else [data]
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise InputError(f"general text cannot be read from {str(path)!r}: {exc}", hint=_HINT) from exc
        if path.suffix != ".jsonl":
            yield text
            continue
        for number, line in enumerate(text.splitlines(), 1):
            try:
                yield str(json.loads(line)["text"])
            except (ValueError, KeyError, TypeError) as exc:
                raise InputError(f"{path}:{number} is no object with a 'text'", hint=_HINT) from exc


def _passages_of(text: str) -> Iterator[str]:
    """Cut a text between paragraphs; one that is longer than a passage is cut where a passage ends."""
    held = ""
    for paragraph in text.split("\n\n"):
        if held and len(held) + len(paragraph) > _PASSAGE:
            yield held
            held = ""
        held = f"{held}\n\n{paragraph}" if held else paragraph.strip("\n")
        while len(held) > _PASSAGE:
            yield held[:_PASSAGE]
            held = held[_PASSAGE:]
    if held.strip():
        yield held
