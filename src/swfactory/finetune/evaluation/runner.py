"""Measures suites on a base and an adapted model, going on where an earlier run stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import Field

from swfactory.bench.machine import factory_commit
from swfactory.bench.results import Conditions, ResultFolder, write_text
from swfactory.domain.value import Value
from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.evaluation.overlap import Overlap, find_overlaps
from swfactory.finetune.evaluation.scores import SuiteScore, arm_name, score_suite
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.finetune.evaluation.suite import Item, Outcome, Suite

__all__ = ["EvaluationConditions", "Progress", "Scored", "evaluate"]


class EvaluationConditions(Conditions):
    """What an evaluation depends on.

    Args:
        adapter: name or path of the adapter; empty for none.
        adapter_digest: SHA-256 of its weights.
        samples: replies an item.
        temperature: 0 is greedy.
    """

    adapter: str = ""
    adapter_digest: str = ""
    samples: int = Field(default=1, gt=0)
    temperature: float = Field(default=0.0, ge=0)


class Scored(Value):
    """An evaluation.

    Args:
        conditions: what it depends on.
        factory: version and commit of the factory; several where the results are of several.
        suites: the scores.
    """

    conditions: EvaluationConditions
    factory: str
    suites: tuple[SuiteScore, ...]


@dataclass(frozen=True)
class Progress:
    """Where an evaluation stands.

    Args:
        suite: name of the suite.
        arm: model and form.
        done: items done in this arm.
        total: items of the suite.
        outcome: the newest result.
        known: whether it was known from an earlier run.
    """

    suite: str
    arm: str
    done: int
    total: int
    outcome: Outcome
    known: bool


async def evaluate(
    suites: Sequence[Suite],
    subjects: Sequence[Subject],
    *,
    conditions: EvaluationConditions,
    folder: Path,
    training: Iterable[str] | None = None,
    limit: int | None = None,
    only: Sequence[str] = (),
    parallel: int = 1,
    report: Callable[[Progress], None] = lambda _: None,
) -> Scored:
    """Measure every suite on every model, on the same items. Each result is kept at once; known ones are not repeated.

    Args:
        suites: what is measured.
        subjects: the base and, to compare it with, the adapted model.
        conditions: what the results depend on.
        folder: where results are kept: ``SUITE/ARM/ITEM/result.json``, and all scores in ``scores.json``.
        training: texts that the adapter was trained on, to look for the items in them; None when they are not at
            hand.
        limit: most items of a suite; None for all.
        only: ids of the items; empty for all. Suites that have none of them are left out.
        parallel: items at once; in one batch of a local model, which may then round otherwise than alone.
        report: told of every result.

    Raises:
        NotFoundError: no suite has an item of that id.
        InputError: a suite has no items, or the folder holds results of other conditions.
        ConfigError: a suite cannot be measured of such a model.
        MissingExtraError: something that a suite needs is not installed.
        FactoryError: something failed that would fail every item; finished ones are kept.
    """
    chosen = _chosen(suites, only, limit)
    for suite, _ in chosen:
        for subject in subjects:
            suite.check(subject)
    overlaps = _overlaps(chosen, training)
    folders = {suite.name: ResultFolder(folder / suite.name, conditions, Outcome) for suite, _ in chosen}
    factory = factory_commit()
    found: dict[str, dict[str, dict[str, Outcome]]] = {suite.name: {} for suite, _ in chosen}
    for subject in subjects:
        for suite, items in chosen:
            for form in suite.forms(adapted=subject.adapted):
                arm = _Arm(suite, subject, form, folders[suite.name], factory, len(items), report)
                found[suite.name][arm.name] = await arm.run(items, parallel)
        subject.release()
    scores = (score_suite(suite, items, found[suite.name], overlaps.get(suite.name)) for suite, items in chosen)
    versions = dict.fromkeys(
        outcome.factory for arms in found.values() for outcomes in arms.values() for outcome in outcomes.values()
    )
    scored = Scored(conditions=conditions, factory=", ".join(versions), suites=tuple(scores))
    write_text(folder / "scores.json", scored.model_dump_json(indent=2) + "\n")
    return scored


def _chosen(suites: Sequence[Suite], only: Sequence[str], limit: int | None) -> list[tuple[Suite, tuple[Item, ...]]]:
    every = [(suite, tuple(suite.items())) for suite in suites]
    known = {item.id for _, items in every for item in items}
    for wanted in only:
        if wanted not in known:
            some = ", ".join(sorted(known)[:5])
            raise NotFoundError(f"there is no item {wanted!r}", hint=f"--only takes ids such as {some}")
    chosen = [(suite, tuple(item for item in items if not only or item.id in only)[:limit]) for suite, items in every]
    for suite, items in every:
        if not items:
            raise InputError(f"the suite {suite.name!r} has no items", hint="look at its data")
    return [(suite, items) for suite, items in chosen if items]


def _overlaps(
    chosen: Sequence[tuple[Suite, Sequence[Item]]], training: Iterable[str] | None
) -> dict[str, tuple[Overlap, ...]]:
    """What the items of each suite share with the training data, which is read once."""
    if training is None:
        return {}
    found = iter(find_overlaps([item for _, items in chosen for item in items], training))
    return {suite.name: tuple(islice(found, len(items))) for suite, items in chosen}


@dataclass
class _Arm:
    """One model in one form on one suite."""

    suite: Suite
    subject: Subject
    form: str
    results: ResultFolder[Outcome]
    factory: str
    total: int
    report: Callable[[Progress], None]
    done: dict[str, Outcome] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return arm_name(self.subject.name, self.form)

    async def run(self, items: Sequence[Item], parallel: int) -> dict[str, Outcome]:
        """Measure every item, several at once; the first failure stops all."""
        left = iter(items)

        async def work() -> None:
            for item in left:
                await self._measure(item)

        workers = [asyncio.ensure_future(work()) for _ in range(min(parallel, self.total))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return self.done

    async def _measure(self, item: Item) -> None:
        known = self.results.get(self.name, item.id, item.digest)
        outcome = known or await self._measured_now(item)
        self.done[item.id] = outcome
        self.report(Progress(self.suite.name, self.name, len(self.done), self.total, outcome, known is not None))

    async def _measured_now(self, item: Item) -> Outcome:
        started = time.monotonic()
        folder = self.results.folder(self.name, item.id)
        measured = await self.suite.measure(item, self.subject, self.form, folder)
        outcome = Outcome(
            id=item.id,
            digest=item.digest,
            arm=self.name,
            factory=self.factory,
            usage=measured.usage,
            seconds=round(measured.usage.seconds or time.monotonic() - started, 2),
            note=measured.note,
            passed=measured.passed,
            replies=measured.replies,
            figures=measured.figures,
        )
        self.results.put(outcome)
        return outcome
