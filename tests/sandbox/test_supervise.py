import asyncio
import signal
import threading

import pytest

from swfactory.sandbox.supervise import call_in_thread, judge


@pytest.mark.parametrize(
    ("code", "stderr", "shell", "expected"),
    [
        (0, "", True, (0, "exited")),
        (137, "", True, (-9, "exited")),
        (137, "", False, (137, "exited")),
        (130, "", True, (130, "exited")),  # a status that programs use for Ctrl-C
        (200, "", True, (200, "exited")),
        (-signal.SIGXCPU, "", False, (-signal.SIGXCPU, "timeout")),
        (128 + signal.SIGXFSZ, "", True, (-signal.SIGXFSZ, "disk")),
        (1, "Traceback\nMemoryError\n", True, (1, "memory")),
        (0, "MemoryError\n", True, (0, "exited")),
        (1, "MemoryError\nValueError: x\n", True, (1, "exited")),
        (1, "OSError: [Errno 27] File too large\n", True, (1, "disk")),
        (1, "OSError: [Errno 28] No space left on device: 'x'", True, (1, "disk")),
    ],
)
def test_last_words_are_read(code, stderr, shell, expected):
    assert judge(code, stderr, "exited", shell_status=shell) == expected


def test_what_the_watcher_saw_counts_most():
    assert judge(0, "", "memory", shell_status=True) == (-9, "memory")


async def test_work_is_told_of_cancellation_and_waited_for():
    started, ended = threading.Event(), threading.Event()

    def work(cancelled):
        started.set()
        assert cancelled.wait(10)
        ended.set()
        raise ValueError("of no interest any more")

    task = asyncio.create_task(call_in_thread(work))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_errors_of_the_work_come_out():
    def work(_):
        raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        await call_in_thread(work)
