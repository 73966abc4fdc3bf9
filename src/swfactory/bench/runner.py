"""Builds and scores every task with every arm, going on where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from swfactory.bench.arms import Arm, product_of
from swfactory.bench.machine import factory_commit
from swfactory.bench.results import Entry, ResultFolder
from swfactory.bench.score import score_product
from swfactory.bench.table import results_table
from swfactory.bench.tasks import Task
from swfactory.ports import Sandbox

__all__ = ["Reporter", "run_bench"]

Reporter = Callable[[Entry, bool], None]
"""Told of every result, and whether it was known from an earlier run."""


async def run_bench(
    tasks: Sequence[Task],
    arms: Sequence[Arm],
    *,
    sandbox: Sandbox,
    results: ResultFolder[Entry],
    report: Reporter,
    packages: str = "",
) -> tuple[Entry, ...]:
    """Measure arms on tasks. Each result is on disk before the next task starts; known ones are not repeated.

    Args:
        tasks: what to build.
        arms: ways of building it.
        sandbox: where the products are scored.
        results: where results are kept.
        report: told of every result.
        packages: folder of libraries that products may import when they are scored; empty for none.

    Returns:
        The entries in the order of tasks, then arms; ``results.json`` and ``RESULTS.md`` hold the same.

    Raises:
        FactoryError: something failed that would fail every task; finished tasks are kept.
    """
    entries: list[Entry] = []
    for task in tasks:
        for arm in arms:
            entry = results.get(arm.name, task.id, task.digest)
            known = entry is not None
            if entry is None:
                entry = await _measure(task, arm, sandbox, results, packages)
                results.put(entry)
            entries.append(entry)
            report(entry, known)
            results.write_summary(entries, results_table(results.conditions, entries))
    return tuple(entries)


async def _measure(task: Task, arm: Arm, sandbox: Sandbox, results: ResultFolder[Entry], packages: str) -> Entry:
    folder = results.folder(arm.name, task.id)
    built = await arm.build(task, folder)
    return Entry(
        id=task.id,
        digest=task.digest,
        arm=arm.name,
        factory=factory_commit(),
        status=built.status,
        score=await score_product(task, product_of(folder), sandbox, packages=packages),
        usage=built.usage,
        seconds=round(built.seconds, 2),
        run=built.run,
        note=built.note,
    )
