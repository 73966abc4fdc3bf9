"""An answer from the user's own sources: statements, each with what it rests on."""

from __future__ import annotations

from typing import Literal

from swfactory.domain.references import Passage
from swfactory.domain.value import Value

__all__ = ["Answer", "Statement"]


class Statement(Value):
    """A sentence of an answer.

    Args:
        text: the sentence.
        sources: numbers of the passages it rests on, counted from 1.
    """

    text: str
    sources: tuple[int, ...] = ()


class Answer(Value):
    """What is said to a question.

    Args:
        question: as it was asked.
        language: of the question.
        statements: what the sources say; empty when they do not say it.
        passages: what was found, in the order of their numbers.
        dropped: sentences of the model that no passage supports.
    """

    question: str
    language: Literal["en", "zh"] = "en"
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def cited(self) -> tuple[int, ...]:
        """Numbers of the passages that statements rest on, in order."""
        return tuple(sorted({number for statement in self.statements for number in statement.sources}))

    @property
    def text(self) -> str:
        """The statements with their citations, as one paragraph; empty when the sources do not say it."""
        space = "" if self.language == "zh" else " "
        return space.join(f"{s.text}{''.join(f'[{number}]' for number in s.sources)}" for s in self.statements)
