"""Live events from the threads that work on runs to the event loops of those who watch them."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from swfactory.domain.run import Event

__all__ = ["Feed", "Subscription"]

_KEPT = 2_000
"""Events that wait for a slow watcher; the oldest go first, and the events table has all but the tokens."""


class Subscription:
    """One watcher of one run; used in the event loop that it was made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._events: deque[Event] = deque(maxlen=_KEPT)

    def put(self, event: Event) -> None:
        """Hand over an event, from any thread."""
        self._events.append(event)
        try:
            self._loop.call_soon_threadsafe(self._news.set)
        except RuntimeError:  # the watcher's loop has ended; so has the watcher
            self._events.clear()

    async def get(self, *, patience: float) -> list[Event]:
        """Return what has come since the last call, waiting for something to come.

        Args:
            patience: seconds to wait; an empty list is the answer then.
        """
        if not self._events:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), patience)
        self._news.clear()
        return [self._events.popleft() for _ in range(len(self._events))]


class Feed:
    """Hands events to whoever watches their run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[str, list[Subscription]] = {}
        self._listeners: list[Callable[[Event], None]] = []

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Let somebody hear of every event of every run, in the thread that publishes it; it must not raise."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        """Hand an event to the watchers of its run, from any thread."""
        with self._lock:
            watchers = list(self._watchers.get(event.run, ()))
        for watcher in watchers:
            watcher.put(event)
        for listener in self._listeners:
            listener(event)

    @contextmanager
    def watch(self, run_id: str) -> Iterator[Subscription]:
        """Watch a run for as long as the block lasts; call it in an event loop."""
        watcher = Subscription()
        with self._lock:
            self._watchers.setdefault(run_id, []).append(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers[run_id].remove(watcher)
                if not self._watchers[run_id]:
                    del self._watchers[run_id]
