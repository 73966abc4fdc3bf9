"""What must not be put in twice: "a name that is already there exits with status 1"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from swfactory.domain.spec import CommandExample
from swfactory.requirements.commands.error_cases import complaint, error_clauses
from swfactory.requirements.text.keeping import MAKES

__all__ = ["double_examples"]

_THERE_ALREADY = re.compile(
    r"\balready (?:there|exists?|present|taken|used|in use|known|registered|stored|in (?:it|the \w+))\b"
    r"|\b(?:exists?|there|present) already\b|\bduplicate (?:\w+ )?(?:ids?|keys?|names?|titles?)\b|已经?存在",
    re.IGNORECASE,
)


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
        named = _named_last(sentence[: sentence.find(clause) + len(clause)], subcommands)
        for first in (example.steps[0] for example in good if _THERE_ALREADY.search(clause)):
            maker, *values = first.argv[2:] or ("",)
            if maker in MAKES.intersection(subcommands) and values and not first.exit_code and named in {"", maker}:
                again = first.model_copy(update={"stdout": None, "exit_code": None})
                failing = again.model_copy(update={"exit_code": status, **complaint(sentence)})
                yield CommandExample(origin="stated" if named else "derived", steps=(again, failing))


def _named_last(said: str, names: Collection[str]) -> str:
    found = [
        (match.start(), name) for name in names for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said)
    ]
    return max(found, default=(0, ""))[1]
