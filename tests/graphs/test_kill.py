"""The real delivery graph in real processes, really killed: the product is the same byte for byte."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.workspace.plumbing import git_text
from tests.forks import Sessions, wait_until
from tests.graphs.team import CALC, MAIN, build_model
from tests.runtime.conftest import files

KILLS = 20
KILLS_OF_A_RUN = 7  # so that they fall on three runs at least, however fast the machine is


@pytest.fixture
def sessions(tmp_path, bubblewrap, tmp_path_factory) -> Iterator[Sessions]:
    made = Sessions(
        "tests.graphs.zygote",
        data_dir=str(tmp_path / "data"),
        cache=str(tmp_path_factory.mktemp("cache")),
        run=None,
        output="",
    )
    yield made
    made.close()


@pytest.fixture
def factory(tmp_path, bubblewrap) -> Iterator[AsyncFactory]:
    settings = Settings(data_dir=tmp_path / "data", model="scripted:team")
    with AsyncFactory(settings, build_model=build_model, sandbox=bubblewrap) as made:
        yield made


def started_nodes(factory: AsyncFactory, run: str) -> list[str]:
    return [e.step for e in factory.events(run) if e.kind == "step" and e.data["phase"] == "start"]


def wait_for_a_call(factory: AsyncFactory) -> None:
    wait_until(lambda: any(event.kind == "call" for run in factory.runs() for event in factory.events(run.id)))


@pytest.mark.slow
def test_twenty_kills_lose_nothing(sessions, factory, tmp_path):
    """Every killed session is gone on with in a new process; at most the node at work is done again."""
    moments = random.Random(20)
    sessions.begin(output=str(tmp_path / "whole"))
    started = time.monotonic()
    assert sessions.end() == 0
    usual = time.monotonic() - started
    whole = factory.run("last")
    undisturbed = started_nodes(factory, whole.id)
    assert undisturbed.count("repair") == 2  # a failing test and a crash are on the way
    product = files(tmp_path / "whole")
    assert product["main.py"].decode() == MAIN
    assert product["calc.py"].decode() == CALC

    killed, rounds, run, out, kills_of_run = 0, 0, None, tmp_path / "none", 0
    while killed < KILLS or run is not None:
        if run is None:
            rounds += 1
            out, kills_of_run = tmp_path / f"killed{rounds}", 0
        pid = sessions.begin(run=run, output=str(out))
        if killed < KILLS and kills_of_run < KILLS_OF_A_RUN:
            time.sleep(moments.uniform(0.05, usual / 2))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = sessions.end()
        assert status in {0, -signal.SIGKILL}
        killed += status != 0
        kills_of_run += status != 0
        newest = factory.run("last")
        if newest.id == whole.id or (run is None and newest.output != str(out)):
            continue  # killed before the run was written: it was never accepted
        run = newest.id
        if newest.status != "delivered":
            # a child that was just forked holds the lock until it is another program
            wait_until(lambda name=run: factory.run(name).status == "interrupted")
            continue
        assert files(out) == product
        assert git_text(out, "rev-parse", "HEAD") == git_text(tmp_path / "whole", "rev-parse", "HEAD")
        again = len(started_nodes(factory, run)) - len(undisturbed)
        assert 0 <= again <= kills_of_run
        assert [step.step for step in factory.history(run)] == [step.step for step in factory.history(whole.id)]
        run = None
    assert rounds >= 3


async def test_a_replay_reaches_the_same_commit(sessions, factory, tmp_path):
    sessions.begin(output=str(tmp_path / "whole"))
    assert sessions.end() == 0
    origin = factory.run("last")
    run = await (await factory.replay(origin.id)).result()
    assert run.status == "delivered"
    assert factory.history(run.id)[-1].commit == factory.history(origin.id)[-1].commit
    assert files(Path(run.output)) == files(Path(origin.output))


async def test_a_killed_run_replays_too(sessions, factory, tmp_path):
    pid = sessions.begin(output=str(tmp_path / "whole"))
    wait_for_a_call(factory)
    os.kill(pid, signal.SIGKILL)
    assert sessions.end() == -signal.SIGKILL
    origin = factory.run("last")
    sessions.begin(run=origin.id)
    assert sessions.end() == 0
    run = await (await factory.replay(origin.id)).result()
    assert factory.history(run.id)[-1].commit == factory.history(origin.id)[-1].commit
