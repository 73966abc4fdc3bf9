"""The practice tasks: each can be solved, and nothing of it is met by an empty project."""

from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.bench.score import score_product
from swfactory.bench.tasks import Task, load_tasks
from swfactory.ports import Sandbox

PRACTICE = Path(__file__).resolve().parents[2] / "benchmarks" / "practice"
TASKS = load_tasks(PRACTICE / "tasks.yaml")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_a_task_can_be_solved_and_is_not_by_nothing(task: Task, real_sandbox: Sandbox, tmp_path: Path) -> None:
    assert (await score_product(task, PRACTICE / "solutions" / task.id, real_sandbox)).failures == ()
    assert (await score_product(task, tmp_path / "nothing", real_sandbox)).passed == 0


def test_none_is_a_held_out_task(benchmarks: Path) -> None:
    held_out = {task.id for task in load_tasks(benchmarks / "tasks.yaml")}
    assert held_out.isdisjoint(task.id for task in TASKS)
