"""Routes of runs: begun, streamed, waited for, joined and cancelled."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.responses import JSONResponse, Response, StreamingResponse

from swfactory.api.access import Caller, caller
from swfactory.api.langgraph.bodies import RunBody, checked_modes
from swfactory.api.langgraph.dialect import Dialect, dialect
from swfactory.api.langgraph.names import assistant_id
from swfactory.api.langgraph.route import DialectRoute
from swfactory.api.langgraph.states import iso, selected
from swfactory.api.langgraph.streams import outcome, parts
from swfactory.api.langgraph.threads import Turn
from swfactory.errors import FactoryError

__all__ = ["router"]

router = APIRouter(route_class=DialectRoute)

Threads = Annotated[Dialect, Depends(dialect)]
Who = Annotated[Caller, Depends(caller)]

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "the parts of the stream", "content": {"text/event-stream": {}}}
}
_VALUES: dict[int | str, dict[str, Any]] = {
    200: {"description": "the values", "content": {"application/json": {"schema": {"type": "object"}}}}
}
_RUN: dict[int | str, dict[str, Any]] = {
    200: {"description": "the run", "content": {"application/json": {"schema": {"type": "object"}}}}
}

_SEQ = re.compile(r"[0-9]{1,15}")

_HEARTBEAT_SECONDS = 15.0
"""How often a client that waits is sent a blank, which JSON allows, so that neither it nor a proxy gives up."""


def _shown(threads: Dialect, turn: Turn) -> dict[str, Any]:
    run = threads.run(turn)
    return {
        "run_id": turn.id,
        "thread_id": turn.thread,
        "assistant_id": assistant_id(turn.graph),
        "created_at": iso(turn.created),
        "updated_at": iso(max(turn.created, run.updated if run else 0.0)),
        "status": threads.status(turn),
        "metadata": {**turn.metadata, "run": turn.run},
        "kwargs": {},
        "multitask_strategy": turn.multitask,
    }


def _headers(turn: Turn, place: str) -> dict[str, str]:
    """Where a client finds its run again; as paths below the dialect's root, which is how clients take them."""
    path = f"/threads/{turn.thread}/runs/{turn.id}"
    return {"Location": f"{path}/{place}", "Content-Location": path}


async def _stream(
    threads: Dialect, turn: Turn, *, modes: tuple[str, ...], after: int = 0, cancel: bool = False
) -> EventSourceResponse:
    async def events() -> AsyncIterator[ServerSentEvent]:
        ended = False
        try:
            async for part in parts(threads, turn, modes=modes, after=after):
                data = json.dumps(part.data, ensure_ascii=False)
                yield ServerSentEvent(data, event=part.event, id=part.id or None)
            ended = True
        finally:
            if cancel and not ended:
                _give_up(threads, turn)

    return EventSourceResponse(events(), headers=_headers(turn, "stream"))


async def _wait(threads: Dialect, turn: Turn, *, cancel: bool = False) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        work = asyncio.create_task(outcome(threads, turn))
        try:
            while not (await asyncio.wait({work}, timeout=_HEARTBEAT_SECONDS))[0]:
                yield b"\n"
            yield json.dumps(work.result(), ensure_ascii=False).encode()
        finally:
            if not work.done():
                work.cancel()
                if cancel:
                    _give_up(threads, turn)

    return StreamingResponse(body(), media_type="application/json", headers=_headers(turn, "join"))


def _give_up(threads: Dialect, turn: Turn) -> None:
    """Stop the run of a client that is gone; it is not waited for, as this may be a cancelled task."""

    def stop() -> None:
        with suppress(FactoryError):
            threads.cancel(turn, "interrupt")

    asyncio.get_running_loop().run_in_executor(None, stop)


@router.post("/runs/stream", response_class=EventSourceResponse, responses=_STREAM)
async def stream_stateless(body: RunBody, threads: Threads, who: Who) -> Response:
    """Begin a run on a new thread and stream it."""
    turn = await asyncio.to_thread(threads.begin, None, body, who)
    return await _stream(threads, turn, modes=turn.modes, cancel=body.on_disconnect == "cancel")


@router.post("/runs/wait", response_class=Response, responses=_VALUES)
async def wait_stateless(body: RunBody, threads: Threads, who: Who) -> Response:
    """Begin a run on a new thread and answer with its values when it pauses or ends."""
    turn = await asyncio.to_thread(threads.begin, None, body, who)
    return await _wait(threads, turn, cancel=body.on_disconnect == "cancel")


@router.post("/threads/{thread_id}/runs/stream", response_class=EventSourceResponse, responses=_STREAM)
async def stream_run(thread_id: str, body: RunBody, threads: Threads, who: Who) -> Response:
    """Begin a run and stream it: start it, answer its gate, resume it, or fork it from a checkpoint."""
    turn = await asyncio.to_thread(threads.begin, thread_id, body, who)
    return await _stream(threads, turn, modes=turn.modes, cancel=body.on_disconnect == "cancel")


@router.post("/threads/{thread_id}/runs/wait", response_class=Response, responses=_VALUES)
async def wait_for_run(thread_id: str, body: RunBody, threads: Threads, who: Who) -> Response:
    """Begin a run and answer with its values when it pauses or ends."""
    turn = await asyncio.to_thread(threads.begin, thread_id, body, who)
    return await _wait(threads, turn, cancel=body.on_disconnect == "cancel")


@router.post("/threads/{thread_id}/runs", response_class=Response, responses=_RUN)
def create_run(thread_id: str, body: RunBody, threads: Threads, who: Who) -> Response:
    """Begin a run and answer at once; it is on disk by then."""
    turn = threads.begin(thread_id, body, who)
    return JSONResponse(_shown(threads, turn), headers={"Content-Location": _headers(turn, "")["Content-Location"]})


@router.get("/threads/{thread_id}/runs")
def list_runs(
    thread_id: str,
    threads: Threads,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
    status: Literal["pending", "running", "error", "success", "timeout", "interrupted"] | None = None,
    select: Annotated[list[str] | None, Query()] = None,
) -> list[dict[str, Any]]:
    """List the runs of a thread, the newest first."""
    shown = [_shown(threads, turn) for turn in reversed(threads.turns(threads.thread(thread_id)))]
    found = [run for run in shown if status in {None, run["status"]}]
    return [selected(run, select) for run in found[offset : offset + limit]]


@router.get("/threads/{thread_id}/runs/{run_id}")
def show_run(thread_id: str, run_id: str, threads: Threads) -> dict[str, Any]:
    """Show a run."""
    return _shown(threads, threads.turn(threads.thread(thread_id), run_id))


@router.delete("/threads/{thread_id}/runs/{run_id}", status_code=204, response_class=Response)
def delete_run(thread_id: str, run_id: str, threads: Threads) -> Response:
    """Forget a run that is over; what it has done to the thread stays."""
    threads.drop_turn(threads.turn(threads.thread(thread_id), run_id))
    return Response(status_code=204)


def _found(threads: Dialect, thread_id: str, run_id: str) -> Turn:
    return threads.turn(threads.thread(thread_id), run_id)


@router.post(
    "/threads/{thread_id}/runs/{run_id}/cancel",
    status_code=202,
    response_class=Response,
    responses={204: {"description": "it has stopped"}},
)
async def cancel_run(
    thread_id: str, run_id: str, threads: Threads, wait: bool = False, action: str = "interrupt"
) -> Response:
    """Stop a run where it can go on."""
    turn = await asyncio.to_thread(_found, threads, thread_id, run_id)
    await asyncio.to_thread(threads.cancel, turn, action)
    if not wait:
        return Response(status_code=202)
    await outcome(threads, turn)
    return Response(status_code=204)


@router.get("/threads/{thread_id}/runs/{run_id}/join", response_class=Response, responses=_VALUES)
async def join_run(thread_id: str, run_id: str, threads: Threads, cancel_on_disconnect: bool = False) -> Response:
    """Wait for a run and answer with the values of its thread then."""
    turn = await asyncio.to_thread(_found, threads, thread_id, run_id)
    return await _wait(threads, turn, cancel=cancel_on_disconnect)


@router.get("/threads/{thread_id}/runs/{run_id}/stream", response_class=EventSourceResponse, responses=_STREAM)
async def join_stream(
    thread_id: str,
    run_id: str,
    threads: Threads,
    stream_mode: Annotated[list[str] | None, Query()] = None,
    cancel_on_disconnect: bool = False,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Stream a run from its beginning, or from where a client was cut off."""
    turn = await asyncio.to_thread(_found, threads, thread_id, run_id)
    wanted = [mode for mode in stream_mode or () if mode]
    modes = checked_modes(wanted) if wanted else turn.modes
    after = int(last_event_id) if last_event_id and _SEQ.fullmatch(last_event_id) else 0
    return await _stream(threads, turn, modes=modes, after=after, cancel=cancel_on_disconnect)
