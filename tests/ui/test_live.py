"""A run is watched from its past to its end and beyond, by as many as like, and by none for longer than they look."""

import asyncio
from contextlib import aclosing

import pytest

from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run
from swfactory.errors import NotFoundError
from swfactory.runtime import Decision
from swfactory.ui.live import Live, watch


async def until(lives, wanted):
    async for live in lives:
        if wanted(live):
            return live
    raise AssertionError("the run was left before it came so far")


async def test_a_run_is_watched_through_its_gate_to_its_end(factory, worker):
    run = factory.enqueue("Count. Write 2 files", gates=["spec"])
    worker.wake()
    async with aclosing(watch(factory, worker, run.id, lambda: True)) as lives:
        waiting = await until(lives, lambda live: live.gates)
        assert (waiting.active, waiting.working) == ("gate", False)
        assert waiting.run.status == "waiting"
        factory.enqueue_answer(run.id, "spec", Decision(decision="approve"))
        worker.wake()
        done = await until(lives, lambda live: live.run.status == "delivered")
    assert list(done.done) == ["plan", "gate", "write", "deliver"]
    assert (done.progress.passed, done.progress.total, done.commits) == (4, 4, 2)
    assert done.seq == len(factory.events(run.id))
    assert done.gates == ()


async def test_one_who_comes_later_sees_the_same(factory, worker):
    run = factory.enqueue("Count. Write 1 file")
    worker.wake()
    async with aclosing(watch(factory, worker, run.id, lambda: True)) as lives:
        first = await until(lives, lambda live: live.run.status == "delivered")
    async with aclosing(watch(factory, worker, run.id, lambda: True)) as lives:
        later = await until(lives, lambda live: True)
    assert (later.said, list(later.log), later.results) == (first.said, list(first.log), first.results)
    assert later.elapsed(0) == pytest.approx(first.elapsed(0))


@pytest.mark.parametrize("left", ["interrupted", "queued"])
def test_the_time_between_a_kill_and_the_resumption_is_no_work(left):
    live = Live.of(Run(id="r", requirement=Requirement(text="Count."), model="m", status="running"))
    live.apply(Event(run="r", seq=1, time=10.0, kind="run", text="taken up"))
    live.apply(Event(run="r", seq=2, time=14.0, kind="step", step="plan"))
    assert (live.active, live.working, live.elapsed(16.0)) == ("plan", True, 6.0)
    live.run = live.run.model_copy(update={"status": left})
    assert (live.active, live.working, live.elapsed(900.0)) == ("", False, 4.0)
    live.apply(Event(run="r", seq=3, time=890.0, kind="run", text="to be resumed", data={"status": "queued"}))
    live.apply(Event(run="r", seq=4, time=900.0, kind="run", text="taken up"))
    live.run = live.run.model_copy(update={"status": "running"})
    assert (live.working, live.elapsed(903.0)) == (True, 7.0)
    live.apply(Event(run="r", seq=5, time=904.0, kind="step", step="plan"))
    assert live.worked == 8.0


def test_the_time_before_a_run_is_taken_up_once_more_is_no_work():
    live = Live.of(Run(id="r", requirement=Requirement(text="Count."), model="m", status="running"))
    live.apply(Event(run="r", seq=1, time=10.0, kind="run", text="started"))
    live.apply(Event(run="r", seq=2, time=14.0, kind="step", step="plan"))
    live.apply(Event(run="r", seq=3, time=900.0, kind="run", text="resumed"))
    assert live.elapsed(901.0) == 5.0


async def test_a_reader_who_leaves_disturbs_nobody(factory, worker):
    run = factory.enqueue("Count. Write 1 file", gates=["spec"])
    looks = True
    async with aclosing(watch(factory, worker, run.id, lambda: looks)) as lives:
        worker.wake()
        await until(lives, lambda live: live.gates)
        looks = False
        assert [live async for live in lives] == []
    assert worker.feed._watchers == {}
    assert factory.run(run.id).status == "waiting"


async def test_a_run_that_is_gone_is_an_error(factory, worker):
    with pytest.raises(NotFoundError):
        await anext(watch(factory, worker, "nothing", lambda: True))
    run = factory.enqueue("Count. Write 1 file", gates=["spec"])
    worker.wake()
    async with aclosing(watch(factory, worker, run.id, lambda: True)) as lives:
        await until(lives, lambda live: live.gates)
        while True:
            try:
                factory.delete(run.id)
                break
            except Exception:  # noqa: BLE001 the worker lets go of it in a moment
                await asyncio.sleep(0.01)
        with pytest.raises(NotFoundError):
            await until(lives, lambda live: False)
