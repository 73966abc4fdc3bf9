"""The factory of programs without an event loop."""

import asyncio
import threading

import pytest

import swfactory
from swfactory.config import Settings
from swfactory.errors import InputError, ModelUnavailable
from swfactory.runtime import Factory
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import TOY, NoSandbox, answer


@pytest.fixture
def model() -> ScriptedChatModel:
    return ScriptedChatModel(answer)


@pytest.fixture
def factory(tmp_path, model):
    with Factory(
        Settings(data_dir=tmp_path / "data", model="scripted:toy"),
        build_model=lambda url, settings: model,
        sandbox=NoSandbox(),
    ) as factory:
        yield factory


def test_a_run_is_started_followed_and_delivered(factory):
    run = factory.start("Write 2 files", graph=TOY)
    events = list(run.events())
    assert run.result().status == "delivered"
    assert [event for event in events if event.seq] == factory.events(run.run.id)
    assert any(event.kind == "token" for event in events)
    assert set(factory.files("last")) == {"REPORT.md", "src/file1.txt", "src/file2.txt"}


def test_the_program_goes_on_while_the_run_works(factory, model):
    model.pause = 0.05
    run = factory.start("Write 3 files", graph=TOY)
    assert factory.run(run.run.id).status in {"created", "running"}
    assert run.result().status == "delivered"


async def test_events_can_be_followed_in_an_event_loop(factory):
    run = factory.start("Write 1 files", graph=TOY)
    beats = 0

    async def beat():
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(beat())
    kinds = [event.kind async for event in run.events()]
    task.cancel()
    assert kinds[-1] == "delivery"
    assert beats > 1


def test_a_gate_is_answered_by_word_or_by_decision(factory):
    run = factory.start("Write 1 files", graph=TOY, gates=["spec"])
    assert run.result().status == "waiting"
    assert [gate.gate for gate in run.gates] == ["spec"]
    with pytest.raises(InputError, match="'design'"):
        run.answer("design", "approve")
    with pytest.raises(InputError, match="document"):
        run.answer("spec", "edit")
    run.answer("spec", "approve")
    assert run.result().status == "delivered"


def test_a_run_can_be_stopped_resumed_forked_and_replayed(factory, model):
    model.pause = 0.05
    run = factory.start("Write 9 files", graph=TOY)
    for event in run.events():
        if event.kind == "commit":
            run.stop()
    assert run.result().status == "interrupted"
    model.pause = 0.0
    resumed = factory.resume(run.run.id)
    assert resumed.result().status == "delivered"
    fork = factory.fork(run.run.id, step=1)
    assert fork.result().parent == run.run.id
    assert factory.files(fork.run.id) == factory.files(run.run.id)


def test_a_failure_is_raised_where_the_result_is_awaited(factory, model):
    model.script = lambda request: "unavailable"
    run = factory.start("Write 1 files", graph=TOY)
    with pytest.raises(ModelUnavailable):
        run.result()
    assert factory.run(run.run.id).status == "failed"


def test_leaving_the_block_stops_what_is_at_work(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", model="scripted:toy")
    with Factory(
        settings, build_model=lambda url, _: ScriptedChatModel(answer, pause=0.05), sandbox=NoSandbox()
    ) as factory:
        run = factory.start("Write 50 files", graph=TOY)
        next(iter(run.events()))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("factory")]
    with Factory(settings) as later:
        assert later.run(run.run.id).status == "interrupted"


def test_what_the_package_names_is_there():
    for name in swfactory.__all__:
        assert getattr(swfactory, name) is not None
    with pytest.raises(AttributeError, match="nothing_like_it"):
        swfactory.nothing_like_it  # noqa: B018
