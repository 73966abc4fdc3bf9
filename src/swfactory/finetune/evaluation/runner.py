"""Measures suites on a base and an adapted model, going on where an earlier run stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
        factory: version and commit of the factory.
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
    training: Callable[[], Iterable[str]] | None = None,
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
        training: reads the texts that the adapter was trained on, to look for the items in them; None when they are
            not at hand.
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
    folders = {suite.name: ResultFolder(folder / suite.name, conditions, Outcome) for suite, _ in chosen}
    found: dict[str, dict[str, dict[str, Outcome]]] = {suite.name: {} for suite, _ in chosen}
    for subject in subjects:
        for suite, items in chosen:
            for form in suite.forms(adapted=subject.adapted):
                arm = arm_name(subject.name, form)
                work = _Arm(suite, subject, form, folders[suite.name], len(items), report)
                found[suite.name][arm] = await work.run(items, parallel)
        subject.release()
    scored = Scored(
        conditions=conditions,
        factory=factory_commit(),
        suites=tuple(
            score_suite(suite, items, found[suite.name], _overlaps(items, training)) for suite, items in chosen
        ),
    )
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


class _Arm:
    """One model in one form on one suite."""

    def __init__(
        self,
        suite: Suite,
        subject: Subject,
        form: str,
        results: ResultFolder[Outcome],
        total: int,
        report: Callable[[Progress], None],
    ) -> None:
        self._suite = suite
        self._subject = subject
        self._form = form
        self._name = arm_name(subject.name, form)
        self._results = results
        self._total = total
        self._report = report
        self._done: dict[str, Outcome] = {}

    async def run(self, items: Sequence[Item], parallel: int) -> dict[str, Outcome]:
        """Measure every item, several at once; the first failure stops all."""
        left = iter(items)

        async def work() -> None:
            for item in left:
                await self._measure(item)

        workers = [asyncio.ensure_future(work()) for _ in range(min(parallel, self._total))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return self._done

    async def _measure(self, item: Item) -> None:
        known = self._results.get(self._name, item.id, item.digest)
        outcome = known or await self._measured_now(item)
        self._done[item.id] = outcome
        self._report(Progress(self._suite.name, self._name, len(self._done), self._total, outcome, known is not None))

    async def _measured_now(self, item: Item) -> Outcome:
        started = time.monotonic()
        folder = self._results.folder(self._name, item.id)
        measured = await self._suite.measure(item, self._subject, self._form, folder)
        outcome = Outcome(
            id=item.id,
            digest=item.digest,
            arm=self._name,
            factory=factory_commit(),
            usage=measured.usage,
            seconds=round(measured.usage.seconds or time.monotonic() - started, 2),
            note=measured.note,
            passed=measured.passed,
            replies=measured.replies,
            figures=measured.figures,
        )
        self._results.put(outcome)
        return outcome


def _overlaps(items: Sequence[Item], training: Callable[[], Iterable[str]] | None) -> tuple[Overlap, ...] | None:
    return None if training is None else find_overlaps(items, training())
