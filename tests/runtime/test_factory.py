import asyncio
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import Criterion, Spec
from swfactory.errors import BusyError, InputError, LimitError, ModelUnavailable, NotFoundError, ReplyError, StoreError
from swfactory.locks import lock_holder
from swfactory.runtime import AsyncFactory, Decision
from swfactory.runtime.handle import AsyncRunHandle
from swfactory.runtime.lock import RunLock
from swfactory.runtime.store import RunStore
from swfactory.workspace.plumbing import git, git_text
from tests.runtime.conftest import TOY, files, wish

REPORT = "3 files, 32 tokens\n"


async def delivered(factory: AsyncFactory, number: int = 3, **options) -> str:
    """Run the toy graph to its end and return the run's id."""
    handle = await factory.start(wish(number), graph=TOY, **options)
    run = await handle.result()
    assert run.status == "delivered"
    return run.id


def commit_of(factory: AsyncFactory, run_id: str) -> str:
    return factory.history(run_id)[-1].commit


async def test_a_run_is_delivered(factory, tmp_path):
    handle = await factory.start(wish(), graph=TOY, output=tmp_path / "out", seed=7)
    events = [event async for event in handle.events()]
    run = await handle.result()
    assert run.status == "delivered"
    assert (run.seed, run.output, run.graph) == (7, str(tmp_path / "out"), TOY)
    assert files(tmp_path / "out").keys() == {"REPORT.md", "src/file1.txt", "src/file2.txt", "src/file3.txt"}
    subjects = git_text(tmp_path / "out", "log", "--format=%s").splitlines()
    assert subjects == ["Report", "Add file 3", "Add file 2", "Add file 1"]

    kept = [event for event in events if event.seq]
    assert kept == factory.events(run.id)
    assert [event.seq for event in kept] == list(range(1, len(kept) + 1))
    assert {event.kind for event in events if not event.seq} == {"token"}
    steps = [(event.step, event.data["phase"]) for event in kept if event.kind == "step"]
    order = ["plan", "gate", "write", "write", "write", "deliver"]
    assert steps == [(name, phase) for name in order for phase in ("start", "finish")]
    assert [event.step for event in kept if event.kind == "call"] == ["plan", "write", "write", "write"]
    last = kept[-1]
    assert (last.kind, last.data["commit"]) == ("delivery", git_text(tmp_path / "out", "rev-parse", "HEAD"))
    assert factory.delivery(run.id).complete
    assert factory.run("last") == run


async def test_the_row_is_there_before_anything_happens(factory, makers):
    handle = await factory.start(wish(), graph=TOY)
    assert makers.urls == []
    assert makers.factory().run("last").id == handle.run.id
    assert (await handle.result()).output == str(makers.data_dir / "runs" / handle.run.id / "product")


async def test_what_cannot_begin_leaves_no_run(factory, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        await factory.start(wish(), graph=TOY, output=tmp_path / "full")
    with pytest.raises(InputError, match="unknown"):
        await factory.start(wish(), graph="unknown")
    with pytest.raises(NotFoundError, match="no runs"):
        factory.run("last")


async def test_a_model_that_went_away_can_be_resumed(factory, makers, tmp_path):
    makers.script = lambda request: "unavailable" if "file 2" in request.messages[-1].content else "fine"
    handle = await factory.start(wish(), graph=TOY, output=tmp_path / "out")
    with pytest.raises(ModelUnavailable):
        await handle.result()
    run = factory.run("last")
    assert run.status == "failed"
    event = factory.events(run.id)[-1]
    assert (event.kind, event.text, event.data["error"]) == ("run", "the model went away", "ModelUnavailable")
    assert event.data["hint"] == "start it again"

    makers.script = lambda request: "fine"
    resumed = await makers.factory().resume(run.id[:14])
    events = [event async for event in resumed.events()]
    assert (await resumed.result()).status == "delivered"
    assert [event.step for event in events if event.kind == "call"] == ["write", "write"]
    assert len(files(tmp_path / "out")) == 4


async def test_a_bug_in_a_users_graph_is_raised_as_it_is(factory, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from langgraph.graph import START, StateGraph\n"
        "from swfactory.graphs.state import FactoryState\n"
        "def node(state): return {'commit': [][0]}\n"
        "graph = StateGraph(FactoryState)\ngraph.add_node('node', node)\ngraph.add_edge(START, 'node')\n"
    )
    handle = await factory.start(wish(), graph=f"{tmp_path / 'mine.py'}:graph")
    with pytest.raises(IndexError):
        await handle.result()
    run = factory.run("last")
    assert run.status == "failed"
    assert "swf resume" in factory.events(run.id)[-1].data["hint"]


@pytest.mark.parametrize(
    ("returned", "said"),
    [("{}", "without a commit"), ("{'commit': 'x', 'outcome': 'perfect'}", "outcome 'perfect'")],
)
async def test_a_graph_must_end_with_something_to_deliver(factory, tmp_path, returned, said):
    (tmp_path / "mine.py").write_text(
        "from langgraph.graph import START, StateGraph\n"
        "from swfactory.graphs.state import FactoryState\n"
        f"def node(state): return {returned}\n"
        "graph = StateGraph(FactoryState)\ngraph.add_node('node', node)\ngraph.add_edge(START, 'node')\n"
    )
    handle = await factory.start(wish(), graph=f"{tmp_path / 'mine.py'}:graph")
    with pytest.raises(InputError, match=said):
        await handle.result()


async def test_a_graph_that_never_ends_is_stopped(factory, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from langgraph.graph import START, StateGraph\n"
        "from swfactory.graphs.state import FactoryState\n"
        "def node(state): return {'rounds': state['rounds'] + 1}\n"
        "graph = StateGraph(FactoryState)\ngraph.add_node('node', node)\ngraph.add_edge(START, 'node')\n"
        "graph.add_edge('node', 'node')\n"
    )
    handle = await factory.start(wish(), graph=f"{tmp_path / 'mine.py'}:graph")
    with pytest.raises(Exception, match="more than 200 steps"):
        await handle.result()


async def test_stopping_is_quick_and_resumable(factory, makers, tmp_path):
    makers.pause = 0.1
    handle = await factory.start(wish(), graph=TOY, output=tmp_path / "out")
    async for event in handle.events():
        if event.kind == "token" and event.step == "write":
            handle.stop()
            break
    run = await handle.result()
    assert run.status == "interrupted"
    assert "swf resume" in factory.events(run.id)[-1].text
    assert [event.step for event in factory.events(run.id) if event.kind == "call"] == ["plan"]

    makers.pause = 0.0
    resumed = await makers.factory().resume(run.id)
    assert (await resumed.result()).status == "delivered"
    assert [event.step for event in factory.events(run.id) if event.kind == "call"] == ["plan", *["write"] * 3]
    assert (tmp_path / "out" / "REPORT.md").read_text() == REPORT


async def test_stopping_before_anything_began(factory):
    handle = await factory.start(wish(), graph=TOY)
    handle.stop()
    assert (await handle.result()).status == "interrupted"
    assert (await (await factory.resume("last")).result()).status == "delivered"


async def test_a_stop_is_kept_for_the_session_that_begins_and_for_no_other(factory, makers, monkeypatch):
    makers.pause = 0.05
    note = AsyncRunHandle.note

    def note_and_stop(self, text, **data):
        note(self, text, **data)
        makers.factory().stop(self.run.id)  # another process is as quick as can be

    with monkeypatch.context() as patch:
        patch.setattr(AsyncRunHandle, "note", note_and_stop)
        handle = await factory.start(wish(100), graph=TOY)
    assert (await handle.result()).status == "interrupted"
    stop = factory.settings.data_dir / "runs" / handle.run.id / "stop"
    assert not stop.exists()
    stop.touch()  # as a worker leaves it that was killed before it looked
    makers.pause = 0.0
    assert (await (await factory.resume("last")).result()).status == "delivered"


def test_a_program_that_just_ends_leaves_a_resumable_run(factory, makers):
    async def leave() -> None:
        handle = await factory.start(wish(), graph=TOY)
        async for event in handle.events():
            if event.kind == "token":
                return  # asyncio.run now cancels every task, as it does on Ctrl-C

    async def resume() -> str:
        return (await (await factory.resume("last")).result()).status

    makers.pause = 0.1
    asyncio.run(leave())
    assert factory.run("last").status == "interrupted"
    assert factory._store.runs()[0].status == "interrupted"
    makers.pause = 0.0
    assert asyncio.run(resume()) == "delivered"


async def test_one_handle_at_a_time(factory, makers):
    handle = await factory.start(wish(), graph=TOY)
    for attempt in (factory.resume, makers.factory().resume):
        with pytest.raises(BusyError):
            await attempt(handle.run.id)
    with pytest.raises(BusyError):
        factory.delete(handle.run.id)
    await handle.result()
    factory.delete(handle.run.id)


async def test_a_run_that_its_process_left_is_shown_as_interrupted(factory, makers):
    run_id = await delivered(factory)
    run = factory._store.update(factory.run(run_id).model_copy(update={"status": "running"}))
    other = await delivered(factory)
    assert factory.run(run_id).status == "interrupted"
    assert [item.id for item in factory.runs(status="interrupted")] == [run_id]
    assert factory.runs(status="running") == []
    assert [item.id for item in factory.runs(limit=1)] == [other]
    with RunLock(makers.data_dir / "runs" / run.id / "lock", run.id):
        assert factory.run(run_id).status == "running"
        assert [item.id for item in factory.runs(status="running")] == [run_id]


async def test_a_kill_after_the_last_step_only_repeats_the_delivery(factory, tmp_path):
    run_id = await delivered(factory, output=tmp_path / "out")
    factory._store.update(factory.run(run_id).model_copy(update={"status": "running"}))
    before = files(tmp_path / "out")
    handle = await factory.resume(run_id)
    assert (await handle.result()).status == "delivered"
    assert files(tmp_path / "out") == before
    assert sum(event.kind == "call" for event in factory.events(run_id)) == 4


async def test_finished_runs_are_not_resumed(factory):
    run_id = await delivered(factory)
    with pytest.raises(InputError, match="finished") as caught:
        await factory.resume(run_id)
    assert f"swf fork {run_id}" in caught.value.hint
    assert (await (await factory.fork(run_id, step=2)).result()).status == "delivered"


async def test_a_spent_budget_can_be_raised(factory, tmp_path):
    handle = await factory.start(wish(), graph=TOY, output=tmp_path / "out", budget=Budget(max_tokens=20))
    run = await handle.result()
    assert run.status == "exhausted"
    assert (tmp_path / "out" / "REPORT.md").read_text() == "2 files, 23 tokens\n"
    for no_more in (None, Budget(max_tokens=20)):
        with pytest.raises(InputError, match="spent its tokens") as caught:
            await factory.resume(run.id, budget=no_more)
        assert "--max-tokens" in caught.value.hint

    more = await factory.resume(run.id, budget=Budget(max_tokens=1000))
    assert (await more.result()).status == "delivered"
    assert factory.run(run.id).budget.max_tokens == 1000
    assert (tmp_path / "out" / "REPORT.md").read_text() == REPORT
    assert sum(event.kind == "call" for event in factory.events(run.id)) == 4  # nothing was asked twice
    steps = [(item.step, item.nodes) for item in factory.history(run.id)]
    history = factory.history(run.id)
    assert [item.next for item in history[1:]] == [*(item.nodes for item in history[2:]), ()]
    assert steps[-1] == (6, ("deliver",))
    assert [number for number, _ in steps] == list(range(-1, 7))
    assert (await (await factory.replay(run.id)).result()).status == "delivered"


async def test_a_budget_can_be_raised_after_a_kill_in_the_middle_of_that(factory, monkeypatch):
    handle = await factory.start(wish(), graph=TOY, budget=Budget(max_tokens=20))
    run = await handle.result()
    assert run.status == "exhausted"
    with monkeypatch.context() as full:
        full.setattr(RunStore, "update", lambda *_: (_ for _ in ()).throw(StoreError("the disk is full")))
        with pytest.raises(StoreError):
            await factory.resume(run.id, budget=Budget(max_tokens=1000))
    more = await factory.resume(run.id, budget=Budget(max_tokens=1000))
    assert (await more.result()).status == "delivered"


async def test_a_budget_can_be_spent_twice(factory):
    handle = await factory.start(wish(5), graph=TOY, budget=Budget(max_tokens=10))
    assert (await handle.result()).status == "exhausted"
    again = await factory.resume("last", budget=Budget(max_tokens=30))
    assert (await again.result()).status == "exhausted"
    end = await factory.resume("last", budget=Budget())
    assert (await end.result()).status == "delivered"


class TestGates:
    async def start(self, factory: AsyncFactory, **options):
        handle = await factory.start(wish(), graph=TOY, gates=("spec",), **options)
        run = await handle.result()
        assert run.status == "waiting"
        return handle

    async def test_an_answer_that_nobody_took_up_is_taken_up_by_the_next(self, factory, monkeypatch):
        handle = await self.start(factory)
        with monkeypatch.context() as full:
            full.setattr(RunStore, "update", lambda *_: (_ for _ in ()).throw(StoreError("the disk is full")))
            await handle.answer("spec", "reject", comment="shorter")
            with pytest.raises(StoreError):
                await handle.result()
        assert factory.run(handle.run.id).status == "waiting"
        assert factory.gates(handle.run.id) == ()
        again = await factory.resume(handle.run.id)
        assert (await again.result()).status == "delivered"
        asked = [event for event in factory.events(handle.run.id) if event.kind == "gate"]
        assert [bool(event.data.get("answered")) for event in asked] == [False, True]

    async def test_an_answer_that_cannot_be_written_leaves_the_run_free(self, factory, monkeypatch):
        handle = await self.start(factory)
        with monkeypatch.context() as full:
            full.setattr(RunStore, "append_event", lambda *_: (_ for _ in ()).throw(StoreError("the disk is full")))
            with pytest.raises(StoreError):
                await handle.answer("spec", "approve")
        assert lock_holder(factory._folder(handle.run.id).lock) is None
        await handle.answer("spec", "approve")
        assert (await handle.result()).status == "delivered"

    async def test_the_run_waits_and_says_how_to_answer(self, factory):
        handle = await self.start(factory)
        event = factory.events("last")[-1]
        assert (event.kind, event.data["gate"], event.data["answered"]) == ("gate", "spec", False)
        assert f"swf resume {handle.run.id} --approve" in event.text
        assert Spec.model_validate_json(event.data["document"]) == Spec.model_validate_json(
            factory.document("last", "spec")
        )
        assert factory.gates("last") == handle.gates
        await handle.answer("spec", Decision(decision="approve"))
        assert [e.kind async for e in handle.events() if e.seq][:2] == ["gate", "step"]
        assert (await handle.result()).status == "delivered"
        assert factory.gates("last") == ()

    async def test_another_process_may_answer(self, factory, makers, monkeypatch, tmp_path):
        monkeypatch.setenv("TOY_TRACE", str(tmp_path / "trace"))
        await self.start(factory)
        handle = await makers.factory().resume("last")
        assert (await handle.result()).status == "waiting"
        assert [event async for event in handle.events()] == []
        await handle.answer("spec", Decision(decision="reject", comment="too short"))
        assert (await handle.result()).status == "delivered"
        assert "gate reject" in (tmp_path / "trace").read_text()

    async def test_an_edited_document_is_used(self, factory, tmp_path):
        handle = await self.start(factory, output=tmp_path / "out")
        spec = Spec(title="mine", criteria=(Criterion(id="C1", text="x"),))
        with pytest.raises(InputError, match="criteria"):
            await handle.answer("spec", Decision(decision="edit", document='{"title": "mine"}'))
        await handle.answer("spec", Decision(decision="edit", document=spec.model_dump_json(indent=2)))
        assert (await handle.result()).status == "delivered"
        assert (tmp_path / "out" / "src" / "file1.txt").read_text() == "engineer on mine: file 1\n"

    async def test_only_a_gate_that_waits_can_be_answered(self, factory, makers):
        handle = await self.start(factory)
        with pytest.raises(InputError, match=r"gate 'design' \(waiting: spec\)"):
            await handle.answer("design", Decision(decision="approve"))
        other = await makers.factory().resume("last")
        await other.answer("spec", Decision(decision="approve"))
        with pytest.raises(BusyError):
            await handle.answer("spec", Decision(decision="approve"))
        await other.result()
        with pytest.raises(InputError, match="waiting: none"):
            await handle.answer("spec", Decision(decision="approve"))

    async def test_a_replay_repeats_the_answers(self, factory):
        handle = await self.start(factory)
        spec = Spec(title="mine", criteria=(Criterion(id="C1", text="x"),))
        await handle.answer("spec", Decision(decision="edit", document=spec.model_dump_json()))
        run = await handle.result()
        replay = await factory.replay(run.id)
        assert (await replay.result()).status == "delivered"
        assert commit_of(factory, replay.run.id) == commit_of(factory, run.id)


class TestFork:
    async def test_a_fork_goes_on_from_a_step_with_a_document_changed(self, factory, makers, tmp_path):
        origin = await delivered(factory, output=tmp_path / "out")
        before = commit_of(factory, origin)
        spec = json.loads(factory.document(origin, "spec", step=1)) | {"title": "changed"}
        handle = await factory.fork(origin, step=3, changes={"spec": json.dumps(spec)}, output=tmp_path / "fork")
        events = [event async for event in handle.events()]
        run = await handle.result()
        assert (run.status, run.parent, run.output) == ("delivered", origin, str(tmp_path / "fork"))
        assert [event.step for event in events if event.kind == "call"] == ["write", "write"]
        made = files(tmp_path / "fork")
        assert made["src/file1.txt"] == files(tmp_path / "out")["src/file1.txt"]
        assert made["src/file2.txt"] == b"engineer on changed: file 2\n"
        assert commit_of(factory, origin) == before
        assert [item.step for item in factory.history(run.id)] == list(range(-1, 7))
        assert [item.nodes for item in factory.history(run.id)][4:5] == [("write",)]
        assert [item.id for item in factory.runs(parent=origin)] == [run.id]

        replay = await makers.factory().replay(run.id)
        assert (await replay.result()).status == "delivered"
        assert commit_of(factory, replay.run.id) == commit_of(factory, run.id)

    async def test_without_a_change_it_reaches_the_same_commit_from_any_step(self, factory):
        origin = await delivered(factory)
        for step in (-1, 2, 6):
            fork = await factory.fork(origin, step=step)
            assert (await fork.result()).status == "delivered"
            assert commit_of(factory, fork.run.id) == commit_of(factory, origin)

    async def test_a_gate_asks_again(self, factory):
        handle = await factory.start(wish(), graph=TOY, gates=("spec",))
        await handle.result()
        await handle.answer("spec", Decision(decision="approve"))
        await handle.result()
        fork = await factory.fork(handle.run.id, step=1)
        assert (await fork.result()).status == "waiting"

    async def test_a_running_run_can_be_forked(self, factory, makers):
        makers.pause = 0.02
        handle = await factory.start(wish(), graph=TOY)
        async for event in handle.events():
            if event.kind == "commit":
                break
        fork = await factory.fork(handle.run.id, step=2)
        runs = [await handle.result(), await fork.result()]
        assert [run.status for run in runs] == ["delivered", "delivered"]
        assert commit_of(factory, runs[0].id) == commit_of(factory, runs[1].id)

    async def test_what_cannot_be_forked_leaves_no_run(self, factory):
        origin = await delivered(factory)
        with pytest.raises(NotFoundError, match=r"no step 99 \(it has -1 to 6\)"):
            await factory.fork(origin, step=99)
        with pytest.raises(InputError, match="'commit' is not a document"):
            await factory.fork(origin, step=2, changes={"commit": "{}"})
        with pytest.raises(InputError, match="the spec cannot be used"):
            await factory.fork(origin, step=2, changes={"spec": "{}"})
        assert len(factory.runs()) == 1


class TestReplay:
    async def test_it_reaches_the_same_commit_without_a_model(self, factory, makers, tmp_path):
        origin = await delivered(factory, output=tmp_path / "out")
        makers.urls.clear()
        replay = await makers.factory().replay(origin)
        run = await replay.result()
        assert (run.status, run.parent) == ("delivered", origin)
        assert commit_of(factory, run.id) == commit_of(factory, origin)
        assert makers.urls == [f"replay:{makers.data_dir / 'runs' / run.id / 'calls'}"]
        assert files(Path(run.output)) == files(tmp_path / "out")
        assert factory.delivery(run.id).model == "scripted:toy"
        assert (await (await factory.replay(run.id)).result()).status == "delivered"

    async def test_another_commit_is_a_failure(self, factory):
        origin = await delivered(factory)
        event = factory.events(origin)[-1]
        factory._store.append_event(event.model_copy(update={"data": {**event.data, "commit": "0" * 40}}))
        replay = await factory.replay(origin)
        with pytest.raises(ReplyError, match=r"reached commit [0-9a-f]{40}, the run itself 0{40}"):
            await replay.result()

    async def test_there_must_be_something_to_compare_with(self, factory):
        handle = await factory.start(wish(), graph=TOY)
        with pytest.raises(InputError, match="not delivered anything"):
            await factory.replay(handle.run.id)
        await handle.result()


class TestDiff:
    async def test_of_a_step_and_of_everything(self, factory):
        run = await delivered(factory)
        assert "+engineer on product_manager on Write 3 files: file 2" in factory.diff(run, 4)
        assert "file1" not in factory.diff(run, 4)
        assert "src/file1.txt" in factory.diff(run, 3)
        assert factory.diff(run, 1) == ""
        assert factory.diff(run).count("+++ b/") == 4
        with pytest.raises(NotFoundError):
            factory.diff(run, 9)


async def test_documents_by_step(factory):
    run = await delivered(factory)
    assert Spec.model_validate_json(factory.document(run, "spec")).criteria
    for key, step in (("spec", 0), ("design", None)):
        with pytest.raises(NotFoundError, match=key):
            factory.document(run, key, step=step)


async def test_deleting_leaves_the_product(factory, makers, tmp_path):
    run = await delivered(factory, output=tmp_path / "out")
    factory.delete(run)
    assert list((makers.data_dir / "runs").iterdir()) == []
    assert len(files(tmp_path / "out")) == 4
    for lost in (factory.run, factory.events, factory.history, factory.delete, factory.diff):
        with pytest.raises(NotFoundError):
            lost(run)


async def test_a_run_without_its_files_can_still_be_listed_and_deleted(factory, makers):
    run = await delivered(factory)
    (makers.data_dir / "runs" / run).rename(makers.data_dir / "elsewhere")
    assert factory.run(run).status == "delivered"
    with pytest.raises(NotFoundError, match="files of run") as caught:
        factory.history(run)
    assert caught.value.hint == f"swf delete {run}"
    factory.delete(run)
    assert factory.runs() == []


async def test_an_export_holds_everything(factory, tmp_path):
    run = await delivered(factory)
    made = factory.export(run, tmp_path / "new" / "out.zip")
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        assert {"run.json", "events.jsonl", "calls.jsonl", "repository.bundle", "REPORT.md"} <= set(names)
        assert json.loads(archive.read("run.json"))["id"] == run
        assert len(archive.read("events.jsonl").splitlines()) == len(factory.events(run))
        calls = [json.loads(line) for line in archive.read("calls.jsonl").splitlines()]
        assert len(calls) == 4
        assert calls[0]["reply"]["text"] == "product_manager on Write 3 files"
        for event in factory.events(run):
            if event.kind == "call":
                assert {f"objects/{event.data[key]}" for key in ("prompt", "reply")} <= set(names)
        archive.extract("repository.bundle", tmp_path)
    git(tmp_path, "clone", "--quiet", "--mirror", "repository.bundle", "clone.git")
    assert git_text(tmp_path / "clone.git", "rev-list", "--count", commit_of(factory, run)) == "4"
    assert factory.export(run, tmp_path / "again.zip").read_bytes() == made.read_bytes()
    with pytest.raises(InputError, match="exists"):
        factory.export(run, made)


async def test_a_run_of_sixty_steps_stays_small(factory, makers):
    run = await delivered(factory, 58)
    assert [item.step for item in factory.history(run)] == list(range(-1, 62))
    folder = makers.data_dir / "runs" / run
    size = sum(path.stat().st_size for path in folder.glob("checkpoints.db*"))
    assert size < 1_000_000  # the promise is 5 MB; the state of a real graph is larger than the toy's
    assert (await (await factory.fork(run, step=60)).result()).status == "delivered"


def test_a_run_like_another_uses_what_that_one_did_and_installs_only_where_the_settings_let_it(makers):
    roles = {"engineer": "scripted:engineer"}
    first = makers.factory(role_models=roles, allow_install=True).enqueue(
        wish(), graph=TOY, collections=[], experience=False
    )
    factory = makers.factory(role_models={"writer": "scripted:writer"})
    means = ("allow_install", "collections", "collections_asked", "experience", "model.engineer", "model.writer")

    def used(run) -> list[object]:
        return [run.options.get(name) for name in means]

    assert used(first) == [True, "", False, False, "scripted:engineer", None]
    assert used(factory.enqueue(wish(), graph=TOY, like=first)) == [False, *used(first)[1:]]
    assert used(factory.enqueue(wish(), graph=TOY, like=first, experience=True))[3] is True
    assert used(factory.enqueue(wish(), graph=TOY)) == [False, "", False, False, None, "scripted:writer"]


def test_a_run_like_another_looks_up_where_that_one_did(factory, makers):
    for name in ("ours", "default"):
        (makers.data_dir / "rag" / name).mkdir(parents=True)
        (makers.data_dir / "rag" / name / "catalog.db").touch()
    first = factory.enqueue(wish(), graph=TOY, collections=["ours"])
    again = factory.enqueue(wish(), graph=TOY, like=first)
    assert (again.options["collections"], again.options["collections_asked"]) == ("ours", True)
    other = factory.enqueue(wish(), graph=TOY, like=first, collections=["default"])
    assert other.options["collections"] == "default"
    (makers.data_dir / "rag" / "ours" / "catalog.db").unlink()
    with pytest.raises(NotFoundError, match="'ours'"):
        factory.enqueue(wish(), graph=TOY, like=first)


def test_runs_beyond_the_queue_have_no_room(makers):
    factory = makers.factory(serve_max_queued=1)
    factory.check_room()
    waiting = factory.enqueue(wish(), graph=TOY)
    with pytest.raises(LimitError, match="1 runs wait"):
        factory.check_room()
    factory.stop(waiting.id)
    factory.check_room()


async def test_the_settings_of_the_start_hold(factory, makers):
    handle = await makers.factory(role_models={"engineer": "scripted:engineer"}).start(wish(), graph=TOY)
    handle.stop()
    run = await handle.result()
    assert run.options["model.engineer"] == "scripted:engineer"
    makers.urls.clear()
    assert (await (await makers.factory(seed=99).resume(run.id)).result()).seed == 0
    assert makers.urls == ["scripted:toy", "scripted:engineer"]


async def test_chinese_requirements(factory, tmp_path):
    handle = await factory.start(Requirement.parse("写 2 个文件"), graph=TOY, output=tmp_path / "产品")
    assert (await handle.result()).status == "delivered"
    assert (
        tmp_path / "产品" / "src" / "file1.txt"
    ).read_text() == "engineer on product_manager on 写 2 个文件: file 1\n"


def test_importing_the_runtime_is_light():
    heavy = "langgraph", "langchain_core", "torch", "chromadb", "aiosqlite"
    code = f"import sys, swfactory.runtime; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_runs_of_one_moment_have_ids_of_their_own(factory, monkeypatch):
    ids = iter(["261127-090000-aaaa"] * 3 + ["261127-090000-aaab"])
    monkeypatch.setattr("swfactory.runtime.drafts.new_run_id", lambda now: next(ids))
    first = factory.enqueue(wish(), graph=TOY)
    second = factory.enqueue(wish(), graph=TOY)
    assert (first.id, second.id) == ("261127-090000-aaaa", "261127-090000-aaab")
