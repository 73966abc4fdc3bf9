"""The suites by name, and where each finds its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from swfactory.domain.budget import Budget
from swfactory.domain.value import Value
from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.evaluation.forgetting import ForgettingSuite
from swfactory.finetune.evaluation.functions import HumanEvalExam, MbppExam
from swfactory.finetune.evaluation.harness import HarnessSuite
from swfactory.finetune.evaluation.products import ProductSuite
from swfactory.finetune.evaluation.repair import FORMS, RepairExam, RepairForm
from swfactory.finetune.evaluation.replies import ReplySuite
from swfactory.finetune.evaluation.roles import RolesExam
from swfactory.finetune.evaluation.suite import Exam, Suite
from swfactory.ports import Sandbox

__all__ = ["NAMES", "Plan", "create_suites"]

NAMES = ("humaneval", "mbpp", "roles", "repair", "bench", "ceval", "forgetting")

_HARNESS = "lm-eval:"
"""Before the name of a task of lm-eval, to measure that."""

_FILES = {
    "mbpp": ("mbpp.jsonl", "sanitized-mbpp.json"),
    "roles": ("requirements", "tasks.yaml"),
    "repair": ("repair", "test.jsonl"),
    "bench": ("tasks.yaml",),
    "ceval": ("ceval",),
    "forgetting": ("general.txt", "general.jsonl", "general"),
    "humaneval": ("HumanEval.jsonl.gz", "HumanEval.jsonl"),
}
"""What a suite's data is called in a data folder, the first that is there."""

_NEEDED = {
    "mbpp": "mbpp.jsonl of github.com/google-research/google-research, folder mbpp",
    "roles": "a task file of swf bench or a folder of requirements, e.g. benchmarks/tasks.yaml",
    "repair": "a data set of kind prompt, as swf data build makes it",
    "bench": "a task file of swf bench, e.g. benchmarks/tasks.yaml",
    "forgetting": "general text in .txt, .md or .jsonl files",
}
"""Data that a suite cannot do without."""


class Plan(Value):
    """How suites are measured.

    Args:
        data: file or folder by suite.
        folder: where a suite's data is looked for that has none given; None for nowhere.
        samples: replies an item.
        temperature: 0 is greedy.
        seed: seed of every sample.
        limit: most items of a suite; None for all.
        budget: bounds of each product of ``bench``.
        repair_forms: forms in which the base is asked for repairs; the adapted model is asked in the first.
    """

    data: dict[str, Path] = Field(default_factory=dict)
    folder: Path | None = None
    samples: int = 1
    temperature: float = 0.0
    seed: int = 0
    limit: int | None = None
    budget: Budget = Budget()
    repair_forms: tuple[RepairForm, ...] = FORMS

    def find(self, suite: str) -> Path | None:
        """Where the data of a suite is; None when it is not said.

        Raises:
            InputError: there is no such file or folder.
        """
        if (given := self.data.get(suite)) is not None:
            if not given.exists():
                raise InputError(f"there is no {str(given)!r}", hint=f"--data {suite}=PATH")
            return given
        names = _FILES.get(suite, (suite,)) if self.folder else ()
        return next((path for name in names if self.folder and (path := self.folder / name).exists()), None)

    def need(self, suite: str) -> Path:
        """Where the data of a suite is that cannot do without.

        Raises:
            InputError: it is not said, or not there.
        """
        if (found := self.find(suite)) is None:
            raise InputError(f"the suite {suite!r} needs {_NEEDED[suite]}", hint=f"--data {suite}=PATH")
        return found


def create_suites(names: Sequence[str], plan: Plan, sandbox: Sandbox) -> tuple[Suite, ...]:
    """Make the suites of some names; ``roles`` also repairs, where there is data for it.

    Args:
        names: of ``NAMES``, or ``lm-eval:TASK``.
        plan: how they are measured.
        sandbox: where replies are judged.

    Raises:
        NotFoundError: there is no such suite.
        InputError: data is missing or cannot be used.
        MissingExtraError: HumanEval's data is not installed.
    """
    wanted = dict.fromkeys(names)
    if "roles" in wanted and plan.find("repair") is not None:
        wanted["repair"] = None
    return tuple(suite for name in wanted for suite in _create(name, plan, sandbox))


def _create(name: str, plan: Plan, sandbox: Sandbox) -> Iterator[Suite]:
    if name == "bench":
        yield ProductSuite(plan.need(name), sandbox, seed=plan.seed, budget=plan.budget)
    elif name == "forgetting":
        yield ForgettingSuite(plan.need(name))
    elif name == "ceval" or name.startswith(_HARNESS):
        task = name.removeprefix(_HARNESS)
        suite = "ceval-valid" if name == "ceval" else task
        yield HarnessSuite(task, suite, plan.find(task), limit=plan.limit)
    else:
        forms = plan.repair_forms if name == "repair" else ("",)
        yield ReplySuite(
            _exam(name, plan),
            sandbox,
            samples=plan.samples,
            temperature=plan.temperature,
            seed=plan.seed,
            forms=forms,
        )


def _exam(name: str, plan: Plan) -> Exam:
    match name:
        case "humaneval":
            return HumanEvalExam(plan.find(name))
        case "mbpp":
            return MbppExam(plan.need(name))
        case "repair":
            return RepairExam(plan.need(name))
        case "roles":
            return RolesExam(plan.need(name))
        case _:
            raise NotFoundError(f"there is no suite {name!r}", hint=f"suites: {', '.join(NAMES)}, {_HARNESS}TASK")
