"""A run: one requirement on its way through a graph."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.value import Value

__all__ = ["FINISHED", "Event", "EventKind", "Gate", "Run", "RunStatus"]

Gate = Literal["spec", "design", "release"]

RunStatus = Literal[
    "created", "queued", "running", "waiting", "interrupted", "failed", "delivered", "partial", "exhausted"
]
"""``queued``: waits for a worker. ``waiting``: at a gate. ``exhausted``: a bound ended it, best state kept.
``partial``: some criteria are unmet."""

FINISHED: frozenset[RunStatus] = frozenset({"delivered", "partial", "exhausted"})

_UNDER_WAY: frozenset[RunStatus] = frozenset({"created", "queued", "running"})

EventKind = Literal[
    "run",
    "step",
    "call",
    "token",
    "retrieval",
    "commit",
    "execution",
    "test",
    "fix",
    "finding",
    "gate",
    "note",
    "delivery",
]


class Run(Value):
    """A row of the runs table.

    Args:
        id: short and unique, sorts by creation.
        requirement: what was asked for.
        model: model URL, as given.
        graph: ``delivery`` or ``path.py:name``.
        seed: seed of every sample in the run.
        budget: bounds.
        gates: gates that wait for a person.
        status: where it stands.
        created: seconds since the epoch, UTC.
        updated: seconds since the epoch, UTC.
        parent: run it was forked from; None for none.
        output: folder that the product is delivered to.
        options: the rest of what reproduces it (sandbox, allow_install, ...).
    """

    id: str
    requirement: Requirement
    model: str
    graph: str = "delivery"
    seed: int = 0
    budget: Budget = Budget()
    gates: tuple[Gate, ...] = ()
    status: RunStatus = "created"
    created: float = 0.0
    updated: float = 0.0
    parent: str | None = None
    output: str = ""
    options: dict[str, str | int | float | bool | None] = Field(default_factory=dict)

    @property
    def under_way(self) -> bool:
        """Whether somebody works on it, or will without being asked again."""
        return self.status in _UNDER_WAY


class Event(Value):
    """A row of the events table.

    Args:
        run: id of the run.
        seq: number within the run, from 1, without gaps; 0 for an event that is shown but not kept (``token``).
        time: seconds since the epoch, UTC.
        kind: what happened.
        step: node that it happened in; empty outside any.
        role: role that it concerns; empty for none.
        text: a line for people.
        data: details for programs; JSON values only.
    """

    run: str
    seq: int = 0
    time: float = 0.0
    kind: EventKind
    step: str = ""
    role: str = ""
    text: str = ""
    data: dict[str, object] = Field(default_factory=dict)
