"""Looking things up in the user's own code and documents: for the whole run, for a file, for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from swfactory.domain.design import FilePlan
from swfactory.domain.references import NOTHING, Passage, References
from swfactory.graphs.desk import Desk

__all__ = [
    "about_file",
    "about_problems",
    "citations",
    "consult",
    "consult_names",
    "exports_of",
    "libraries_in",
    "references_of",
]

_SHARED_TOKENS = 800
"""Of the passages that every prompt of a run holds: the model reads them once, the prefix cache serves them."""

_NAMED_TOKENS = 600
"""Of the passages where it is known which definitions are of use."""

_OWN_TOKENS = 300
"""Of those that one question needs besides."""

_NEAR = 0.3
"""Cosine from which a passage helps with a detail that does not name it."""

_NAME = re.compile(r"[A-Za-z_]\w+")


async def consult(desk: Desk) -> References:
    """Look up what the requirement speaks of, and settle which of the user's libraries the product may import."""
    context = desk.context
    passages = await desk.look_up(desk.requirement.text, max_tokens=_SHARED_TOKENS)
    if context.libraries is None:
        return References(passages=passages)
    named = context.libraries.named(desk.requirement.text)
    shown = [passage.library for passage in passages if passage.library]
    return References(passages=passages, libraries=tuple(dict.fromkeys((*named, *shown))))


async def consult_names(desk: Desk, names: Sequence[str]) -> tuple[Passage, ...]:
    """Look up the definitions of some names, and what the requirement speaks of besides."""
    named = " ".join(f"`{name}`" for name in names)
    return await desk.look_up(f"{named}\n{desk.requirement.text}", max_tokens=_NAMED_TOKENS)


def references_of(desk: Desk) -> References:
    """Return what the run has looked up for every role."""
    return desk.load("references", References) if desk.state.get("references") else NOTHING


def exports_of(desk: Desk) -> Mapping[str, str]:
    """Return the names that the product may import of the user's libraries, and the module that has each."""
    libraries = desk.context.libraries
    return libraries.exports(references_of(desk).libraries) if libraries else {}


async def about_file(desk: Desk, plan: FilePlan) -> tuple[Passage, ...]:
    """Look up what a planned file needs, when it is one of several; what every role sees is left out."""
    return await _besides(desk, " ".join((plan.purpose, *plan.interface))) if plan.interface else ()


async def about_problems(desk: Desk, problems: Sequence[str]) -> tuple[Passage, ...]:
    """Look up what error messages speak of; what every role sees is left out."""
    return await _besides(desk, "\n".join(problems))


async def _besides(desk: Desk, query: str) -> tuple[Passage, ...]:
    known = references_of(desk)
    if not known.passages or not query.strip():  # a store that knows nothing of the matter will not know its details
        return ()
    found = known.fresh(await desk.look_up(query, max_tokens=_OWN_TOKENS))
    words = {*_NAME.findall(query)}
    return tuple(passage for passage in found if passage.similarity >= _NEAR or passage.name in words)


def libraries_in(references: References, sources: Iterable[str]) -> tuple[str, ...]:
    """Return the libraries that a product imports, by the names they are imported by.

    Args:
        references: of the run.
        sources: texts of the product's Python files.
    """
    text = "\n".join(sources)
    return tuple(
        name for name in references.libraries if re.search(rf"^\s*(?:from|import) {name}\b", text, re.MULTILINE)
    )


def citations(passages: Iterable[Passage], sources: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the passages that each file uses, by their citations: those that share a name of the user's with it.

    A name is the user's when a passage defines it. What a passage of prose says in words alone cannot be traced.

    Args:
        passages: everything that was shown to a role.
        sources: files of the product, path to text.
    """
    passages = list(passages)
    defined = {passage.name for passage in passages if passage.library}
    own = {name for name in defined if len(name) > 1}
    said = [(passage.source, own & {*_NAME.findall(passage.text)}) for passage in passages]
    found: dict[str, tuple[str, ...]] = {}
    for path, text in sources.items():
        names = {*_NAME.findall(text)}
        if used := tuple(dict.fromkeys(source for source, speaks_of in said if speaks_of & names)):
            found[path] = used
    return found
