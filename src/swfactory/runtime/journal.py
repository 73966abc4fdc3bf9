"""From what a graph streams to the events of its run: kept in the store, shown to whoever listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, get_args

from swfactory.domain.run import Event, EventKind
from swfactory.runtime.store import RunStore

__all__ = ["Journal"]

_KINDS = frozenset(get_args(EventKind))


class Journal:
    """The events of one session of a run.

    Args:
        run_id: the run.
        store: where events are kept; tokens are not.
    """

    def __init__(self, run_id: str, store: RunStore) -> None:
        self._run_id = run_id
        self._store = store
        self._events: list[Event] = []
        self._listeners: list[asyncio.Queue[Event | None]] = []
        self._running: dict[str, tuple[str, float]] = {}
        self._live = False

    def open(self) -> None:
        """Let listeners wait for more; the session begins."""
        self._live = True

    def add(
        self,
        kind: EventKind,
        text: str = "",
        *,
        step: str = "",
        role: str = "",
        data: Mapping[str, object] | None = None,
    ) -> Event:
        """Record an event and hand it to the listeners.

        Raises:
            StoreError: it cannot be written.
        """
        event = Event(
            run=self._run_id, time=time.time(), kind=kind, step=step, role=role, text=text, data=dict(data or {})
        )
        if kind != "token":
            event = self._store.append_event(event)
            self._events.append(event)
        for listener in self._listeners:
            listener.put_nowait(event)
        return event

    def custom(self, payload: object) -> None:
        """Record what a node wrote to its stream; anything that is no event becomes a note."""
        if not isinstance(payload, Mapping) or payload.get("kind") not in _KINDS:
            self.add("note", str(payload), step=self._current())
            return
        data = payload.get("data")
        self.add(
            payload["kind"],
            str(payload.get("text") or ""),
            step=str(payload.get("step") or self._current()),
            role=str(payload.get("role") or ""),
            data={str(key): value for key, value in data.items()} if isinstance(data, Mapping) else {},
        )

    def task(self, payload: Mapping[str, Any]) -> None:
        """Record that a node started or ended."""
        identifier, name = str(payload["id"]), str(payload["name"])
        if "triggers" in payload:
            self._running[identifier] = (name, time.monotonic())
            self.add("step", name, step=name, data={"phase": "start"})
            return
        _, started = self._running.pop(identifier, (name, time.monotonic()))
        seconds = round(time.monotonic() - started, 3)
        if payload.get("error"):
            data = {"phase": "error", "seconds": seconds, "error": str(payload["error"])}
            self.add("step", f"{name} failed", step=name, data=data)
        elif not payload.get("interrupts"):
            self.add("step", f"{name} done", step=name, data={"phase": "finish", "seconds": seconds})

    def _current(self) -> str:
        # With several nodes at work the writer of a line is not known, unless it names its step itself.
        names = {name for name, _ in self._running.values()}
        return names.pop() if len(names) == 1 else ""

    def close(self) -> None:
        """End every listener's stream; the session is over."""
        self._live = False
        for listener in self._listeners:
            listener.put_nowait(None)

    async def events(self) -> AsyncIterator[Event]:
        """Yield the events of the session so far, then live ones, until it ends."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        for event in self._events:
            queue.put_nowait(event)
        if not self._live:
            queue.put_nowait(None)
        self._listeners.append(queue)
        try:
            while (event_or_end := await queue.get()) is not None:
                yield event_or_end
        finally:
            self._listeners.remove(queue)
