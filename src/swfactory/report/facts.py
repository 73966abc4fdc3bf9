"""What both documents say, worked out once from a delivery."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from swfactory.domain.budget import Usage
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import TestResult
from swfactory.report.text import plain, reproduce
from swfactory.report.words import words

__all__ = ["Bound", "Facts", "Line", "Row", "facts_of", "verdict_line"]


@dataclass(frozen=True)
class Line:
    """A criterion and the results of its tests, in the matrix's order."""

    criterion: CriterionVerdict
    results: tuple[TestResult, ...]

    @property
    def failures(self) -> tuple[TestResult, ...]:
        """Tests that failed or broke."""
        return tuple(r for r in self.results if r.outcome in ("failed", "error"))


@dataclass(frozen=True)
class Row:
    """A role and what its model calls cost."""

    role: str
    usage: Usage

    @property
    def seconds(self) -> str:
        """Model time, for people."""
        return f"{self.usage.seconds:.1f} s"

    @property
    def speed(self) -> str:
        """Tokens written a second of model time; empty when no time was measured."""
        return f"{self.usage.completion_tokens / self.usage.seconds:.1f}" if self.usage.seconds > 0 else ""


@dataclass(frozen=True)
class Bound:
    """A bound of the run: its name, what was used of it, and its limit."""

    name: str
    used: str
    limit: str


@dataclass(frozen=True)
class Facts:
    """Everything a report template needs."""

    words: Mapping[str, str]
    delivery: Delivery
    verdict: str
    passed: int
    total: int
    dropped: int
    lines: tuple[Line, ...]
    others: tuple[TestResult, ...]
    rows: tuple[Row, ...]
    sum: Row
    bounds: tuple[Bound, ...]
    run: str
    again: str

    @property
    def open(self) -> tuple[Line, ...]:
        """Criteria that are not met."""
        return tuple(line for line in self.lines if line.criterion.verdict != "met")


def verdict_line(delivery: Delivery) -> str:
    """Return the verdict as one line in the delivery's language."""
    say = words(delivery.language)
    met = sum(c.verdict == "met" for c in delivery.criteria)
    counts = {"met": met, "total": len(delivery.criteria)}
    if delivery.complete:
        return say["complete"]
    if delivery.exhausted:
        other = say["bound_other"].format(name=plain(delivery.exhausted))
        return say["exhausted"].format(bound=say.get(f"bound_{delivery.exhausted}", other), **counts)
    return say["blocked"] if met == len(delivery.criteria) else say["partial"].format(**counts)


def _results_of(criterion: CriterionVerdict, delivery: Delivery) -> tuple[TestResult, ...]:
    return tuple(r for r in delivery.results if r.criterion == criterion.id or r.id in criterion.tests)


def _bounds(delivery: Delivery, total: Usage) -> tuple[Bound, ...]:
    say, budget = words(delivery.language), delivery.budget
    none = say["unbounded"]
    return (
        Bound(
            say["max_tokens"],
            f"{total.completion_tokens:,}",
            none if budget.max_tokens is None else f"{budget.max_tokens:,}",
        ),
        Bound(
            say["max_time"],
            say["time_used"].format(seconds=f"{total.seconds:.1f}"),
            none if budget.max_seconds is None else say["time_limit"].format(seconds=f"{budget.max_seconds:g}"),
        ),
        Bound(say["max_rounds"], str(delivery.rounds), none if budget.max_rounds is None else str(budget.max_rounds)),
    )


def _options(delivery: Delivery) -> tuple[str, ...]:
    budget = delivery.budget
    model = ("--model", plain(delivery.model)) if delivery.model else ()
    return (
        *model,
        *("--seed", str(delivery.seed)),
        *("--max-tokens", "none" if budget.max_tokens is None else str(budget.max_tokens)),
        *("--max-time", "none" if budget.max_seconds is None else f"{budget.max_seconds:g}"),
        *("--max-rounds", "none" if budget.max_rounds is None else str(budget.max_rounds)),
        *map(plain, delivery.options),
    )


def facts_of(delivery: Delivery) -> Facts:
    """Work out what the documents say.

    Args:
        delivery: the facts of the run.
    """
    lines = tuple(Line(c, _results_of(c, delivery)) for c in delivery.criteria)
    told = {result.id for line in lines for result in line.results}
    total = sum(delivery.usage.values(), Usage())
    counted = [r for r in delivery.results if r.outcome != "dropped"]
    return Facts(
        words=words(delivery.language),
        delivery=delivery,
        verdict=verdict_line(delivery),
        passed=sum(r.outcome == "passed" for r in counted),
        total=len(counted),
        dropped=len(delivery.results) - len(counted),
        lines=lines,
        others=tuple(r for r in delivery.results if r.id not in told),
        rows=tuple(Row(role, usage) for role, usage in sorted(delivery.usage.items())),
        sum=Row(words(delivery.language)["total"], total),
        bounds=_bounds(delivery, total),
        run=shlex.join(plain(part) for part in delivery.run_command),
        again=reproduce(delivery.requirement, _options(delivery)),
    )
