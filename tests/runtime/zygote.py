"""Starts processes that work on runs, quickly: everything is imported once, each session is a fork of its own.

Reads a line of JSON per session, the order; answers with the process id, then with its exit status (negative: the
signal that ended it).
"""

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path

import langgraph.checkpoint.sqlite.aio
import langgraph.graph  # noqa: F401

import swfactory.runtime.handle  # noqa: F401
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import TOY, NoSandbox, answer, wish


async def session(order: dict) -> int:
    os.environ["TOY_TRACE"] = order["trace"]
    with AsyncFactory(
        Settings(data_dir=Path(order["data_dir"]), model="scripted:toy"),
        build_model=lambda url, settings: ScriptedChatModel(answer, pause=order.get("pause", 0.001)),
        sandbox=NoSandbox(),
    ) as factory:
        if order["run"] is None:
            handle = await factory.start(wish(order["files"]), graph=TOY, output=Path(order["output"]))
        else:
            handle = await factory.resume(order["run"])
        run = await handle.result()
        return 0 if run.status == "delivered" else 1


def main() -> None:
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


if __name__ == "__main__":
    main()
