import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from swfactory.domain.execution import Command, Limits
from swfactory.errors import SandboxError
from swfactory.sandbox.bubblewrap import BubblewrapSandbox
from swfactory.testing.contracts_sandbox import ContainmentContract


class TestBubblewrapSandbox(ContainmentContract):
    @pytest.fixture
    def sandbox(self, bubblewrap):
        return bubblewrap


async def test_the_clock_runs_while_the_event_loop_is_busy(bubblewrap):
    task = asyncio.create_task(
        bubblewrap.run(Command(argv=("python", "-c", "while True: pass"), limits=Limits(seconds=0.3)))
    )
    await asyncio.sleep(0.1)
    time.sleep(1.2)  # noqa: ASYNC251 - the point of the test
    execution = await task
    assert execution.verdict == "timeout"
    assert execution.seconds < 1.2


async def test_stderr_of_a_failing_set_up_is_the_message(cache):
    sandbox = BubblewrapSandbox(cache)
    sandbox.check()
    with pytest.raises(SandboxError, match="no-such-folder") as caught:
        await sandbox.run(Command(argv=("true",), packages="/no-such-folder"))
    assert caught.value.hint


def test_a_binary_that_is_not_bubblewrap_is_reported(cache):
    with pytest.raises(SandboxError, match="/bin/false"):
        BubblewrapSandbox(cache, binary="/bin/false").check()


async def test_a_missing_binary_is_reported(cache):
    with pytest.raises(SandboxError, match="no-such-bwrap"):
        await BubblewrapSandbox(cache, binary="/no-such-bwrap").run(Command(argv=("true",)))


async def test_more_text_than_the_folder_holds_is_a_verdict(bubblewrap):
    command = Command(argv=("true",), files={"big.txt": "x" * (3 << 20)}, limits=Limits(disk_mb=1))
    assert (await bubblewrap.run(command)).verdict == "disk"


CTRL_C = """
import asyncio, os, signal, subprocess, sys
from pathlib import Path
from swfactory.domain.execution import Command
from swfactory.sandbox.bubblewrap import BubblewrapSandbox

class Interrupted(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        os.killpg(0, signal.SIGINT)

sandbox = BubblewrapSandbox(Path(sys.argv[1]))
sandbox.check()
signal.signal(signal.SIGINT, lambda *_: print("interrupted"))
subprocess.Popen = Interrupted
print(asyncio.run(sandbox.run(Command(argv=("echo", "done")))).stdout)
"""


def test_ctrl_c_is_for_the_factory_and_no_result_of_the_program(cache):
    command = [sys.executable, "-c", CTRL_C, str(cache)]
    done = subprocess.run(command, start_new_session=True, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["interrupted", "done"], done.stderr


def _descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_no_descriptor_is_left_behind(bubblewrap):
    await bubblewrap.run(Command(argv=("true",)))
    before = _descriptors()
    for _ in range(3):
        await bubblewrap.run(Command(argv=("true",), files={"a/b/c": "d"}, collect=("a/b/c", "a", "x/y")))
    assert _descriptors() == before


async def test_the_program_inherits_no_descriptor(bubblewrap):
    source = "import os; print(sorted(os.listdir('/proc/self/fd')))"
    execution = await bubblewrap.run(Command(argv=("python", "-c", source)))
    assert execution.stdout == "['0', '1', '2', '3']\n"  # 3 is the listing itself
