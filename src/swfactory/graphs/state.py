"""The state of a run: references, verdicts and counters, never file contents or transcripts."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from swfactory.domain.budget import Usage

__all__ = ["FactoryState", "add_usage", "new_state"]


def add_usage(old: dict[str, Usage], new: dict[str, Usage]) -> dict[str, Usage]:
    """Add what each role spent."""
    return {role: old.get(role, Usage()) + new.get(role, Usage()) for role in (*old, *(r for r in new if r not in old))}


def add_seconds(old: float, new: float) -> float:
    """Add seconds of work."""
    return old + new


class FactoryState(TypedDict, total=False):
    """What every checkpoint holds.

    ``spec``, ``design``, ``report`` and ``delivery`` are digests in the object store, ``commit`` and ``best`` are
    commits of the workspace; ``best`` is the commit that passes most, with its own report in ``best_report``.
    """

    spec: str
    design: str
    commit: str
    report: str
    best: str
    best_report: str
    delivery: str
    packages: str
    rounds: int
    strategy: str
    stalled: int
    seen: list[str]
    exhausted: str | None
    rejected: dict[str, str]
    outcome: Literal["delivered", "partial", "exhausted"]
    usage: Annotated[dict[str, Usage], add_usage]
    seconds: Annotated[float, add_seconds]


def new_state() -> FactoryState:
    """The input of a fresh run."""
    return FactoryState(rounds=0, stalled=0, seen=[], exhausted=None, rejected={}, usage={}, seconds=0.0)
