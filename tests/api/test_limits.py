"""Bounds of what a request may take, and bodies that cannot be read."""

from __future__ import annotations

import asyncio

import pytest

from swfactory.api.limits import LimitsMiddleware
from tests.api.conftest import call, problem

JSON = {"Content-Type": "application/json"}


async def chunks(count: int):
    for _ in range(count):
        yield b"x" * 1000


async def test_a_body_that_is_too_large_is_refused_by_its_length_and_in_pieces(serving):
    async with serving(serve_max_bytes=2048) as server:
        for path in ("/runs", "/ask", "/rag/collections/docs/files", "/login"):
            problem(await server.client.post(path, content=b"x" * 3000, headers=JSON), 413)
        for path in ("/runs", "/ask", "/login"):
            answer = await server.client.post(path, content=chunks(3), headers=JSON)
            assert "2048" in problem(answer, 413)["detail"]
        form = {"Content-Type": "multipart/form-data; boundary=b"}
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'

        async def upload():
            yield head
            async for chunk in chunks(5):
                yield chunk

        problem(await server.client.post("/rag/collections/docs/files", content=upload(), headers=form), 413)
        assert server.client.is_closed is False
        assert (await server.client.get("/runs")).status_code == 200


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", JSON, 400),
        (b"", JSON, 422),
        (b"[]", JSON, 422),
        (b"null", JSON, 422),
        (b'"text"', JSON, 422),
        (b"{}", JSON, 422),
        (b'{"requirement": ""}', JSON, 422),
        (b'{"requirement": "   "}', JSON, 422),
        (b'{"requirement": 7}', JSON, 422),
        (b'{"requirement": "\\ud800"}', JSON, 422),
        (b'{"requirement": "x", "\\udfff": 1}', JSON, 422),
        (b'{"requirement": "x", "output": "/tmp/elsewhere"}', JSON, 422),
        (b'{"requirement": "x", "graph": "nothing"}', JSON, 422),
        (b'{"requirement": "x", "graph": "/etc/passwd:x"}', JSON, 202),
        (b'{"requirement": "x", "license": "No-Such"}', JSON, 422),
        (b'{"requirement": "x", "collections": ["nowhere"]}', JSON, 404),
        (b'{"requirement": "x", "collections": ["../x"]}', JSON, 404),
        (b'{"requirement": "x", "budget": {"max_seconds": NaN}}', JSON, 422),
        (b'{"requirement": "x", "budget": {"max_tokens": 1e999}}', JSON, 422),
        (b'{"requirement": "x", "seed": 99999999999999999999}', JSON, 422),
        (b'{"requirement": "x", "gates": ["nowhere"]}', JSON, 422),
        (b"\xff\xfe", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"requirement=x", {"Content-Type": "application/x-www-form-urlencoded"}, 422),
        (b'{"requirement": "x"}', {"Content-Type": "text/plain"}, 422),
    ],
)
async def test_a_body_that_cannot_be_used_says_why(server, content, headers, status):
    server.worker.close()
    answer = await server.client.post("/runs", content=content, headers=headers)
    assert answer.status_code == status
    if status != 202:
        problem(answer, status)
        assert (await server.client.get("/runs")).json()["runs"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/runs?limit=0", 422),
        ("/runs?limit=99999999999999999999", 422),
        ("/runs?limit=x", 422),
        ("/runs?status=lost", 422),
        ("/runs?parent=nope", 404),
        ("/runs/last", 404),
        ("/runs/nope/events?after=-1", 422),
        ("/runs/nope/events?after=99999999999999999999", 422),
        ("/nowhere", 404),
        ("/healthz/x", 404),
    ],
)
async def test_a_question_that_cannot_be_answered_says_why(server, path, status):
    problem(await server.client.get(path), status)


async def test_a_wrong_last_event_id_and_method_are_told(server):
    run = await server.finished()
    for wrong in ("x", "-1", "1.5", "9" * 30, "½"):
        headers = {"Last-Event-ID": wrong.encode()}
        problem(await server.client.get(f"/runs/{run['id']}/events", headers=headers), 422)
    answer = await server.client.put("/runs")
    problem(answer, 405)
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]


class Slow:
    """An application that answers when it is told to."""

    def __init__(self, kind: bytes = b"text/plain") -> None:
        self.go = asyncio.Event()
        self.kind = kind
        self.ended = 0

    async def __call__(self, scope, receive, send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", self.kind)]})
            await self.go.wait()
            await send({"type": "http.response.body", "body": b"done"})
        finally:
            self.ended += 1


async def test_a_request_too_many_is_told_when_to_come_again():
    slow = Slow()
    limits = LimitsMiddleware(slow, max_bytes=10, max_requests=2, max_streams=1)
    under_way = [asyncio.create_task(call(limits)) for _ in range(2)]
    await asyncio.sleep(0)
    refused = await call(limits)
    assert refused[0]["status"] == 429
    assert (b"retry-after", b"1") in refused[0]["headers"]
    watcher = asyncio.create_task(call(limits, "/healthz"))
    await asyncio.sleep(0)
    slow.go.set()
    assert [sent[0]["status"] for sent in [*await asyncio.gather(*under_way), await watcher]] == [200, 200, 200]
    assert limits.used == {"requests": 0, "streams": 0}
    assert (await call(limits))[0]["status"] == 200


async def test_streams_have_room_of_their_own():
    stream = Slow(b"text/event-stream; charset=utf-8")
    limits = LimitsMiddleware(stream, max_bytes=10, max_requests=1, max_streams=2)
    # One is known by its path, one only when it answers; neither takes the room of a request.
    under_way = [asyncio.create_task(call(limits, path)) for path in ("/runs/x/events", "/chat")]
    await asyncio.sleep(0)
    assert limits.used == {"requests": 0, "streams": 2}
    for refused in (await call(limits, "/runs/x/events"), await call(limits, "/chat", accept="text/event-stream")):
        assert refused[0]["status"] == 429
    late = await call(limits, "/chat", "POST")
    assert [late[0]["status"], len(late)] == [429, 2]
    stream.go.set()
    assert [sent[0]["status"] for sent in await asyncio.gather(*under_way)] == [200, 200]
    assert limits.used == {"requests": 0, "streams": 0}
