"""A run as it looks now, folded from its events, for as long as somebody looks at it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from swfactory.domain.run import Event, Run
from swfactory.report.progress import Progress, describe
from swfactory.runtime import AsyncFactory, PendingGate, Worker, follow

__all__ = ["Live", "watch"]

_PACE_SECONDS = 0.15
"""How long tokens are gathered before they are shown."""
_CLOCK_SECONDS = 1.0
"""How often a run is looked at when nothing comes."""
_LINES = 200
"""Lines of the log that are kept."""

_ENDS = frozenset({"queued", "interrupted", "failed"})
_TAKEN_UP = frozenset({"created", "running"})
"""Where a run stands that somebody has; one that was left behind by a kill is queued or interrupted."""


@dataclass
class Live:
    """What there is to see of a run.

    Args:
        run: its row.
        progress: its numbers.
        done: nodes that have finished.
        results: outcome of every test by its id, of the best try at them so far.
        log: lines for people, newest last.
        gates: what it waits at.
        said: what the chat shows after the requirement: kind of the moment, and what it concerns.
        seq: the last event taken in.
        worked: seconds of work up to the last event.
        commits: commits so far.
    """

    run: Run
    progress: Progress
    done: dict[str, None] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    log: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    gates: tuple[PendingGate, ...] = ()
    said: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    seq: int = 0
    worked: float = 0.0
    commits: int = 0
    _since: float = 0.0

    @classmethod
    def of(cls, run: Run) -> Live:
        """Begin with a run none of whose events are known."""
        return cls(run=run, progress=Progress(budget=run.budget))

    @property
    def active(self) -> str:
        """The node at work, or waiting at its gate; empty when there is none."""
        return self.progress.step if self.working or self.gates else ""

    @property
    def working(self) -> bool:
        """Whether somebody works on the run at the moment."""
        return self._since > 0 and self.run.status in _TAKEN_UP

    def elapsed(self, now: float) -> float:
        """Seconds of work, pauses left out.

        Args:
            now: seconds since the epoch.
        """
        return self.worked + (max(0.0, now - self._since) if self.working else 0.0)

    def apply(self, event: Event) -> None:
        """Take in one event."""
        self.progress.apply(event)
        self.seq = max(self.seq, event.seq)
        if event.kind == "token":
            return
        self._clock(event)
        if line := describe(event):
            self.log.append(line)
        match event.kind:
            case "step" if event.data.get("phase") == "finish":
                self.done[event.step] = None
            case "test":
                self._tests(event)
            case "commit":
                self.commits += 1
                self.said.append(("commit", {"text": event.text}))
            case "gate":
                name = str(event.data.get("gate", ""))
                said = str(event.data.get("decision", "")) if event.data.get("answered") else "waits"
                self.said.append((said, {"gate": name, "comment": str(event.data.get("comment", ""))}))
            case "run" if event.data.get("status") in {"interrupted", "failed"}:
                self.said.append((str(event.data["status"]), {"text": event.text}))
            case "delivery" if "output" in event.data:
                self.said.append(("delivery", {"text": event.text}))
            case _:
                pass

    def _clock(self, event: Event) -> None:
        status = event.data.get("status")
        # Nobody worked before a run is taken up, or queued to be: it may have been left behind by a kill.
        if self._since and not (event.kind == "run" and status in {None, "queued"}):
            self.worked += max(0.0, event.time - self._since)
        asks = event.kind == "gate" and not event.data.get("answered")
        ends = asks or (event.kind == "delivery" and "output" in event.data)
        if event.kind == "run":
            ends = status in _ENDS
        begins = event.kind in {"run", "step"}
        if ends:
            self._since = 0.0
        elif begins or self._since:
            self._since = event.time

    def _tests(self, event: Event) -> None:
        results = event.data.get("results")
        if not isinstance(results, list):
            return
        found = {str(r.get("id")): str(r.get("outcome")) for r in results if isinstance(r, Mapping)}
        # Drafts are tried one after another, and the best of them is gone on with: the last need not be it.
        if found.keys() != self.results.keys() or _passed(found) >= _passed(self.results):
            self.results = found


def _passed(outcomes: Mapping[str, str]) -> int:
    return sum(outcome == "passed" for outcome in outcomes.values())


async def watch(factory: AsyncFactory, worker: Worker, run_id: str, still: Callable[[], bool]) -> AsyncGenerator[Live]:
    """Yield a run whenever there is something new to see, past its end: somebody may go on with it.

    Args:
        factory: the factory of the run.
        worker: the worker in this process.
        run_id: the run.
        still: whether it is still looked at.

    Raises:
        NotFoundError: there is no such run.
    """
    live = Live.of(await asyncio.to_thread(factory.run, run_id))
    shown: Run | None = None
    while still():
        if live.run.under_way or live.run != shown:
            live.gates = ()
            async with aclosing(_paced(follow(factory, worker.feed, live.run.id, after=live.seq))) as batches:
                async for batch in batches:
                    for event in batch:
                        live.apply(event)
                    if not batch or any(event.seq for event in batch):  # a kill leaves no event
                        live.run = await asyncio.to_thread(factory.run, live.run.id)
                    if not still():
                        return
                    if live.run.under_way:
                        yield live
            live.run = await asyncio.to_thread(factory.run, live.run.id)
            live.gates = await asyncio.to_thread(factory.gates, live.run.id)
            live.progress.budget = live.run.budget
            shown = live.run
            if not still():  # or the run that is looked at by now would be covered by this one
                return
            yield live
        await asyncio.sleep(_CLOCK_SECONDS)
        live.run = await asyncio.to_thread(factory.run, live.run.id)


async def _paced(events: AsyncIterator[Event]) -> AsyncGenerator[list[Event], None]:
    """Yield events in handfuls, and an empty one when nothing comes for a while."""
    queue: asyncio.Queue[Event | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for event in events:
                queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(pump())
    try:
        ended = False
        while not ended:
            try:
                first = await asyncio.wait_for(queue.get(), _CLOCK_SECONDS)
            except TimeoutError:
                yield []
                continue
            if first is not None:
                await asyncio.sleep(_PACE_SECONDS)
            rest = [queue.get_nowait() for _ in range(queue.qsize())]
            got = [first, *rest]
            ended = None in got
            if batch := [event for event in got if event is not None]:
                yield batch
        await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
