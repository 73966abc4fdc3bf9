"""A server in a process of its own: many clients, kills, restarts, and its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import UNDER_WAY, events, problem
from tests.runtime.conftest import TOY

ROOT = Path(__file__).parents[2]
STREAMS = 200
POSTS = 20


class Process:
    """A server that can be killed and started again on the same data folder."""

    def __init__(self, folder: Path, **order) -> None:
        self.folder = folder
        self.order = {"data_dir": str(folder / "data"), "trace": str(folder / "trace"), **order}
        self.address = ""

    def start(self) -> None:
        order = json.dumps(self.order)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.serve", order], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:")

    def end(self, number: int) -> int:
        os.kill(self.process.pid, number)
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    @property
    def trace(self) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.folder / "trace").read_text().splitlines()
        return []


@pytest.fixture
def process(tmp_path):
    process = Process(tmp_path)
    yield process
    if process.address and process.process.poll() is None:
        process.end(signal.SIGKILL)


def client(process: Process) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=process.address, timeout=60, limits=limits)


async def start(http: httpx.AsyncClient, number: int, **headers) -> str:
    answer = await http.post("/runs", json={"requirement": f"Write {number} files", "graph": TOY}, headers=headers)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


async def settled(http: httpx.AsyncClient, run_id: str, *, seconds: float = 90) -> dict:
    deadline = time.monotonic() + seconds
    while (run := (await http.get(f"/runs/{run_id}")).json())["status"] in UNDER_WAY:
        assert time.monotonic() < deadline, run
        await asyncio.sleep(0.05)
    return run


async def traced(process: Process, lines: int) -> None:
    """Wait until the runs of a server have come so far."""
    deadline = time.monotonic() + 60
    while len(process.trace) < lines:
        assert time.monotonic() < deadline, process.trace
        await asyncio.sleep(0.01)


class Watcher:
    """Follows a run as a browser does: cut off, it comes back and says what it has seen last."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.kept: list[dict] = []
        self.last = ""
        self.cuts = 0
        self.status = ""

    async def watch(self, process: Process) -> None:
        deadline = time.monotonic() + 120
        while not self.status and time.monotonic() < deadline:
            headers = {"Last-Event-ID": self.last} if self.last else {}
            with suppress(httpx.TransportError):
                async with (
                    client(process) as http,
                    http.stream("GET", f"/runs/{self.run_id}/events", headers=headers) as answer,
                ):
                    await self._read(answer)
            if not self.status:
                self.cuts += 1
                await asyncio.sleep(0.05)

    async def _read(self, answer: httpx.Response) -> None:
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if "id" in fields:
                self.last = fields["id"]
                self.kept.append(json.loads(fields["data"]))
            if fields.get("event") == "done":
                status = json.loads(fields["data"])["status"]
                # A drained server says that the run waits for another one; that is not its end.
                self.status = "" if status in UNDER_WAY else status
            fields = {}


async def test_many_streams_and_orders_at_once_lose_nothing(process):
    process.start()
    async with client(process) as http:
        run = await start(http, 3)
        await settled(http, run)
        whole = [e for e in events((await http.get(f"/runs/{run}/events")).text) if "id" in e]
        ids = [str(number) for number in range(1, len(whole) + 1)]

        async def read() -> list[str]:
            return [e["id"] for e in events((await http.get(f"/runs/{run}/events")).text) if "id" in e]

        streams = asyncio.gather(*(read() for _ in range(STREAMS)))
        orders = asyncio.gather(*(start(http, 1) for _ in range(POSTS)))
        assert all(seen == ids for seen in await streams)
        started = await orders
        assert len(set(started)) == POSTS
        listed = (await http.get("/runs?limit=200")).json()["runs"]
        assert {found["id"] for found in listed} == {run, *started}
        for name in started:
            assert (await settled(http, name))["status"] == "delivered"


async def test_a_killed_server_goes_on_and_every_client_sees_every_event_once(tmp_path):
    process = Process(tmp_path, workers=3, pause=0.03)
    process.start()
    async with client(process) as http:
        runs = [await start(http, 3) for _ in range(3)]
    watchers = [Watcher(run) for run in runs]
    watching = [asyncio.create_task(watcher.watch(process)) for watcher in watchers]
    await traced(process, 6)  # all three have begun, and none can be done
    await asyncio.to_thread(process.end, signal.SIGKILL)
    process.order["pause"] = 0.0
    await asyncio.to_thread(process.start)
    await asyncio.wait_for(asyncio.gather(*watching), 120)
    async with client(process) as http:
        for watcher in watchers:
            assert watcher.status == "delivered"
            assert watcher.cuts >= 1
            seqs = [event["seq"] for event in watcher.kept]
            assert seqs == [*range(1, len(seqs) + 1)]
            whole = [e for e in events((await http.get(f"/runs/{watcher.run_id}/events")).text) if "id" in e]
            assert watcher.kept == [json.loads(event["data"]) for event in whole]
            assert len((await http.get(f"/runs/{watcher.run_id}/files")).json()) == 4
    assert process.end(signal.SIGINT) == 0


async def test_a_server_that_is_ended_leaves_its_run_to_the_next(tmp_path):
    process = Process(tmp_path, pause=0.1)
    process.start()
    async with client(process) as http:
        run = await start(http, 5)
        watcher = Watcher(run)
        watching = asyncio.create_task(watcher.watch(process))
        await traced(process, 1)
        began = time.monotonic()
        assert await asyncio.to_thread(process.end, signal.SIGTERM) == 0
        assert time.monotonic() - began < 20
    process.order["pause"] = 0.0
    await asyncio.to_thread(process.start)
    async with client(process) as http:
        assert (await settled(http, run))["status"] == "delivered"
    await asyncio.wait_for(watching, 60)
    seqs = [event["seq"] for event in watcher.kept]
    assert seqs == [*range(1, len(seqs) + 1)]
    assert watcher.kept[-1]["kind"] in {"delivery", "note"}
    process.end(signal.SIGKILL)


async def test_a_socket_that_lies_about_its_body_is_refused(process):
    process.start()
    host, port = process.address.removeprefix("http://").split(":")
    for head, status in (
        ("Content-Length: 99999999999\r\n", b"413"),
        ("Content-Length: x\r\n", b"400"),
        ("Transfer-Encoding: chunked\r\n", b"400"),
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"POST /runs HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{head}\r\nnonsense\r\n".encode()
        )
        await writer.drain()
        line = await asyncio.wait_for(reader.readline(), 10)
        assert status in line, line
        writer.close()
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /runs/../../etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert b"404" in (await reader.readline())
    writer.close()
    async with client(process) as http:
        problem(await http.get("/runs/last"), 404)
        assert (await http.get("/readyz")).status_code == 200
