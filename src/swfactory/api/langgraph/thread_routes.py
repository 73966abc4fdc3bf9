"""Routes of threads and their states."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from swfactory.api.access import require
from swfactory.api.langgraph.bodies import (
    CheckpointBody,
    CountBody,
    HistoryBody,
    SearchBody,
    StateBody,
    ThreadBody,
    ThreadPatch,
    checkpoint_id_of,
)
from swfactory.api.langgraph.dialect import Dialect, dialect, thread_status
from swfactory.api.langgraph.route import DialectRoute
from swfactory.api.langgraph.states import States, empty_state, iso, selected
from swfactory.api.langgraph.threads import Thread
from swfactory.domain.run import Run
from swfactory.errors import InputError, NotFoundError

__all__ = ["router"]

router = APIRouter(route_class=DialectRoute)

Threads = Annotated[Dialect, Depends(dialect)]
Select = Annotated[list[str] | None, Query()]

_SORTS = ("created_at", "updated_at", "thread_id", "status")


def _shown(threads: Dialect, thread: Thread, run: Run | None) -> dict[str, Any]:
    """A thread as clients read it; its values hold no files, which its state does."""
    states = None
    if run is not None:
        states = States(threads.factory, thread.id, run, files=False)
    state = states.newest() if states else empty_state(thread.id)
    return {
        "thread_id": thread.id,
        "created_at": iso(thread.created),
        "updated_at": iso(max(thread.updated, run.updated if run else 0.0)),
        "state_updated_at": iso(run.updated if run else thread.updated),
        "metadata": thread.metadata,
        "status": thread_status(run),
        "config": {},
        "context": {},
        "values": state["values"],
        "interrupts": {task["id"]: task["interrupts"] for task in state["tasks"] if task["interrupts"]},
    }


def _matching(threads: Dialect, body: CountBody) -> list[tuple[Thread, Run | None]]:
    if body.values:
        raise InputError("threads cannot be searched by 'values'", hint="search by metadata, ids or status")
    return [
        (thread, run)
        for thread, run in threads.threads()
        if body.status in {None, thread_status(run)}
        and (body.ids is None or thread.id in body.ids)
        and all(key in thread.metadata and thread.metadata[key] == value for key, value in body.metadata.items())
    ]


@router.post("/threads")
def create_thread(body: ThreadBody, threads: Threads) -> dict[str, Any]:
    """Make a thread, which is on disk when this is answered."""
    thread = threads.create(body)
    return _shown(threads, thread, threads.run(thread))


@router.post("/threads/search")
def search_threads(body: SearchBody, threads: Threads) -> list[dict[str, Any]]:
    """List threads, the newest first unless asked otherwise."""
    if body.extract:
        raise InputError("'extract' is not supported", hint="select=['values']")
    order = body.sort_by or "created_at"
    if order not in _SORTS and order != "state_updated_at":
        raise InputError(f"threads cannot be sorted by {order!r}", hint=f"one of {', '.join(_SORTS)}")

    def key(item: tuple[Thread, Run | None]) -> tuple[str, float]:
        thread, run = item
        changed = max(thread.updated, run.updated if run else 0.0)
        text = {"thread_id": thread.id, "status": thread_status(run)}.get(order, "")
        return text, thread.created if order == "created_at" else changed

    found = sorted(_matching(threads, body), key=key, reverse=body.sort_order == "desc")
    return [
        selected(_shown(threads, thread, run), body.select)
        for thread, run in found[body.offset : body.offset + body.limit]
    ]


@router.post("/threads/count")
def count_threads(body: CountBody, threads: Threads) -> int:
    """Count threads."""
    return len(_matching(threads, body))


@router.get("/threads/{thread_id}")
def show_thread(thread_id: str, threads: Threads) -> dict[str, Any]:
    """Show a thread."""
    thread = threads.thread(thread_id)
    return _shown(threads, thread, threads.run(thread))


@router.patch("/threads/{thread_id}")
def patch_thread(thread_id: str, body: ThreadPatch, threads: Threads) -> dict[str, Any]:
    """Add metadata to a thread."""
    if body.ttl:
        raise InputError("'ttl' is not supported", hint="delete the thread when it has served")
    thread = threads.patch(thread_id, body.metadata)
    return _shown(threads, thread, threads.run(thread))


@router.delete("/threads/{thread_id}", status_code=204, response_class=Response, dependencies=[require("admin")])
def delete_thread(thread_id: str, threads: Threads) -> Response:
    """Delete a thread with its run; a product that was delivered elsewhere stays."""
    threads.delete(thread_id)
    return Response(status_code=204)


def _state(threads: Dialect, thread_id: str, checkpoint: str | None) -> dict[str, Any]:
    thread = threads.thread(thread_id)
    run = threads.run(thread)
    if run is None:
        if checkpoint:
            raise NotFoundError(f"thread {thread_id!r} has no checkpoint {checkpoint!r}", hint="start it first")
        return empty_state(thread.id)
    states = States(threads.factory, thread.id, run)
    return states.at(checkpoint) if checkpoint else states.newest()


@router.get("/threads/{thread_id}/state")
def show_state(thread_id: str, threads: Threads, select: Select = None) -> dict[str, Any]:
    """Return the state of a thread as it is now."""
    return selected(_state(threads, thread_id, None), select)


@router.post("/threads/{thread_id}/state")
def change_state(thread_id: str, body: StateBody, threads: Threads) -> None:
    """Refuse to write into a state: a fork is a run with changed documents, and leaves the state as it was."""
    del body
    threads.thread(thread_id)
    raise InputError(
        "a state cannot be written", hint="start a run from its checkpoint with input={'spec': {...}}, which forks it"
    )


@router.post("/threads/{thread_id}/state/checkpoint")
def show_checkpoint(thread_id: str, body: CheckpointBody, threads: Threads) -> dict[str, Any]:
    """Return the state of a thread at a checkpoint."""
    return selected(_state(threads, thread_id, checkpoint_id_of(body.checkpoint)), body.select)


@router.get("/threads/{thread_id}/state/{checkpoint_id}")
def show_earlier_state(thread_id: str, checkpoint_id: str, threads: Threads, select: Select = None) -> dict[str, Any]:
    """Return the state of a thread at a checkpoint, by its id."""
    return selected(_state(threads, thread_id, checkpoint_id), select)


@router.post("/threads/{thread_id}/history")
def search_history(thread_id: str, body: HistoryBody, threads: Threads) -> list[dict[str, Any]]:
    """List the states of a thread, the newest first."""
    thread = threads.thread(thread_id)
    run = threads.run(thread)
    if run is None:
        return []
    states = States(threads.factory, thread.id, run)
    end = states.position(before) if (before := checkpoint_id_of(body.before)) else len(states.steps)
    if only := checkpoint_id_of(body.checkpoint):
        end = min(end, states.position(only) + 1)
    found: list[dict[str, Any]] = []
    for position in reversed(range(end)):
        if len(found) == body.limit:
            break
        state = states.state(position)
        if body.metadata.items() <= state["metadata"].items():
            found.append(selected(state, body.select))
    return found


@router.get("/threads/{thread_id}/history")
def show_history(
    thread_id: str,
    threads: Threads,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    before: str | None = None,
) -> list[dict[str, Any]]:
    """List the states of a thread, the newest first."""
    return search_history(thread_id, HistoryBody(limit=limit, before=before), threads)
