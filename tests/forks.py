"""Processes that work on runs and can be killed: a module is imported once, and each session is a fork of that process.

The module's ``main`` is ``serve``; a test gives it orders through ``Sessions``.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Sessions:
    """Sessions of one module, one at a time.

    Args:
        module: name of the module.
        order: what every order says unless ``begin`` says otherwise.
    """

    def __init__(self, module: str, **order) -> None:
        self.order = order
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def begin(self, **order) -> int:
        """Start a session and return its process id."""
        print(json.dumps(self.order | order), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> int:
        """Wait for the session and return its exit status; negative: the signal that ended it."""
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def serve(session: Callable[[dict], Awaitable[int]]) -> None:
    """Read orders, a line of JSON each; answer with the process id of the session, then with its exit status."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                status = asyncio.run(session(json.loads(line)))
            finally:
                if status == 70:
                    traceback.print_exc()
                os._exit(status)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def wait_until(happened: Callable[[], bool]) -> None:
    """Look a hundred times a second, for a minute."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
