"""Working off runs that were enqueued, apart from whoever enqueued them."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from swfactory.errors import BusyError, FactoryError
from swfactory.runtime.factory import AsyncFactory
from swfactory.runtime.feed import Feed

if TYPE_CHECKING:
    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["Worker"]

_RETRY_SECONDS = 5.0
"""After which time a run that could not be taken up is tried again; the others go before it."""
_POLL_SECONDS = 1.0
"""How often the worker looks for what another process has enqueued; its own process wakes it at once."""


class Worker:
    """Works off enqueued runs in an event loop of its own thread, oldest first.

    Several workers, in several processes, may share a data folder: the lock of a run lets one of them have it. A run
    whose worker was killed is taken up by the next one that looks, which includes this one when it starts.

    Args:
        factory: whose runs; open for as long as the worker works.
        concurrency: runs at a time; one is what a local model can serve.
    """

    def __init__(self, factory: AsyncFactory, *, concurrency: int = 1) -> None:
        self.feed = Feed()
        self._factory = factory
        self._concurrency = concurrency
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event | None = None
        self._ready = threading.Event()
        self._closing = False
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._put_off: dict[str, float] = {}
        self._failure = ""

    @property
    def alive(self) -> bool:
        """Whether runs are being worked off."""
        return self._thread is not None and self._thread.is_alive() and not self._closing

    @property
    def failure(self) -> str:
        """Why the queue could not be read, or a run of it not be taken up, the last time; empty when all could."""
        return self._failure

    @property
    def at_work(self) -> tuple[str, ...]:
        """Ids of the runs that are worked on."""
        return tuple(self._at_work)

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), name="worker", daemon=True)
        self._thread.start()
        self._ready.wait()

    def wake(self) -> None:
        """Look at the queue now; from any thread."""
        if self._loop is not None and self._news is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._news.set)

    def close(self, timeout: float = 30.0) -> None:
        """Stop where the runs can go on, and leave them to the next worker.

        Args:
            timeout: seconds to wait for the runs to stop.
        """
        self._closing = True
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout)

    async def _work(self) -> None:
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        while not self._closing:
            self._news.clear()
            self._take_up()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _POLL_SECONDS)
        for task in self._at_work.values():
            task.cancel()
        await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    def _take_up(self) -> None:
        free = self._concurrency - len(self._at_work)
        if free <= 0:
            return
        now = time.monotonic()
        self._put_off = {run_id: until for run_id, until in self._put_off.items() if until > now}
        try:
            waiting = [run.id for run in self._factory.queue() if run.id not in {*self._at_work, *self._put_off}]
        except FactoryError as exc:  # a full disk, for example: the next look may be luckier
            self._failure = exc.message
            return
        if not self._put_off:
            self._failure = ""
        for run_id in waiting[:free]:
            self._at_work[run_id] = asyncio.create_task(self._serve(run_id), name=f"worker of {run_id}")

    async def _serve(self, run_id: str) -> None:
        """Work on a run until its session ends; what goes wrong is the run's, and is told by its events."""
        try:
            handle = await self._factory.take(run_id)
        except FactoryError as exc:
            self._put_off[run_id] = time.monotonic() + _RETRY_SECONDS
            if not isinstance(exc, BusyError):  # else another worker was quicker
                self._failure = f"run {run_id!r}: {exc.message}"
        else:
            await self._follow(handle)
        finally:
            del self._at_work[run_id]
            if self._news is not None:
                self._news.set()

    async def _follow(self, handle: AsyncRunHandle) -> None:
        try:
            async for event in handle.events():
                self.feed.publish(event)
        except asyncio.CancelledError:
            handle.stop(requeue=True)
            raise
        finally:
            await asyncio.gather(handle.result(), return_exceptions=True)  # its failure is in its row
