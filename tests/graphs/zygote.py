"""Starts processes that work on runs of the delivery graph, quickly: everything is imported once, each is a fork.

Reads a line of JSON per session, the order; answers with the process id, then with its exit status (negative: the
signal that ended it).
"""

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import langgraph.checkpoint.sqlite.aio  # noqa: F401

import swfactory.graphs.delivery
import swfactory.runtime.drafts
import swfactory.runtime.handle
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.sandbox.bubblewrap import BubblewrapSandbox
from tests.graphs.team import REQUIREMENT, build_model

# The commits of a run are dated by its start: runs that start at once are the same, commit ids included.
swfactory.runtime.drafts.time = SimpleNamespace(time=lambda: 1_700_000_000.0)


async def session(order: dict) -> int:
    with AsyncFactory(
        Settings(data_dir=Path(order["data_dir"]), model="scripted:team"),
        build_model=build_model,
        sandbox=BubblewrapSandbox(Path(order["cache"])),
    ) as factory:
        if order["run"] is None:
            handle = await factory.start(REQUIREMENT, output=Path(order["output"]))
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
