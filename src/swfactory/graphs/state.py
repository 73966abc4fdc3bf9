"""The state of a run: references, verdicts and counters, never file contents or transcripts."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from swfactory.domain.budget import Usage

__all__ = [
    "FactoryState",
    "Outcome",
    "Spent",
    "Strategy",
    "Votes",
    "add_new",
    "add_seconds",
    "add_usage",
    "is_spent",
    "new_state",
]

Strategy = Literal["infill", "rewrite", "mend"]
"""How a round looks for a better product: write single functions of the best one anew, whole files anew, or talk about
what is wrong with it."""

Outcome = Literal["delivered", "partial", "exhausted"]
"""How a run ends."""

Votes = dict[str, list[int]]
"""Test id to [candidates that passed it, candidates that ran it]."""


def add_usage(old: dict[str, Usage], new: dict[str, Usage]) -> dict[str, Usage]:
    """Add what each role spent."""
    return {role: old.get(role, Usage()) + new.get(role, Usage()) for role in (*old, *(r for r in new if r not in old))}


def add_new(old: list[str], new: list[str]) -> list[str]:
    """Add what is not there yet."""
    return list(dict.fromkeys((*old, *new)))


def add_seconds(old: float, new: float) -> float:
    """Add seconds of work."""
    return old + new


class Spent(TypedDict, total=False):
    """What a node has used: cost by role, seconds of work, digests of all passages that were found."""

    usage: Annotated[dict[str, Usage], add_usage]
    seconds: Annotated[float, add_seconds]
    lookups: Annotated[list[str], add_new]


class FactoryState(Spent, total=False):
    """What every checkpoint holds.

    ``spec``, ``design``, ``references``, ``suite``, ``report`` and ``delivery`` are digests in the object store.
    ``commit`` is the product's newest commit; from the first verification on it is the one that passes most, with its
    ``report``. ``packages`` is the folder of what the
    product may import, ``modules`` its names. ``drafts`` are the commits of products that are written side by side,
    ``pending`` lists files still to write, ``seen`` digests of candidates already tried, ``pool`` those that may lend
    parts to a better one, ``stalled`` counts rounds in a row that found nothing better, ``exhausted`` is the bound that
    ended the work, ``dropped`` ids of tests that were judged wrong, ``rejected`` what a person said at a gate
    and is still to be done, ``additions`` what of that belongs to the requirement from now on.
    """

    spec: str
    design: str
    suite: str
    commit: str
    report: str
    delivery: str
    references: str
    packages: str
    requirements: list[str]
    modules: list[str]
    drafts: list[str]
    pending: list[str]
    rounds: int
    stalled: int
    strategy: Strategy
    seen: list[str]
    pool: list[str]
    votes: Votes
    dropped: list[str]
    notes: list[str]
    confirmed: bool
    reviewed: bool
    exhausted: str | None
    rejected: dict[str, str]
    additions: list[str]
    outcome: Outcome


def new_state() -> FactoryState:
    """The input of a fresh run."""
    return FactoryState(
        rounds=0,
        stalled=0,
        strategy="infill",
        seen=[],
        pool=[],
        votes={},
        dropped=[],
        notes=[],
        requirements=[],
        lookups=[],
        packages="",
        modules=[],
        exhausted=None,
        rejected={},
        additions=[],
        usage={},
        seconds=0.0,
    )


def is_spent(state: FactoryState) -> bool:
    """Whether nothing more can be asked of a model; when repair has ended, a person can still have it go on."""
    return state.get("exhausted") not in {None, "rounds", "stall"}
