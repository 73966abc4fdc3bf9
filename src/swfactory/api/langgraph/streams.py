"""The events of a run as the parts of LangGraph's streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from swfactory.api.langgraph.dialect import Dialect
from swfactory.api.langgraph.states import States
from swfactory.api.langgraph.threads import Turn
from swfactory.domain.run import Event
from swfactory.errors import FactoryError
from swfactory.runtime import follow

__all__ = ["Part", "outcome", "parts"]


@dataclass(frozen=True)
class Part:
    """One event of a stream.

    Args:
        event: its name.
        data: JSON value.
        id: from where a client that was cut off goes on; empty for none.
    """

    event: str
    data: object
    id: str = ""


async def parts(dialect: Dialect, turn: Turn, *, modes: Collection[str], after: int = 0) -> AsyncIterator[Part]:
    """Yield the stream of a turn until its run pauses or ends.

    ``values`` and ``updates`` come after each step, ``tasks`` and ``custom`` (the run's events) as they happen;
    ``messages-tuple`` are the tokens as they are written, ``messages`` the text so far. Tokens are live only.

    Args:
        dialect: the threads.
        turn: what to follow.
        modes: what to yield.
        after: the client has seen what came up to this event.
    """
    yield Part("metadata", {"run_id": turn.id, "thread_id": turn.thread, "attempt": 1})
    after = max(after, turn.after)
    try:
        teller = await asyncio.to_thread(_Teller.at, dialect, turn, frozenset(modes), after)
        for part in await asyncio.to_thread(teller.beginning):
            yield part
        async for event in _events(dialect, turn, after):
            told = await asyncio.to_thread(teller.after_step, event.time) if teller.is_new_step(event) else []
            told += teller.tell(event)
            if told and event.seq:
                told[-1] = replace(told[-1], id=str(event.seq))
            for part in told:
                yield part
        for part in await asyncio.to_thread(teller.end):
            yield part
    except FactoryError as exc:
        yield Part("error", {"error": type(exc).__name__, "message": exc.message})


async def outcome(dialect: Dialect, turn: Turn) -> dict[str, Any]:
    """Wait for the end of a turn and return the values then, with ``__interrupt__`` or ``__error__`` among them."""
    try:
        async for _ in _events(dialect, turn, turn.after):
            pass
        states = await asyncio.to_thread(_states, dialect, turn)
    except FactoryError as exc:
        return {"__error__": {"error": type(exc).__name__, "message": exc.message}}
    if states.run.status == "failed":
        return {"__error__": states.error}
    return await asyncio.to_thread(_closing, states)


async def _events(dialect: Dialect, turn: Turn, after: int) -> AsyncIterator[Event]:
    async for event in follow(dialect.factory, dialect.worker.feed, turn.run, after=after):
        if turn.until is not None and event.seq > turn.until:
            return
        yield event


def _states(dialect: Dialect, turn: Turn) -> States:
    return States(dialect.factory, turn.thread, dialect.factory.run(turn.run))


def _closing(states: States) -> dict[str, Any]:
    values: dict[str, Any] = states.newest()["values"]
    return values | ({"__interrupt__": states.interrupts} if states.gates else {})


class _Teller:
    """What was told of a turn so far, and what is to be told next."""

    def __init__(self, dialect: Dialect, turn: Turn, modes: frozenset[str], told: float) -> None:
        self._dialect = dialect
        self._turn = turn
        self._modes = modes
        self._told = told
        self._dirty = False
        self._shown: object = None
        self._seq = 0
        self._message = ""
        self._text = ""

    @classmethod
    def at(cls, dialect: Dialect, turn: Turn, modes: frozenset[str], after: int) -> _Teller:
        """Begin after an event; blocks."""
        seen = dialect.factory.events(turn.run, after=after - 1, limit=1) if after > turn.after else []
        return cls(dialect, turn, modes, seen[0].time if seen else turn.created)

    def beginning(self) -> list[Part]:
        """The values that the turn begins with; blocks."""
        if "values" not in self._modes or self._told > self._turn.created:
            return []
        return self._values(_states(self._dialect, self._turn).newest()["values"])

    def is_new_step(self, event: Event) -> bool:
        """Whether a step has ended before this event, with all that it has to tell."""
        # A step's checkpoint is written after its end is told and before the next step begins.
        return self._dirty and event.kind == "step" and event.data.get("phase") == "start"

    def after_step(self, until: float = inf) -> list[Part]:
        """What the steps have changed that ended since this was last asked; blocks.

        Args:
            until: seconds since the epoch; of a past that is told again, what came later is not yet due.
        """
        self._dirty = False
        if not self._modes & {"values", "updates"}:
            return []
        states, told = _states(self._dialect, self._turn), []
        for position, step in enumerate(states.steps):
            if not self._told < step.time <= until:
                continue
            self._told = step.time
            if "updates" in self._modes and step.nodes:
                told.append(Part("updates", dict.fromkeys(step.nodes, states.updates(position))))
            if "values" in self._modes:
                told += self._values(states.values(step))
        return told

    def tell(self, event: Event) -> list[Part]:
        """What one event means to those who watch."""
        if event.kind == "token":
            return self._token(event) if event.text else []
        self._seq = event.seq
        told = [Part("custom", event.model_dump(mode="json"))] if "custom" in self._modes else []
        if event.kind == "step":
            self._dirty = self._dirty or event.data.get("phase") == "finish"
            told += self._task(event)
        if event.kind == "call" and self._message:
            if "messages" in self._modes:
                told.append(Part("messages/complete", [self._written(event)]))
            self._message = ""
        return told

    def end(self) -> list[Part]:
        """How the turn ended; blocks."""
        told = self.after_step()
        if self._turn.status is not None:  # the thread has gone on since
            return [*told, Part("end", None)]
        states = _states(self._dialect, self._turn)
        if states.run.status == "failed":
            return [*told, Part("error", states.error)]
        if states.gates and "updates" in self._modes:
            told.append(Part("updates", {"__interrupt__": states.interrupts}))
        if "values" in self._modes:
            told += self._values(_closing(states))
        return [*told, Part("end", None)]

    def _values(self, values: dict[str, Any]) -> list[Part]:
        if values == self._shown:
            return []
        self._shown = values
        return [Part("values", values)]

    def _token(self, event: Event) -> list[Part]:
        told: list[Part] = []
        about = {"langgraph_node": event.step, "role": event.role, "run_id": self._turn.id}
        if not self._message:
            self._message, self._text = f"{self._turn.run}-{self._seq}-{event.role or event.step}", ""
            if "messages" in self._modes:
                told.append(Part("messages/metadata", {self._message: {"metadata": about}}))
        self._text += event.text
        if "messages" in self._modes:
            told.append(Part("messages/partial", [self._written(event)]))
        if "messages-tuple" in self._modes:
            chunk = {"type": "AIMessageChunk", "id": self._message, "name": event.role or None, "content": event.text}
            told.append(Part("messages", [chunk, about]))
        return told

    def _written(self, event: Event) -> dict[str, Any]:
        return {"type": "ai", "id": self._message, "name": event.role or None, "content": self._text}

    def _task(self, event: Event) -> list[Part]:
        if "tasks" not in self._modes:
            return []
        task: dict[str, Any] = {"id": f"{self._turn.run}-{event.step}", "name": event.step}
        if event.data.get("phase") == "start":
            return [Part("tasks", task | {"input": None, "triggers": []})]
        error = str(event.data["error"]) if event.data.get("error") else None
        return [Part("tasks", task | {"error": error, "interrupts": [], "result": {}})]
