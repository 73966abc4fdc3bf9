"""What a training tells while it runs."""

from __future__ import annotations

from collections.abc import Callable

from swfactory.domain.value import Value

__all__ = ["Report", "Step", "silent"]


class Step(Value):
    """Where a training stands.

    Args:
        stage: what is being done, e.g. ``loading`` or ``training``.
        done: steps done.
        total: steps of the whole training; 0 while not known.
        loss: of the last step; None while there is none.
        note: one line more.
    """

    stage: str
    done: int = 0
    total: int = 0
    loss: float | None = None
    note: str = ""


Report = Callable[[Step], None]
"""Told of every step."""


def silent(step: Step) -> None:
    """Say nothing."""
    del step
