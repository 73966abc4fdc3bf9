"""Following a run from anywhere: what is kept exactly once, what is live while it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from swfactory.domain.run import Event
from swfactory.runtime.archive import Archive
from swfactory.runtime.feed import Feed

__all__ = ["follow"]

_PAGE = 500
"""Events that are read from the table at a time."""
_POLL_SECONDS = 0.5
"""How often the table is looked at for what another process has done."""


async def follow(archive: Archive, feed: Feed, run_id: str, *, after: int = 0) -> AsyncIterator[Event]:
    """Yield the events of a run, those of the past first, until nobody works on it any more.

    Every event of the table comes exactly once and in order; a watcher that was cut off goes on after the last ``seq``
    it has seen. Events of kind ``token`` have ``seq`` 0, come as they happen in this process and are not kept.

    Args:
        archive: where the run is kept.
        feed: live events of the worker in this process.
        run_id: the run.
        after: only events with a higher ``seq``.

    Raises:
        NotFoundError: there is no such run.
    """
    run = await asyncio.to_thread(archive.run, run_id)
    with feed.watch(run.id) as watcher:
        while True:
            # The status is read first: what was recorded before a run settled is in the table then.
            run = await asyncio.to_thread(archive.run, run.id)
            while page := await asyncio.to_thread(archive.events, run.id, after=after, limit=_PAGE):
                for event in page:
                    yield event
                after = page[-1].seq
            if not run.under_way:
                return
            for event in await watcher.get(patience=_POLL_SECONDS):
                if not event.seq:
                    yield event
