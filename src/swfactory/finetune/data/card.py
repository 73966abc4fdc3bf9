"""The card of a data set: what is in it, what was left out and why, and the digests that prove both."""

from __future__ import annotations

import hashlib
from collections import Counter

from pydantic import Field

from swfactory.domain.value import Value
from swfactory.finetune.rows import Kind

__all__ = ["DatasetCard", "LengthCounter", "Lengths", "SourceFacts", "SplitFacts", "readme"]

_BUCKETS = 20_000
"""Different lengths that are told apart; longer rows count as so long."""


class Lengths(Value):
    """Tokens of the rows of a split, estimated without a tokeniser.

    Args:
        total: of all rows.
        mean: of a row.
        median: half of the rows are no longer.
        p95: 95 % of the rows are no longer.
        longest: of the longest row.
    """

    total: int = 0
    mean: float = 0.0
    median: int = 0
    p95: int = 0
    longest: int = 0


class LengthCounter:
    """Counts lengths in a memory that does not grow with the rows."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._total = 0
        self._longest = 0

    def add(self, tokens: int) -> None:
        """Count a row.

        Args:
            tokens: its length.
        """
        self._counts[min(tokens, _BUCKETS)] += 1
        self._total += tokens
        self._longest = max(self._longest, tokens)

    def lengths(self) -> Lengths:
        """What was counted so far."""
        rows = sum(self._counts.values())
        if not rows:
            return Lengths()
        return Lengths(
            total=self._total,
            mean=round(self._total / rows, 1),
            median=self._quantile(rows, 0.5),
            p95=self._quantile(rows, 0.95),
            longest=self._longest,
        )

    def _quantile(self, rows: int, share: float) -> int:
        seen = 0
        for tokens, count in sorted(self._counts.items()):
            seen += count
            if seen >= share * rows:
                return tokens
        return self._longest


class SourceFacts(Value):
    """What a source gave.

    Args:
        name: as the recipe calls it.
        type: ``git``, ``folder``, ``documents``, ``jsonl`` or ``runs``.
        revision: commit of a repository, SHA-256 of a file; empty for others.
        made: rows that were made of it.
        kept: rows that passed every check.
        used: rows in the data set, after sampling.
    """

    name: str
    type: str
    revision: str = ""
    made: int = 0
    kept: int = 0
    used: int = 0


class SplitFacts(Value):
    """A file of the data set.

    Args:
        rows: how many.
        groups: repositories, documents, runs or functions that they come from; each is in one split only.
        sha256: of the file.
        size: bytes.
        tokens: lengths of the rows.
    """

    rows: int
    groups: int
    sha256: str
    size: int
    tokens: Lengths


class DatasetCard(Value):
    """What is known of a data set.

    Args:
        name: what it is called.
        kind: what its rows teach from.
        seed: of the recipe.
        recipe: the recipe, as YAML.
        splits: each file by the name of its split.
        sources: what each source gave.
        makers: rows by how they were made.
        licenses: rows by licence.
        dropped: what was left out, by reason.
        masked: what was masked, by kind.
        version: of the program that built it.
    """

    name: str
    kind: Kind
    seed: int = 0
    recipe: str = ""
    splits: dict[str, SplitFacts] = Field(default_factory=dict)
    sources: tuple[SourceFacts, ...] = ()
    makers: dict[str, int] = Field(default_factory=dict)
    licenses: dict[str, int] = Field(default_factory=dict)
    dropped: dict[str, int] = Field(default_factory=dict)
    masked: dict[str, int] = Field(default_factory=dict)
    version: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the splits: two builds with equal digests hold the same rows."""
        listed = "".join(f"{name} {facts.sha256}\n" for name, facts in sorted(self.splits.items()))
        return hashlib.sha256(listed.encode()).hexdigest()


def readme(card: DatasetCard) -> str:
    """Return the card as Markdown.

    Args:
        card: the card.
    """
    parts = [
        f"# {card.name}",
        f"Rows of kind `{card.kind}`, built by swfactory {card.version} with seed {card.seed}. Digest `{card.digest}`.",
        "## Splits",
        _table(
            ("split", "rows", "groups", "tokens", "mean", "median", "95 %", "longest", "SHA-256"),
            [
                (
                    *(name, facts.rows, facts.groups, facts.tokens.total, facts.tokens.mean, facts.tokens.median),
                    *(facts.tokens.p95, facts.tokens.longest, f"`{facts.sha256[:16]}`"),
                )
                for name, facts in card.splits.items()
            ],
        ),
        "Tokens are estimated without a tokeniser. A group (a repository, a document, a run, a function) is in one "
        "split only.",
        "## Sources",
        _table(
            ("source", "type", "revision", "made", "kept", "used"),
            [
                (s.name, s.type, f"`{s.revision[:16]}`" if s.revision else "", s.made, s.kept, s.used)
                for s in card.sources
            ],
        ),
    ]
    for title, counts in (
        ("Left out", card.dropped),
        ("Masked", card.masked),
        ("Makers", card.makers),
        ("Licences", card.licenses),
    ):
        if counts:
            first = {"Left out": "because", "Masked": "kind", "Makers": "maker", "Licences": "licence"}[title]
            parts += [f"## {title}", _table((first, "count"), list(counts.items()))]
    return "\n\n".join([*parts, "## Recipe", f"```yaml\n{card.recipe.strip()}\n```"]) + "\n"


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|").replace("\n", " ")
