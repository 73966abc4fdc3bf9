import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from swfactory.errors import BusyError, StoreError
from swfactory.locks import lock_holder
from swfactory.runtime.lock import RunLock

HOLD = """
import sys, time
from pathlib import Path
from swfactory.runtime.lock import RunLock
lock = RunLock(Path(sys.argv[1]), "r1").acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        assert lock_holder(path) == process.pid
        with pytest.raises(BusyError, match=f"run 'r1' is being worked on by process {process.pid}") as caught:
            RunLock(path, "r1").acquire()
        assert caught.value.hint == "swf logs r1 --follow"
        os.kill(process.pid, signal.SIGKILL)
    assert lock_holder(path) is None
    with RunLock(path, "r1") as lock:
        assert lock.held
        assert lock_holder(path) == os.getpid()
    assert lock_holder(path) is None


def test_two_handles_of_one_process_are_two(tmp_path):
    with RunLock(tmp_path / "lock", "r1") as lock:
        assert lock.acquire() is lock
        with pytest.raises(BusyError):
            RunLock(tmp_path / "lock", "r1").acquire()


def test_patience_waits_for_whoever_works_on_the_run(tmp_path):
    with RunLock(tmp_path / "lock", "r1") as lock, ThreadPoolExecutor(1) as other:
        waiting = other.submit(RunLock(tmp_path / "lock", "r1").acquire, 60)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        lock.release()
        waiting.result(timeout=30).release()


def test_a_child_does_not_inherit_it(tmp_path):
    lock = RunLock(tmp_path / "lock", "r1").acquire()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE):
        lock.release()
        assert lock_holder(tmp_path / "lock") is None


def test_releasing_twice_is_fine(tmp_path):
    lock = RunLock(tmp_path / "lock", "r1").acquire()
    lock.release()
    lock.release()
    assert not lock.held


def test_a_lock_that_cannot_be_opened(tmp_path):
    with pytest.raises(StoreError, match="lock"):
        RunLock(tmp_path / "missing" / "lock", "r1").acquire()
    assert lock_holder(tmp_path / "missing" / "lock") is None
