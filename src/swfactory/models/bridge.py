"""From a thread that works to an event loop that listens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TypeVar

from swfactory.errors import FactoryError

__all__ = ["hand_over", "iterate_in_thread"]

T = TypeVar("T")


def hand_over(loop: asyncio.AbstractEventLoop, arrivals: asyncio.Queue[T], item: T) -> None:
    """Put an item into a loop's queue from another thread; an item for a closed loop is dropped."""
    try:
        loop.call_soon_threadsafe(arrivals.put_nowait, item)
    except RuntimeError:  # the loop is closed: whoever waited is gone
        return


async def iterate_in_thread(make: Callable[[], Generator[T, None, None]]) -> AsyncGenerator[T, None]:
    """Run a generator in a thread of its own and yield what it yields; closed with the listener, at its next item.

    Args:
        make: makes the generator; called in the thread.

    Raises:
        FactoryError: what the generator raised.
    """
    loop = asyncio.get_running_loop()
    arrivals: asyncio.Queue[tuple[T] | FactoryError | None] = asyncio.Queue()
    closed = threading.Event()

    def work() -> None:
        end: FactoryError | None = None
        items = make()
        try:
            for item in items:
                if closed.is_set():
                    break
                hand_over(loop, arrivals, (item,))
        except FactoryError as exc:
            end = exc
        finally:
            items.close()
            hand_over(loop, arrivals, end)

    threading.Thread(target=work, name="swf-bridge", daemon=True).start()
    try:
        while (arrival := await arrivals.get()) is not None:
            if isinstance(arrival, FactoryError):
                raise arrival
            yield arrival[0]
    finally:
        closed.set()
