"""A server in this process on the toy graph, and what a client needs to talk to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from swfactory.api.app import create_app
from swfactory.runtime import AsyncFactory, Worker
from tests.runtime.conftest import TOY, Makers

HOME = "http://127.0.0.1:8765"
UNDER_WAY = ("created", "queued", "running")
TOKENS = {"r" * 20: "read", "w" * 20: "run", "a" * 20: "admin"}


def bearer(role: str) -> dict[str, str]:
    token = next(token for token, given in TOKENS.items() if given == role)
    return {"Authorization": f"Bearer {token}"}


class Server:
    """An application with its worker, and a client of it."""

    def __init__(self, app, factory: AsyncFactory, worker: Worker, client: httpx.AsyncClient) -> None:
        self.app = app
        self.factory = factory
        self.worker = worker
        self.client = client

    async def start(self, number: int = 1, **asked) -> dict:
        """Start a run of the toy graph that writes some files."""
        body = {"requirement": f"Write {number} files", "graph": TOY, **asked}
        answer = await self.client.post("/runs", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def settled(self, run_id: str, *, seconds: float = 60) -> dict:
        deadline = time.monotonic() + seconds
        while (run := (await self.client.get(f"/runs/{run_id}")).json())["status"] in UNDER_WAY:
            assert time.monotonic() < deadline, run
            await asyncio.sleep(0.02)
        return run

    def last(self, run_id: str) -> str:
        """What a run said last: of one that failed, why."""
        return self.factory.events(run_id)[-1].text

    async def finished(self, number: int = 1, **asked) -> dict:
        run = await self.settled((await self.start(number, **asked))["id"])
        assert run["status"] != "failed", self.last(run["id"])
        return run


@pytest.fixture
def makers(tmp_path: Path):
    makers = Makers(tmp_path / "data")
    yield makers
    makers.close()


@pytest.fixture
def serving(makers: Makers):
    """Serve the data folder with some settings, as long as the block lasts."""

    @asynccontextmanager
    async def serve(*, headers: dict[str, str] | None = None, **settings) -> AsyncIterator[Server]:
        factory = makers.factory(**settings)
        worker = Worker(factory)
        app = create_app(factory, worker)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers, timeout=60) as client,
        ):
            yield Server(app, factory, worker, client)

    return serve


@pytest.fixture
async def server(serving) -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


def problem(answer: httpx.Response, status: int) -> dict:
    """The problem of an answer, which says what was wrong and what to do."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["hint"]
    assert "Traceback" not in answer.text
    return body


def events(text: str) -> list[dict[str, str]]:
    """The events of a stream; comments are left out."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            found.append(fields)
    return found


async def call(app, path: str = "/", method: str = "GET", **headers: str) -> list[dict]:
    """What an application answers to a request that no client has put in order."""
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()],
    }
    await app(scope, receive, send)
    return sent
