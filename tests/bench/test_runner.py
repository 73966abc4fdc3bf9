from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from swfactory.bench.arms import FactoryArm, SinglePromptArm
from swfactory.bench.results import Entry, ResultFolder
from swfactory.bench.runner import run_bench
from swfactory.domain.budget import Budget
from swfactory.errors import InputError, Interrupted, ModelRefused, ModelUnavailable, ReplyError, SandboxError
from swfactory.ports import Sandbox
from swfactory.testing.chat import ScriptedChatModel
from tests.bench.fakes import CONDITIONS, SOLVED, FakeFactory, shout

REPLY = f"Here it is.\n\n```python\n# main.py\n{SOLVED}```\n"


def ignore(entry: Entry, known: bool) -> None: ...


def baseline(*replies: object) -> SinglePromptArm:
    return SinglePromptArm(ScriptedChatModel(list(replies)), seed=1, context=8192)


def factory_arm(factory: FakeFactory) -> FactoryArm:
    return FactoryArm(factory, seed=5, budget=Budget(max_tokens=99))


def folder(tmp_path: Path) -> ResultFolder[Entry]:
    return ResultFolder(tmp_path / "out", CONDITIONS, Entry)


async def test_both_arms_are_built_scored_and_kept(tmp_path: Path, real_sandbox: Sandbox) -> None:
    factory = FakeFactory("delivered")
    told: list[tuple[str, bool]] = []
    entries = await run_bench(
        [shout()],
        [baseline(REPLY), factory_arm(factory)],
        sandbox=real_sandbox,
        results=folder(tmp_path),
        report=lambda entry, known: told.append((entry.arm, known)),
    )
    one, other = entries
    assert (one.arm, one.status, one.score.solved, one.usage.calls) == ("baseline", "answered", True, 1)
    assert one.usage.completion_tokens > 0
    assert (other.arm, other.status, other.score.passed, other.run) == ("factory", "delivered", 2, "run0")
    assert (other.seconds, other.usage.completion_tokens, other.usage.prompt_tokens) == (4.0, 7, 5)
    assert (factory.runs["run0"].seed, factory.runs["run0"].budget.max_tokens) == (5, 99)
    assert told == [("baseline", False), ("factory", False)]
    kept = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [result["score"]["solved"] for result in kept["results"]] == [True, True]
    assert kept["conditions"]["machine"]["cpu"] == "a cpu"
    assert "| factory | 1 of 1 | 2 of 2 (100%)" in (tmp_path / "out" / "RESULTS.md").read_text()


async def test_rerun_repeats_nothing(tmp_path: Path, real_sandbox: Sandbox) -> None:
    tasks = [shout("a"), shout("b")]
    model = ScriptedChatModel([REPLY, ModelUnavailable("gone"), "no code"])
    arm = SinglePromptArm(model, seed=1, context=8192)
    with pytest.raises(ModelUnavailable):
        await run_bench(tasks, [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    known: list[bool] = []
    entries = await run_bench(
        tasks,
        [arm],
        sandbox=real_sandbox,
        results=folder(tmp_path),
        report=lambda entry, was: known.append(was),
    )
    assert known == [True, False]
    assert [(entry.id, entry.status) for entry in entries] == [("a", "answered"), ("b", "unreadable")]
    model.assert_finished()


async def test_changed_task_is_measured_again(tmp_path: Path, real_sandbox: Sandbox) -> None:
    task = shout()
    arm = baseline(REPLY, "no")
    await run_bench([task], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    changed = task.model_copy(update={"checks": task.checks[:1]})
    (entry,) = await run_bench([changed], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    assert (entry.status, entry.score.total) == ("unreadable", 1)


async def test_damaged_result_is_measured_again(tmp_path: Path, real_sandbox: Sandbox) -> None:
    arm = baseline(REPLY, REPLY)
    await run_bench([shout()], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    (tmp_path / "out" / "baseline" / "shout" / "result.json").write_text("{")
    (entry,) = await run_bench([shout()], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    assert entry.score.solved


def test_results_under_other_conditions_are_not_mixed(tmp_path: Path) -> None:
    folder(tmp_path)
    with pytest.raises(InputError, match="seed 1, not 2"):
        ResultFolder(tmp_path / "out", CONDITIONS.model_copy(update={"seed": 2}), Entry)
    (tmp_path / "out" / "conditions.json").write_text("nonsense")
    with pytest.raises(InputError, match="not a folder of results"):
        folder(tmp_path)


async def test_interrupted_run_is_resumed(tmp_path: Path, real_sandbox: Sandbox) -> None:
    begun = asyncio.Event()
    factory = FakeFactory(None, "partial", begun=begun.set)
    arm = factory_arm(factory)

    async def measure() -> tuple[Entry, ...]:
        return await run_bench([shout()], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)

    work = asyncio.create_task(measure())
    await begun.wait()
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert factory.runs["run0"].status == "interrupted"
    (entry,) = await measure()
    assert factory.calls == ["start run0", "resume run0"]
    assert (entry.status, entry.score.solved, entry.run) == ("partial", True, "run0")


async def test_run_that_finished_before_a_kill_is_only_scored(tmp_path: Path, real_sandbox: Sandbox) -> None:
    factory = FakeFactory("exhausted")
    results = folder(tmp_path)
    arm = factory_arm(factory)
    await arm.build(shout(), results.folder("factory", "shout"))
    (entry,) = await run_bench([shout()], [arm], sandbox=real_sandbox, results=results, report=ignore)
    assert factory.calls == ["start run0"]
    assert (entry.status, entry.score.solved) == ("exhausted", True)


async def test_run_that_was_deleted_is_started_again(tmp_path: Path, real_sandbox: Sandbox) -> None:
    factory = FakeFactory("delivered", "delivered")
    arm = factory_arm(factory)
    await arm.build(shout(), tmp_path / "f")
    factory.runs["other"] = factory.runs.pop("run0")
    built = await arm.build(shout(), tmp_path / "f")
    assert built.run == "run1"


async def test_changed_requirement_is_built_again(tmp_path: Path, real_sandbox: Sandbox) -> None:
    factory = FakeFactory("delivered", "partial")
    arm = factory_arm(factory)
    await run_bench([shout()], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    changed = shout().model_copy(update={"requirement": "Write main.py: it prints its argument in capitals."})
    (entry,) = await run_bench([changed], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    assert factory.calls == ["start run0", "start run1"]
    assert (entry.status, entry.run, entry.digest) == ("partial", "run1", changed.digest)
    assert factory.runs["run1"].requirement.text == changed.requirement


@pytest.mark.parametrize("error", [ReplyError("bad"), ModelRefused("bad"), ValueError("bad"), InputError("bad")])
async def test_factory_that_fails_at_a_task_goes_on_with_the_next(
    error: Exception, tmp_path: Path, real_sandbox: Sandbox
) -> None:
    arm = factory_arm(FakeFactory(error, "delivered"))
    one, other = await run_bench(
        [shout("a"), shout("b")], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore
    )
    assert (one.status, one.score.passed, other.score.solved) == ("failed", 0, True)
    assert "bad" in one.note


@pytest.mark.parametrize("error", [ModelUnavailable("no"), SandboxError("no"), Interrupted("no")])
async def test_what_fails_every_task_stops_the_measurement(
    error: Exception, tmp_path: Path, real_sandbox: Sandbox
) -> None:
    arm = factory_arm(FakeFactory(error))
    results = folder(tmp_path)
    with pytest.raises(type(error)):
        await run_bench([shout()], [arm], sandbox=real_sandbox, results=results, report=ignore)
    assert results.get("factory", "shout", shout().digest) is None


async def test_baseline_that_is_refused_is_a_result(tmp_path: Path, real_sandbox: Sandbox) -> None:
    arm = baseline(ModelRefused("the prompt is too long"))
    (entry,) = await run_bench([shout()], [arm], sandbox=real_sandbox, results=folder(tmp_path), report=ignore)
    assert (entry.status, entry.note, entry.score.passed) == ("failed", "the prompt is too long", 0)


async def test_baseline_prompt_is_plain_and_whole(tmp_path: Path) -> None:
    model = ScriptedChatModel([REPLY])
    await SinglePromptArm(model, seed=3, context=4096, max_tokens=2000).build(shout(), tmp_path)
    (request,) = model.requests
    (message,) = request.messages
    assert shout().requirement in message.content
    assert "exact" not in message.content
    assert (request.sampling.seed, request.sampling.temperature, request.sampling.max_tokens) == (3, 0.0, 2000)
    assert (tmp_path / "product" / "main.py").read_text() == SOLVED


async def test_baseline_leaves_room_for_its_prompt(tmp_path: Path) -> None:
    model = ScriptedChatModel([REPLY])
    await SinglePromptArm(model, seed=0, context=2048).build(shout(), tmp_path)
    assert 1000 < model.requests[0].sampling.max_tokens < 2048


async def test_baseline_has_the_room_that_its_description_names(tmp_path: Path) -> None:
    model = ScriptedChatModel([REPLY])
    await SinglePromptArm(model, seed=0, context=32_768).build(shout(), tmp_path)
    readme = (Path(__file__).parents[2] / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"{model.requests[0].sampling.max_tokens:,} tokens for the answer" in " ".join(readme.split())


async def test_path_that_is_file_and_folder_at_once_is_left_out(tmp_path: Path) -> None:
    reply = "```python\n# a.py\nx = 1\n```\n```python\n# a.py/b.py\ny = 1\n```\n" + REPLY
    await baseline(reply).build(shout(), tmp_path)
    assert [path.name for path in (tmp_path / "product").iterdir()] == ["main.py"]
