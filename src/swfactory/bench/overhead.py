"""What a run cost, from its events: model time, sandbox time, and what the factory itself took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from swfactory.domain.budget import Usage
from swfactory.domain.run import Event
from swfactory.domain.value import Value

__all__ = ["Cost", "measure"]


class Cost(Value):
    """Where a run's time went.

    Args:
        wall: wall-clock seconds of work; the time between an interruption and the resumption is not counted.
        sandbox: seconds in the sandbox.
        usage: model calls, their seconds included.
    """

    wall: float = 0.0
    sandbox: float = 0.0
    usage: Usage = Usage()

    @property
    def overhead(self) -> float:
        """Seconds that neither the model nor the sandbox took."""
        return max(0.0, self.wall - self.usage.seconds - self.sandbox)

    @property
    def share(self) -> float:
        """Overhead as a share of the wall-clock time, 0 to 1."""
        return self.overhead / self.wall if self.wall else 0.0


def measure(events: Iterable[Event]) -> Cost:
    """Add up the events of a run, in order.

    Args:
        events: with ``data.seconds`` in those of kind ``call`` and ``execution``.
    """
    wall = sandbox = 0.0
    usage = Usage()
    last: Event | None = None
    for event in events:
        if event.kind == "token":
            continue
        if last is not None and not _begins_session(event, last):
            wall += max(0.0, event.time - last.time)
        last = event
        if event.kind == "call":
            usage += _usage(event.data)
        elif event.kind == "execution":
            sandbox += _number(event.data, "seconds")
    return Cost(wall=wall, sandbox=sandbox, usage=usage)


def _begins_session(event: Event, last: Event) -> bool:
    """Whether nobody worked between the two: the run had stopped, been killed, or waited at a gate."""
    resumed = event.kind == "run" and "status" not in event.data
    stopped = last.kind == "run" and "status" in last.data
    waited = last.kind == "gate" and last.data.get("answered") is not True
    return resumed or stopped or waited


def _usage(data: Mapping[str, object]) -> Usage:
    nested = data.get("usage")
    found = nested if isinstance(nested, Mapping) else data
    seconds = _number(data, "seconds") or _number(found, "seconds")
    return Usage(
        calls=1,
        prompt_tokens=int(_number(found, "prompt_tokens")),
        cached_tokens=int(_number(found, "cached_tokens")),
        completion_tokens=int(_number(found, "completion_tokens")),
        seconds=seconds,
    )


def _number(data: Mapping[str, object], key: str) -> float:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
