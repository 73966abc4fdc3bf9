"""A server of the dialects for tests: the toy graph as a built-in one, on a free port, for unmodified clients."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from swfactory.api.access import AccessMiddleware, Tokens
from swfactory.api.completions import completions_router
from swfactory.api.langgraph import router
from swfactory.api.services import Services
from swfactory.runtime import Worker
from swfactory.runtime.topology import BUILT_IN
from tests.runtime.conftest import Makers

__all__ = ["Served", "application", "makers", "serve", "serve_factory", "toy"]


@pytest.fixture
def makers(tmp_path: Path):
    made = Makers(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(BUILT_IN, "toy", "tests.runtime.toy")


def application(factory, worker, build) -> FastAPI:
    """The dialects at the root, and LangGraph's below a prefix, too."""
    app = FastAPI()
    app.state.services = Services(factory, worker)
    app.include_router(router)
    app.include_router(router, prefix="/langgraph")
    app.include_router(completions_router(build))
    app.add_middleware(AccessMiddleware, tokens=Tokens(factory.settings.serve_tokens))
    return app


class Served:
    """What a server is made of, and where it is."""

    def __init__(self, factory, worker, app, url):
        self.factory, self.worker, self.app, self.url = factory, worker, app, url


@contextmanager
def serve(makers: Makers, *, build=None, **settings):
    """Serve a data folder until the block ends."""
    with serve_factory(makers.factory(**settings), build or makers.build) as served:
        yield served


@contextmanager
def serve_factory(factory, build):
    """Serve a factory until the block ends, and close it."""
    worker = Worker(factory)
    app = application(factory, worker, build)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    worker.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        yield Served(factory, worker, app, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(30)
        worker.close()
        listening.close()
        factory.close()
