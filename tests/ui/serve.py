"""The page on a server of its own, over the toy graph; run as ``python -m tests.ui.serve DATA_DIR PORT PAUSE``."""

import asyncio
import json
import sys
import threading
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import PrivateAttr

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, Worker
from swfactory.testing.chat import ScriptedChatModel
from swfactory.ui.page import mount
from tests.runtime.conftest import NoSandbox
from tests.ui.toy import HOSTILE

SOURCE = "Every ship that enters is written into the register of the harbour master."
TOY = f"{Path(__file__).with_name('toy.py')}:build"


class ToyFactory(AsyncFactory):
    """Every new run walks the toy graph."""

    def enqueue(self, requirement, **options):
        return super().enqueue(requirement, **{**options, "graph": TOY})


def reply(request) -> str:
    if request.role == "librarian":
        return json.dumps({"sentences": [{"text": SOURCE, "sources": [1]}]})
    if request.role == "product_manager":
        # Long enough to be seen on a busy machine; what follows the colon is no part of the title.
        return f"A counter {HOSTILE} that says what it has counted: " + "and a few words more " * 12
    return f"print('{request.messages[-1].content}')  # {HOSTILE} " + "and a few words more " * 6


class HeldModel(ScriptedChatModel):
    """Does not begin its second file while it is held, so that a slow browser sees the state before it."""

    _free: threading.Event = PrivateAttr()

    def __init__(self, pause: float, free: threading.Event) -> None:
        super().__init__(reply, pause=pause)
        self._free = free

    async def _astream(self, messages, *args, **kwargs):
        if messages[-1].content == "file 2":
            await asyncio.to_thread(self._free.wait, 60)
        async for chunk in super()._astream(messages, *args, **kwargs):
            yield chunk


def application(data_dir: Path, pause: float) -> FastAPI:
    free = threading.Event()
    free.set()
    factory = ToyFactory(
        Settings(data_dir=data_dir, model="scripted:toy"),
        build_model=lambda url, settings: HeldModel(pause, free),
        sandbox=NoSandbox(),
    )
    worker = Worker(factory)
    worker.start()
    app = FastAPI()

    @app.get("/runs")
    def runs() -> list[str]:
        return [run.id for run in factory.runs()]

    @app.get("/watchers")
    def watchers() -> int:
        return sum(len(found) for found in worker.feed._watchers.values())

    @app.post("/hold")
    def hold() -> None:
        free.clear()

    @app.post("/occupy")
    def occupy() -> str:
        """Give the worker a run that keeps it until ``/release``."""
        free.clear()
        run = factory.enqueue("A counter. Write 2 files")
        worker.wake()
        while run.id not in worker.at_work:
            time.sleep(0.01)
        return run.id

    @app.post("/release")
    def release() -> None:
        free.set()

    mount(app, factory, worker)
    return app


if __name__ == "__main__":
    data_dir, port, pause = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    uvicorn.run(
        application(data_dir, pause), host="127.0.0.1", port=port, log_level="critical", timeout_graceful_shutdown=1
    )
