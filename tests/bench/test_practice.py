"""The practice tasks: each can be solved, and nothing of it is met by an empty project."""

from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.bench.score import score_product
from swfactory.bench.tasks import Task, load_tasks
from swfactory.domain.execution import Command, Limits
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import CommandExample
from swfactory.graphs.suites import suite_without_model
from swfactory.ports import Sandbox
from swfactory.programs.testfiles import render_suite
from swfactory.roles.architect import default_design
from swfactory.roles.product_manager import default_spec

PRACTICE = Path(__file__).resolve().parents[2] / "benchmarks" / "practice"
TASKS = load_tasks(PRACTICE / "tasks.yaml")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_a_task_can_be_solved_and_is_not_by_nothing(task: Task, real_sandbox: Sandbox, tmp_path: Path) -> None:
    assert (await score_product(task, PRACTICE / "solutions" / task.id, real_sandbox)).failures == ()
    assert (await score_product(task, tmp_path / "nothing", real_sandbox)).passed == 0


def test_none_is_a_held_out_task(benchmarks: Path) -> None:
    held_out = {task.id for task in load_tasks(benchmarks / "tasks.yaml")}
    assert held_out.isdisjoint(task.id for task in TASKS)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_what_is_tested_without_a_model_holds(task: Task, real_sandbox: Sandbox) -> None:
    """A test that a right product fails is worse than none; of commands with values made up, samples have a say."""
    requirement = Requirement.parse(task.requirement)
    plan, spec = default_design(requirement), default_spec(requirement)
    suite = suite_without_model(requirement, spec, plan)
    guessed = {test.id for test in suite.tests if test.origin == "derived" and isinstance(test.example, CommandExample)}
    suite = suite.without(frozenset(guessed))
    if not suite.tests:
        pytest.skip("a model is needed for all of its tests")
    solution = PRACTICE / "solutions" / task.id
    files = {str(path.relative_to(solution)): path.read_text("utf-8") for path in solution.rglob("*.py")}
    files = {path: text for path, text in files.items() if not path.startswith("tests/")} | dict(render_suite(suite))
    order = ("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    done = await real_sandbox.run(Command(argv=order, files=files, limits=Limits(seconds=120)))
    assert done.exit_code == 0, done.stdout
