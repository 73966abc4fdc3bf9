"""Tasks of ``swf bench`` as a suite: the factory builds the product, black-box checks judge it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from swfactory.bench.arms import FactoryArm, product_of
from swfactory.bench.score import score_product
from swfactory.bench.tasks import load_tasks
from swfactory.domain.budget import Budget
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.finetune.evaluation.suite import Item, Measured, Scale
from swfactory.ports import Sandbox

__all__ = ["ProductSuite"]


class ProductSuite:
    """Measures whole products.

    Args:
        data: task file of ``swf bench``.
        sandbox: where products are judged.
        seed: seed of every run.
        budget: bounds of every run.

    Raises:
        InputError: the file cannot be used.
    """

    name = "bench"
    meaning = "share of products whose checks all pass"
    scale: Scale = "share"
    documents = False

    def __init__(self, data: Path, sandbox: Sandbox, *, seed: int, budget: Budget) -> None:
        self._tasks = {task.id: task for task in load_tasks(data)}
        self._sandbox = sandbox
        self._seed = seed
        self._budget = budget

    def items(self) -> Sequence[Item]:
        """One item a task."""
        return tuple(
            Item(id=id, content=task.model_dump_json(), text=task.requirement, part=task.level)
            for id, task in self._tasks.items()
        )

    def check(self, subject: Subject) -> None:
        """Every chat model can be asked."""

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        """There is one only."""
        del adapted
        return ("",)

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        """Build the product, or go on with it, and run the checks."""
        del form
        task = self._tasks[item.id]
        with subject.factory() as factory:
            built = await FactoryArm(factory, seed=self._seed, budget=self._budget).build(task, folder)
        score = await score_product(task, product_of(folder), self._sandbox)
        return Measured(
            passed=(score.solved,),
            figures={"checks": score.total, "checks passed": score.passed},
            usage=built.usage,
            note="\n".join(filter(None, (built.note, *score.failures))),
        )
