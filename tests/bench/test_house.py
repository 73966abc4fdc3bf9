"""The tasks that need a library of one's own: they can be solved with it, and only with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.bench.score import score_product
from swfactory.bench.tasks import Task, load_tasks
from swfactory.ports import Installed, Sandbox
from swfactory.rag.catalog import SourceRecord
from swfactory.rag.installation import SourceLibraries

HOUSE = Path(__file__).resolve().parents[2] / "benchmarks" / "house"
TASKS = load_tasks(HOUSE / "tasks.yaml")


@pytest.fixture
async def packages(tmp_path: Path) -> str:
    libraries = SourceLibraries([SourceRecord(str(HOUSE / "library"), "library", "")], tmp_path / "packages")
    return (await libraries.install(["ostrelle"], Installed())).folder


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_a_task_is_solved_with_the_library_and_by_nothing_without(
    task: Task, packages: str, real_sandbox: Sandbox, tmp_path: Path
) -> None:
    solution = HOUSE / "solutions" / task.id
    score = await score_product(task, solution, real_sandbox, packages=packages)
    assert score.failures == ()
    assert (await score_product(task, solution, real_sandbox)).passed == 0
    assert (await score_product(task, tmp_path / "nothing", real_sandbox, packages=packages)).passed == 0


def test_there_are_enough_and_in_both_languages() -> None:
    assert len(TASKS) >= 10
    assert sum("使用我们的" in task.requirement or "我们" in task.requirement for task in TASKS) == 3
