"""What must not be put in twice: "a name that is already there exits with status 1"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from swfactory.domain.spec import CommandExample
from swfactory.requirements.commands.error_clauses import complaint, error_clauses
from swfactory.requirements.text.keeping import MAKES, THERE_ALREADY
from swfactory.requirements.text.naming import named_last

__all__ = ["double_examples"]


def double_examples(
    sentence: str, good: Sequence[CommandExample], subcommands: Collection[str]
) -> Iterator[CommandExample]:
    """Put the first thing of a session in a second time, where a sentence gives that an exit status.

    Args:
        sentence: a sentence of the requirement.
        good: sessions that succeed.
        subcommands: first arguments that choose what the program does.

    Yields:
        Two steps, the second of which fails: beyond doubt where that command is the one that was named last.
    """
    for clause, status in error_clauses(sentence):
        named = named_last(sentence[: sentence.find(clause) + len(clause)], subcommands)
        for first in (example.steps[0] for example in good if THERE_ALREADY.search(clause)):
            maker, *values = first.argv[2:] or ("",)
            if maker in MAKES.intersection(subcommands) and values and not first.exit_code and named in {"", maker}:
                again = first.model_copy(update={"stdout": None, "exit_code": None})
                failing = again.model_copy(update={"exit_code": status, **complaint(sentence)})
                yield CommandExample(origin="stated" if named else "derived", steps=(again, failing))
