"""What a run hands over: the product's state, told honestly."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from swfactory.domain.budget import Budget, Usage
from swfactory.domain.report import Finding, TestResult
from swfactory.domain.value import Value

__all__ = ["CriterionVerdict", "Delivery", "Verdict"]

Verdict = Literal["met", "unmet", "unchecked"]
"""``unchecked``: no executable check of it survived."""


class CriterionVerdict(Value):
    """One line of the traceability matrix.

    Args:
        id: criterion id.
        text: the criterion.
        quote: sentence of the requirement it comes from.
        verdict: whether its tests pass.
        files: files of the product that serve it.
        tests: ids of its tests.
    """

    id: str
    text: str
    quote: str = ""
    verdict: Verdict
    files: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


class Delivery(Value):
    """The facts of the report.

    Args:
        title: name of the product.
        summary: what it does, in a sentence.
        requirement: what was asked for, word for word.
        language: language of the report.
        commit: commit the report speaks of.
        criteria: the traceability matrix.
        results: every test.
        findings: what checkers and the reviewer still say.
        notes: what the factory decided or refused, a sentence each.
        files: paths of the product.
        run_command: how to start it, argv; empty for a library.
        usage: cost by role.
        exhausted: bound that ended the run (``tokens``, ``time``, ``rounds``, ``stall``); None when it ended by itself.
        rounds: repair rounds used.
        budget: the bounds.
        model: model URL.
        model_digest: SHA-256 of the model file; empty when unknown.
        seed: seed of the run.
        options: what else ``swf run`` was told that changes the product, as it is typed.
        sources: citations of retrieved passages by file.
    """

    title: str
    summary: str = ""
    requirement: str
    language: Literal["en", "zh"] = "en"
    commit: str
    criteria: tuple[CriterionVerdict, ...]
    results: tuple[TestResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    run_command: tuple[str, ...] = ()
    usage: dict[str, Usage] = Field(default_factory=dict)
    exhausted: str | None = None
    rounds: int = 0
    budget: Budget = Budget()
    model: str = ""
    model_digest: str = ""
    seed: int = 0
    options: tuple[str, ...] = ()
    sources: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every criterion is met and nothing blocks."""
        return all(c.verdict == "met" for c in self.criteria) and not any(f.blocking for f in self.findings)
