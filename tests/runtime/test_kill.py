"""Real processes, really killed: nothing that was finished is lost, and nothing is done twice but the node at work."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from swfactory.errors import BusyError
from tests.forks import Sessions, wait_until
from tests.runtime.conftest import Makers, files


@pytest.fixture(scope="module")
def zygote() -> Iterator[Sessions]:
    sessions = Sessions("tests.runtime.zygote")
    yield sessions
    sessions.close()


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def sessions(zygote: Sessions, makers: Makers, trace: Path) -> Sessions:
    zygote.order = {"data_dir": str(makers.data_dir), "trace": str(trace), "run": None, "output": "", "files": 0}
    return zygote


def test_twenty_kills_lose_nothing(makers, sessions, trace, tmp_path):
    count, kills, moments = 12, 20, random.Random(20)
    sessions.begin(output=str(tmp_path / "whole"), files=count)
    started = time.monotonic()
    assert sessions.end() == 0
    usual = time.monotonic() - started
    undisturbed = Counter(trace.read_text().split("\n"))
    trace.unlink()

    factory = makers.factory()
    whole = factory.run("last").id
    killed, run, out = 0, None, tmp_path / "none"
    while killed < kills or run is not None:
        if run is None:
            out = tmp_path / f"killed{killed}"
        pid = sessions.begin(run=run, output=str(out), files=count)
        if killed < kills:
            time.sleep(moments.uniform(0, usual / 3))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = sessions.end()
        assert status in {0, -signal.SIGKILL}
        killed += status != 0
        newest = factory.run("last")
        if newest.id == whole or (run is None and newest.output != str(out)):
            continue  # killed before the run was written: it was never accepted
        run = newest.id
        if newest.status == "delivered":  # a kill after the last write changes nothing
            assert files(out) == files(tmp_path / "whole")
            seqs = [event.seq for event in factory.events(run)]
            assert seqs == list(range(1, len(seqs) + 1))
            run = None
        else:
            # Seen late once on a busy machine: a child forked before the kill may hold the lock until it execs.
            wait_until(lambda name=run: factory.run(name).status == "interrupted")

    runs = [item for item in factory.runs() if item.id != whole]
    done = Counter(trace.read_text().split("\n"))
    assert done.keys() == undisturbed.keys()
    again = sum(done[node] - len(runs) for node in undisturbed if node)
    assert again <= kills
    commits = {factory.history(item.id)[-1].step for item in factory.runs()}
    assert commits == {count + 3}  # no step is counted twice


async def test_of_two_processes_one_is_refused(makers, sessions, tmp_path, trace):
    pid = sessions.begin(output=str(tmp_path / "out"), files=5)
    factory = makers.factory()
    wait_until(trace.exists)
    os.kill(pid, signal.SIGKILL)
    assert sessions.end() == -signal.SIGKILL
    run = factory.run("last").id

    first = sessions.begin(run=run, pause=0.02)
    before = trace.stat().st_size
    wait_until(lambda: trace.stat().st_size > before)
    with pytest.raises(BusyError, match=f"process {first}\\b") as caught:
        await factory.resume(run)
    assert f"swf logs {run} --follow" in caught.value.hint
    assert factory.run(run).status == "running"
    assert sessions.end() == 0
    assert factory.run(run).status == "delivered"
    assert len(files(tmp_path / "out")) == 6
