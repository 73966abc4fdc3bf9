"""What the roles are shown of the user's own code and documents."""

from __future__ import annotations

from pydantic import Field

from swfactory.domain.value import Value

__all__ = ["NOTHING", "Fact", "Passage", "References"]


class Passage(Value):
    """A retrieved piece of text with its source.

    Args:
        text: the text, fenced as data before a role sees it.
        source: ``path:line`` or ``file p.N``.
        score: higher is better; comparable within one answer only.
        metadata: scalars kept with the chunk; ``import`` is the statement that imports a definition, ``library`` the
            user's library that it belongs to, ``symbol`` its dotted name, ``similarity`` the cosine to the query.
    """

    text: str
    source: str
    score: float = 0.0
    metadata: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @property
    def library(self) -> str:
        """The user's library that it belongs to, by the name it is imported by; empty for none."""
        return str(self.metadata.get("library", ""))

    @property
    def name(self) -> str:
        """The last name of what it shows, ``add`` of ``Store.add``; empty for none."""
        return str(self.metadata.get("symbol", "")).rpartition(".")[2]

    @property
    def similarity(self) -> float:
        """Cosine of what was looked for and this; 1 where nobody has measured it."""
        return float(self.metadata.get("similarity", 1.0))

    @property
    def statement(self) -> str:
        """The statement that imports what it shows; empty for none."""
        return str(self.metadata.get("import", ""))


class Fact(Value):
    """A call of a library that was tried out.

    Args:
        expression: Python code, with names of the library.
        gives: how its result is printed: what an example of the requirement expects.
    """

    expression: str
    gives: str


class References(Value):
    """Passages that every role of a run sees, and what can be imported of them.

    Args:
        passages: the most useful first.
        libraries: the user's libraries that are installed for the product, by the names they are imported by.
        facts: calls of them that give what the requirement's examples expect.
    """

    passages: tuple[Passage, ...] = ()
    libraries: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    def fresh(self, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        """Return those of some passages that are not among these."""
        known = {(passage.source, passage.text) for passage in self.passages}
        return tuple(passage for passage in passages if (passage.source, passage.text) not in known)


NOTHING = References()
"""What a run without a store knows."""
