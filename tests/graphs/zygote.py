"""Sessions that work on runs of the delivery graph."""

from pathlib import Path
from types import SimpleNamespace

import langgraph.checkpoint.sqlite.aio  # noqa: F401

import swfactory.graphs.delivery
import swfactory.runtime.drafts
import swfactory.runtime.handle
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.sandbox.bubblewrap import BubblewrapSandbox
from tests.forks import serve
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


if __name__ == "__main__":
    serve(session)
