"""Threads and turns over the runs of the factory: found, begun, cancelled and deleted."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import Request

from swfactory.api.access import Caller
from swfactory.api.langgraph.bodies import RunBody, ThreadBody, checked_modes
from swfactory.api.langgraph.names import assistant_id, checked_uuid, graph_of, run_id_of, thread_id
from swfactory.api.langgraph.orders import carry_out
from swfactory.api.langgraph.threads import Thread, ThreadStore, Turn, TurnStatus
from swfactory.api.services import Services, services
from swfactory.domain.run import FINISHED, Run
from swfactory.errors import BusyError, FactoryError, InputError, NotFoundError

__all__ = ["Dialect", "dialect", "thread_status", "turn_status"]

_PAGE = 500


def thread_status(run: Run | None) -> str:
    """Return where a thread stands: idle, busy, interrupted or error."""
    if run is None or run.status in FINISHED:
        return "idle"
    if run.under_way:
        return "busy"
    return "error" if run.status == "failed" else "interrupted"


def turn_status(run: Run) -> TurnStatus:
    """Return where the newest turn of a run stands."""
    if run.status == "queued":
        return "pending"
    if run.under_way:
        return "running"
    if run.status in FINISHED:
        return "success"
    return "error" if run.status == "failed" else "interrupted"


class Dialect:
    """Threads and turns of a server. The methods block.

    Args:
        parts: the parts of the server.
    """

    def __init__(self, parts: Services) -> None:
        self.factory = parts.factory
        self.worker = parts.worker
        self._store = ThreadStore(parts.settings.data_dir / "threads.db")
        self._lock = threading.Lock()

    def thread(self, identifier: str) -> Thread:
        """Return a thread.

        Raises:
            NotFoundError: there is none, or its run was deleted.
        """
        with suppress(InputError):
            identifier = checked_uuid(identifier)
            if found := self._store.thread(identifier):
                return found
            if run_id := run_id_of(identifier):
                with suppress(NotFoundError):
                    return _thread_of(self.factory.run(run_id))
        raise NotFoundError(f"there is no thread {identifier!r}", hint="POST /threads/search lists them")

    def run(self, item: Thread | Turn) -> Run | None:
        """Return the run that a thread is, or that a turn worked on; None when there is none, or it was deleted."""
        if item.run is None:
            return None
        try:
            return self.factory.run(item.run)
        except NotFoundError:
            return None

    def threads(self) -> list[tuple[Thread, Run | None]]:
        """Return every thread with its run, those included that were started by other doors."""
        runs: list[Run] = []
        while page := self.factory.runs(limit=_PAGE, before=runs[-1].id if runs else None):
            runs += page
        by_id = {run.id: run for run in runs}
        kept = self._store.threads()
        taken = {thread.run for thread in kept} | {run_id_of(thread.id) for thread in kept}
        found: list[tuple[Thread, Run | None]] = [(thread, by_id.get(thread.run or "")) for thread in kept]
        return found + [(_thread_of(run), run) for run in runs if run.id not in taken]

    def create(self, body: ThreadBody) -> Thread:
        """Make a thread; it is on disk when this returns.

        Raises:
            InputError: the id is no UUID, or the body asks for what cannot be done.
            BusyError: there is a thread of that id.
        """
        for field in ("supersteps", "ttl"):
            if getattr(body, field):
                raise InputError(f"{field!r} is not supported", hint="leave it out")
        identifier = checked_uuid(body.thread_id) if body.thread_id else str(uuid.uuid4())
        with self._lock:
            try:
                found = self.thread(identifier)
            except NotFoundError:
                now = time.time()
                return self._store.save(Thread(id=identifier, created=now, updated=now, metadata=body.metadata))
        if body.if_exists == "raise":
            raise BusyError(f"there is a thread {identifier!r} already", hint="if_exists='do_nothing' takes it")
        return found

    def patch(self, identifier: str, metadata: Mapping[str, Any]) -> Thread:
        """Add metadata to a thread.

        Raises:
            NotFoundError: there is no such thread.
        """
        with self._lock:
            thread = self.thread(identifier)
            merged = {**thread.metadata, **metadata}
            return self._store.save(thread.model_copy(update={"metadata": merged, "updated": time.time()}))

    def delete(self, identifier: str) -> None:
        """Delete a thread with its run.

        Raises:
            NotFoundError: there is no such thread.
            BusyError: a process works on its run.
        """
        with self._lock:
            thread = self.thread(identifier)
            if run := self.run(thread):
                if run.under_way:
                    raise BusyError(f"thread {thread.id!r} is busy", hint="cancel its run first")
                self.factory.delete(run.id, wait=True)
            self._store.drop(thread.id)

    def turns(self, thread: Thread) -> list[Turn]:
        """Return the turns of a thread, oldest first; a run that another door started is one turn."""
        if turns := self._store.turns(thread.id):
            return turns
        run = self.run(thread)
        if run is None:
            return []
        return [Turn(id=thread.id, thread=thread.id, run=run.id, graph=run.graph, created=run.created)]

    def turn(self, thread: Thread, identifier: str) -> Turn:
        """Return a turn of a thread.

        Raises:
            NotFoundError: the thread has no such turn.
        """
        found = next((turn for turn in self.turns(thread) if turn.id == identifier), None)
        if found is None:
            raise NotFoundError(f"thread {thread.id!r} has no run {identifier!r}", hint="list its runs")
        return found

    def status(self, turn: Turn) -> TurnStatus:
        """Return where a turn stands."""
        run = self.run(turn)
        return turn.status or (turn_status(run) if run else "error")

    def drop_turn(self, turn: Turn) -> None:
        """Forget a turn; what it has done to the thread stays.

        Raises:
            BusyError: it is at work.
        """
        if self.status(turn) in {"pending", "running"}:
            raise BusyError(f"run {turn.id!r} is at work", hint="cancel it first")
        self._store.drop_turn(turn.id)

    def cancel(self, turn: Turn, action: str) -> None:
        """Ask a turn to stop where it can go on.

        Raises:
            InputError: it is to be rolled back, which the factory does not do.
            BusyError: it is not at work.
        """
        if action != "interrupt":
            raise InputError(f"a run cannot be cancelled by {action!r}", hint="action='interrupt', then fork a step")
        status = self.status(turn)
        if status not in {"pending", "running"}:
            raise BusyError(f"run {turn.id!r} is not at work ({status})", hint="read the thread's state")
        try:
            self.factory.stop(turn.run)
        except InputError as exc:  # it ended in this moment
            raise BusyError(exc.message, hint=exc.hint) from exc

    def begin(self, identifier: str | None, body: RunBody, who: Caller) -> Turn:
        """Start, answer, resume or fork the run of a thread; all of it is on disk when this returns.

        Args:
            identifier: the thread; None for a new one.
            body: what is to be done.
            who: who asks for it.

        Raises:
            NotFoundError: there is no such thread, assistant or checkpoint.
            InputError: the body cannot be used, or asks for what does not fit where the thread stands.
            BusyError: the thread is at work.
            LimitError: too many runs wait for a worker.
        """
        body.check()
        graph = graph_of(body.assistant_id)
        with self._lock:
            thread = self._wanted(identifier, body)
            run = self.run(thread)
            self._check_idle(thread, run, body)
            now = time.time()
            last = self._ended(thread, run)
            done = carry_out(self.factory, run, graph, body, who)
            turn = Turn(
                id=str(uuid.uuid4()),
                thread=thread.id,
                run=done.id,
                graph=graph,
                created=now,
                after=(last.until or 0) if last and last.run == done.id else 0,
                modes=checked_modes(body.stream_mode),
                metadata=body.metadata,
                multitask=body.multitask_strategy,
            )
            known = {**body.metadata, "graph_id": graph, "assistant_id": assistant_id(graph)}
            kept = thread.model_copy(update={"run": done.id, "updated": now, "metadata": {**thread.metadata, **known}})
            try:
                self._store.begin(kept, turn, thread.run, last)
            except BusyError:
                with suppress(FactoryError):
                    self.factory.stop(done.id)
                raise
        self.worker.wake()
        return turn

    def _wanted(self, identifier: str | None, body: RunBody) -> Thread:
        now = time.time()
        if identifier is None:
            return Thread(id=str(uuid.uuid4()), created=now, updated=now)
        try:
            return self.thread(identifier)
        except NotFoundError:
            if body.if_not_exists == "reject":
                raise
            return Thread(id=checked_uuid(identifier), created=now, updated=now)

    def _check_idle(self, thread: Thread, run: Run | None, body: RunBody) -> None:
        if run is not None and run.under_way:
            if body.multitask_strategy != "reject":
                raise InputError(
                    f"thread {thread.id!r} is busy, and {body.multitask_strategy!r} is not supported",
                    hint="join its run, or cancel it, and then go on",
                )
            raise BusyError(f"thread {thread.id!r} is busy", hint="join its run, or cancel it, and then go on")
        self.factory.check_room()

    def _ended(self, thread: Thread, run: Run | None) -> Turn | None:
        """The newest turn of a thread with what closes it; None when there is none.

        What another door has done before is a turn from now on: its events are not those of the next one.
        """
        if run is None:
            return None
        newest = self.turns(thread)[-1]
        return newest.model_copy(update={"until": self._newest_event(run), "status": turn_status(run)})

    def _newest_event(self, run: Run) -> int:
        events = self.factory.events(run.id)
        return events[-1].seq if events else 0


async def dialect(request: Request) -> Dialect:
    """Return the threads of the server that a request came to; a dependency of routes."""
    state = request.app.state
    if not hasattr(state, "langgraph"):  # nothing else runs in between: this is the event loop's thread
        state.langgraph = Dialect(services(request))
    found: Dialect = state.langgraph
    return found


def _thread_of(run: Run) -> Thread:
    """The thread that a run is which another door started."""
    return Thread(
        id=thread_id(run.id),
        run=run.id,
        created=run.created,
        updated=run.updated,
        metadata={"graph_id": run.graph, "assistant_id": assistant_id(run.graph)},
    )
