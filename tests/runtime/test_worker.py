"""Runs that are enqueued here and worked off there."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from swfactory.domain.budget import Budget
from swfactory.domain.run import Event
from swfactory.errors import BusyError, InputError, StoreError
from swfactory.locks import lock_holder
from swfactory.runtime import Decision, Worker, follow
from swfactory.runtime.feed import Feed
from swfactory.runtime.lock import RunLock
from swfactory.runtime.store import RunStore
from tests.runtime.conftest import TOY, files, wish

ROOT = Path(__file__).parents[2]


def settled(factory, run_id, *, unless=("queued", "created", "running"), seconds=60):
    deadline = time.monotonic() + seconds
    while (run := factory.run(run_id)).status in unless:
        assert time.monotonic() < deadline, run.status
        time.sleep(0.01)
    return run


@pytest.fixture
def worker(factory):
    worker = Worker(factory)
    yield worker
    worker.close()


def test_what_is_enqueued_waits_and_is_then_worked_off_in_order(factory, worker):
    first, second = (factory.enqueue(wish(number), graph=TOY) for number in (1, 2))
    assert [run.id for run in factory.queue()] == [first.id, second.id]
    assert factory.run(first.id).status == "queued"
    assert [run.id for run in factory.runs(status="queued")] == [second.id, first.id]
    worker.start()
    worker.wake()
    assert settled(factory, second.id).status == "delivered"
    assert factory.run(first.id).status == "delivered"
    assert factory.run(first.id).updated < factory.run(second.id).updated
    assert factory.queue() == []


@pytest.mark.parametrize("kind", ["new", "fork"])
def test_nobody_takes_up_a_run_that_is_still_being_written_down(factory, makers, worker, monkeypatch, kind):
    origin = factory.enqueue(wish(1), graph=TOY)
    worker.start()
    settled(factory, origin.id)
    worker.close()
    other, seen = makers.factory(), []

    def looking(write):
        def written(store, *arguments):
            answer = write(store, *arguments)
            seen.extend(other.queue())
            return answer

        return written

    for name in ("create", "update", "append_event"):
        monkeypatch.setattr(RunStore, name, looking(getattr(RunStore, name)))
    run = factory.enqueue(wish(1), graph=TOY) if kind == "new" else factory.enqueue_fork(origin.id, step=0)
    assert seen == []
    assert other.queue() == [run]
    assert run.output
    assert [event.data.get("status") for event in factory.events(run.id)] == ["queued"]


def test_a_gate_is_answered_in_another_process_and_the_answer_is_never_lost(factory, makers, worker):
    run = factory.enqueue(wish(1), graph=TOY, gates=["spec"])
    worker.start()
    assert settled(factory, run.id).status == "waiting"
    worker.close()
    with pytest.raises(InputError, match="'design'"):
        factory.enqueue_answer(run.id, "design", Decision(decision="approve"))
    with pytest.raises(InputError, match="spec"):
        factory.enqueue_resume(run.id)
    answered = makers.factory().enqueue_answer(run.id, "spec", Decision(decision="reject", comment="shorter"))
    assert answered.status == "queued"
    with pytest.raises(InputError, match="waiting: none"):
        factory.enqueue_answer(run.id, "spec", Decision(decision="approve"))
    other = Worker(factory)
    other.start()
    assert settled(factory, run.id).status == "delivered"
    other.close()
    assert factory.history(run.id)[-1].commit
    answers = [event for event in factory.events(run.id) if event.kind == "gate" and event.data["answered"]]
    assert [event.data["comment"] for event in answers] == ["shorter"]


def test_an_answer_is_written_down_whole_or_not_at_all(factory, worker, monkeypatch):
    run = factory.enqueue(wish(1), graph=TOY, gates=["spec"])
    worker.start()
    assert settled(factory, run.id).status == "waiting"
    worker.close()
    with monkeypatch.context() as full:
        full.setattr(RunStore, "update", lambda *_: (_ for _ in ()).throw(StoreError("the disk is full")))
        with pytest.raises(StoreError):
            factory.enqueue_answer(run.id, "spec", Decision(decision="approve"))
    assert [gate.gate for gate in factory.gates(run.id)] == ["spec"]
    assert factory.enqueue_answer(run.id, "spec", Decision(decision="approve")).status == "queued"


def test_a_run_is_resumed_whose_answer_was_written_down_and_not_taken_up(factory, worker):
    run = factory.enqueue(wish(1), graph=TOY, gates=["spec"])
    worker.start()
    assert settled(factory, run.id).status == "waiting"
    (gate,) = factory.gates(run.id)
    answer = gate.answered(Decision(decision="approve"))
    factory._store.append_event(Event(run=run.id, kind="gate", data=answer))  # and then the process was killed
    assert factory.run(run.id).status == "waiting"
    factory.enqueue_resume(run.id)
    worker.wake()
    assert settled(factory, run.id, unless=("queued", "created", "running", "waiting")).status == "delivered"


def test_a_run_that_could_not_be_taken_up_is_free_again(factory, monkeypatch):
    run = factory.enqueue(wish(1), graph=TOY)
    with monkeypatch.context() as full:
        full.setattr(RunStore, "append_event", lambda *_: (_ for _ in ()).throw(StoreError("the disk is full")))
        with pytest.raises(StoreError):
            asyncio.run(factory.take(run.id))
    assert lock_holder(factory._folder(run.id).lock) is None


def test_a_worker_that_closes_leaves_its_run_to_the_next(factory, makers, worker):
    makers.pause = 0.05
    run = factory.enqueue(wish(6), graph=TOY)
    worker.start()
    settled(factory, run.id, unless=("queued", "created"))
    while not any(event.kind == "commit" for event in factory.events(run.id)):
        time.sleep(0.01)
    worker.close()
    assert factory.run(run.id).status == "queued"
    makers.pause = 0.0
    later = Worker(factory)
    later.start()
    assert settled(factory, run.id).status == "delivered"
    later.close()


def test_a_run_is_stopped_from_another_process(factory, makers, worker):
    makers.pause = 0.05
    run, waiting = factory.enqueue(wish(100), graph=TOY), factory.enqueue(wish(1), graph=TOY)
    elsewhere = makers.factory()
    assert elsewhere.stop(waiting.id).status == "interrupted"
    worker.start()
    settled(factory, run.id, unless=("queued", "created"))
    elsewhere.stop(run.id)
    assert settled(factory, run.id).status == "interrupted"
    with pytest.raises(InputError, match="interrupted"):
        elsewhere.stop(run.id)
    assert factory.run(waiting.id).status == "interrupted"
    makers.pause = 0.0
    factory.enqueue_resume(waiting.id)
    worker.wake()
    assert settled(factory, waiting.id).status == "delivered"


def test_a_spent_budget_is_widened_and_forks_are_enqueued(factory, worker):
    run = factory.enqueue(wish(3), graph=TOY, budget=Budget(max_tokens=10))
    worker.start()
    assert settled(factory, run.id).status == "exhausted"
    with pytest.raises(InputError, match="spent"):
        factory.enqueue_resume(run.id)
    factory.enqueue_resume(run.id, budget=Budget(max_tokens=10_000))
    assert settled(factory, run.id).status == "delivered"
    fork = factory.enqueue_fork(run.id, step=1)
    assert (fork.parent, fork.status) == (run.id, "queued")
    assert settled(factory, fork.id).status == "delivered"


def test_a_failed_run_fails_alone(factory, makers, worker):
    makers.script = lambda request: "unavailable" if "2" in request.messages[-1].content else "well"
    bad, good = factory.enqueue(wish(2), graph=TOY), factory.enqueue(wish(1), graph=TOY)
    worker.start()
    assert settled(factory, good.id).status == "delivered"
    assert settled(factory, bad.id).status == "failed"
    assert worker.alive


def test_a_locked_run_is_left_to_who_has_it(factory, worker):
    run = factory.enqueue(wish(1), graph=TOY)
    folder = factory.settings.data_dir / "runs" / run.id
    with RunLock(folder / "lock", run.id):
        worker.start()
        with pytest.raises(BusyError):
            factory.enqueue_resume(run.id)
        time.sleep(0.3)
        assert factory.run(run.id).status == "queued"
    worker.wake()
    assert settled(factory, run.id).status == "delivered"


def test_a_run_that_cannot_be_taken_up_holds_up_no_other_and_is_not_tried_all_the_time(factory, worker, monkeypatch):
    gone, good = factory.enqueue(wish(1), graph=TOY), factory.enqueue(wish(1), graph=TOY)
    shutil.rmtree(factory.settings.data_dir / "runs" / gone.id)
    taken = []
    take = factory.take

    async def counted(run_id):
        taken.append(run_id)
        return await take(run_id)

    monkeypatch.setattr(factory, "take", counted)
    worker.start()
    assert settled(factory, good.id).status == "delivered"
    assert gone.id in worker.failure
    assert taken.count(gone.id) <= 2


async def test_tokens_reach_those_who_watch(factory, worker):
    run = factory.enqueue(wish(1), graph=TOY)
    seen: list[Event] = []
    with worker.feed.watch(run.id) as watcher:
        worker.start()
        while not (seen and seen[-1].kind == "delivery"):
            seen += await watcher.get(patience=30)
    assert {"token", "step", "call", "commit"} <= {event.kind for event in seen}
    kept = [event.seq for event in seen if event.seq]
    assert kept == sorted(set(kept))


async def test_a_slow_watcher_loses_the_oldest_and_a_gone_one_disturbs_nobody():
    feed = Feed()
    with feed.watch("r") as watcher:
        for number in range(3_000):
            feed.publish(Event(run="r", seq=number + 1, kind="note"))
        got = await watcher.get(patience=1)
        assert [got[0].seq, got[-1].seq] == [1_001, 3_000]
        assert await watcher.get(patience=0.01) == []
    feed.publish(Event(run="r", seq=1, kind="note"))

    def watch_elsewhere():
        async def watch():
            return feed.watch("r").__enter__()

        return asyncio.run(watch())

    await asyncio.to_thread(watch_elsewhere)
    feed.publish(Event(run="r", seq=2, kind="note"))


def test_killed_workers_lose_nothing_and_do_nothing_twice(makers, tmp_path):
    """Three runs, a worker that is killed again and again, and one that finishes what is left."""
    factory = makers.factory()
    runs = [factory.enqueue(wish(5), graph=TOY, output=tmp_path / f"out{number}").id for number in range(3)]
    order = json.dumps({"data_dir": str(makers.data_dir), "trace": str(tmp_path / "trace"), "pause": 0.02})
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-m", "tests.runtime.serve", order], cwd=ROOT)
        before = len(trace_of(tmp_path))
        deadline = time.monotonic() + 60
        while len(trace_of(tmp_path)) < before + 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    worker = Worker(factory)
    worker.start()
    for run_id in runs:
        assert settled(factory, run_id).status == "delivered"
    worker.close()
    for number, run_id in enumerate(runs):
        assert len(files(tmp_path / f"out{number}")) == 6
        kept = [event.seq for event in factory.events(run_id)]
        assert kept == list(range(1, len(kept) + 1))
    # A kill costs the node that it hit, nothing else.
    repeated = sum(count - 3 for line, count in Counter(trace_of(tmp_path)).items() if count > 3)
    assert repeated <= 3


def trace_of(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return (folder / "trace").read_text().splitlines()
    return []


async def test_a_run_is_followed_from_its_past_to_its_end_and_after_a_cut(factory, makers, worker):
    makers.pause = 0.002
    run = factory.enqueue(wish(2), graph=TOY)
    first: list[Event] = []
    async for event in follow(factory, worker.feed, run.id):
        first.append(event)
        if len(first) == 1:
            worker.start()
    kept = [event for event in first if event.seq]
    assert kept == factory.events(run.id)
    assert any(event.kind == "token" for event in first)
    again = [event async for event in follow(factory, worker.feed, run.id, after=kept[4].seq)]
    assert again == kept[5:]
