from __future__ import annotations

import pytest

from swfactory.bench.overhead import measure
from swfactory.domain.run import Event, EventKind


def event(time: float, kind: EventKind, **data: object) -> Event:
    return Event(run="r", time=time, kind=kind, data=data)


def test_adds_up() -> None:
    cost = measure(
        [
            event(100, "run"),
            event(100.5, "step"),
            event(106, "call", seconds=5.0, prompt_tokens=10, cached_tokens=4, completion_tokens=3),
            event(106.2, "token"),
            event(109, "call", seconds=2, usage={"prompt_tokens": 1, "completion_tokens": 2, "seconds": 1.9}),
            event(110, "execution", seconds=1.0),
        ]
    )
    assert cost.wall == pytest.approx(10)
    assert (cost.sandbox, cost.usage.seconds, cost.usage.calls) == (1.0, 7.0, 2)
    assert (cost.usage.prompt_tokens, cost.usage.cached_tokens, cost.usage.completion_tokens) == (11, 4, 5)
    assert cost.overhead == pytest.approx(2)
    assert cost.share == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (event(10, "run", status="interrupted"), event(500, "run")),
        (event(10, "step"), event(500, "run")),
        (event(10, "run", status="failed"), event(500, "step")),
        (event(10, "gate", answered=False), event(500, "gate", answered=True)),
    ],
)
def test_time_when_nobody_worked_is_not_counted(before: Event, after: Event) -> None:
    cost = measure([event(8, "run"), before, after, event(501, "step")])
    assert cost.wall == pytest.approx(3)


def test_calls_side_by_side_leave_no_negative_overhead() -> None:
    cost = measure([event(0, "run"), event(4, "call", seconds=4), event(4, "call", seconds=4)])
    assert (cost.overhead, cost.share) == (0, 0)


def test_nothing() -> None:
    assert measure([]).share == 0
