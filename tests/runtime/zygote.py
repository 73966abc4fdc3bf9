"""Sessions that work on runs of the toy graph."""

import os
from pathlib import Path

import langgraph.checkpoint.sqlite.aio
import langgraph.graph  # noqa: F401

import swfactory.runtime.handle  # noqa: F401
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel
from tests.forks import serve
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


if __name__ == "__main__":
    serve(session)
