"""A run's events as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from swfactory.api.access import require
from swfactory.api.schemas import EVENT_STREAM, RunId
from swfactory.api.services import Services, services
from swfactory.domain.run import Event
from swfactory.errors import InputError
from swfactory.runtime import follow

__all__ = ["PING_SECONDS", "frame", "router"]

PING_SECONDS = 15
"""How often a silent stream is kept alive."""

_NEWEST = 2**63 - 1
_HINT = "give the id of the last event that was seen, a whole number from 0 up"

router = APIRouter(tags=["runs"], dependencies=[require("read")])


def frame(event: Event) -> ServerSentEvent:
    """Return an event as it is sent; those that are not kept have no id, so that nobody resumes after one."""
    return ServerSentEvent(
        event.model_dump_json(), event=event.kind, id=str(event.seq) if event.seq else None, sep="\n"
    )


@router.get(
    "/runs/{run_id}/events",
    summary="Follow a run",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Events, those of the past first. `done` comes last, with where the run stands.",
            "content": {
                "text/event-stream": {
                    "itemSchema": EVENT_STREAM,
                    "example": 'id: 1\nevent: run\ndata: {"run": "...", "seq": 1, "kind": "run", ...}\n\n'
                    'event: done\ndata: {"run": "...", "status": "delivered"}\n\n',
                }
            },
        }
    },
)
async def read_events(
    run_id: RunId,
    parts: Annotated[Services, Depends(services)],
    last_event_id: Annotated[
        str | None, Header(max_length=40, description="only events after this one; browsers send it", examples=["17"])
    ] = None,
    after: Annotated[int, Query(ge=0, le=_NEWEST, description="only events after this one")] = 0,
) -> EventSourceResponse:
    """Send what has happened in a run, then what happens, until nobody works on it any more.

    Every kept event comes exactly once and in order, with its number as `id`; whoever was cut off goes on with
    `Last-Event-ID`. Tokens (`event: token`) come while they are written and are not kept.
    """
    if last_event_id is not None and last_event_id.strip():
        after = _number(last_event_id.strip())
    run = await asyncio.to_thread(parts.factory.run, run_id)
    return EventSourceResponse(_stream(parts, run.id, after), ping=PING_SECONDS, sep="\n")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _NEWEST):
        raise InputError(f"Last-Event-ID cannot be {text!r}", hint=_HINT)
    return int(text)


async def _stream(parts: Services, run_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    async for event in follow(parts.factory, parts.worker.feed, run_id, after=after):
        yield frame(event)
    run = await asyncio.to_thread(parts.factory.run, run_id)
    yield ServerSentEvent(json.dumps({"run": run.id, "status": run.status}), event="done", sep="\n")
