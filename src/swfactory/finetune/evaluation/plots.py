"""Where the marks of a plot stand, in the units of its picture; the card's template draws them."""

from __future__ import annotations

from collections.abc import Sequence

from swfactory.domain.value import Value
from swfactory.finetune.evaluation.scores import SuiteScore

__all__ = ["Curve", "Intervals", "Mark", "Tick", "curve_plot", "differences_plot", "suite_plot"]

_WIDTH, _LABELS, _MARGIN = 640.0, 190.0, 24.0
_ROW, _AXIS = 26.0, 30.0
_HEIGHT = 180.0


class Tick(Value):
    """A line of the grid.

    Args:
        at: its place.
        label: what is written at it.
    """

    at: float
    label: str


class Mark(Value):
    """A value with its interval.

    Args:
        label: what it is of.
        text: the value in words.
        at: place of the value, from the left.
        low: place of the lower end.
        high: place of the upper end.
        y: place from above.
    """

    label: str
    text: str
    at: float
    low: float
    high: float
    y: float


class Intervals(Value):
    """Values with intervals, one below the other.

    Args:
        title: what is shown.
        width: of the picture.
        height: of the picture.
        marks: the values.
        ticks: the grid, from left to right.
        zero: place of zero, where there is a difference to be told from it.
    """

    title: str
    width: float = _WIDTH
    height: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    zero: float | None = None


class Curve(Value):
    """Lines over steps.

    Args:
        width: of the picture.
        height: of the picture.
        lines: points ``x,y x,y ...`` by name.
        across: ticks of the steps.
        up: ticks of the loss.
    """

    width: float = _WIDTH
    height: float = _HEIGHT
    lines: dict[str, str]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


_Row = tuple[str, str, float, float, float]
"""Label, value in words, value, lower and upper end."""


def suite_plot(suite: SuiteScore) -> Intervals:
    """Place the scores of a suite: shares between 0 and 1, perplexities between the ends of their intervals."""
    share = suite.scale == "share"
    rows = [
        (
            f"{arm.subject}, {arm.form}" if arm.form else arm.subject,
            f"{arm.value:.1%}" if share else f"{arm.value:.2f}",
            arm.value,
            arm.interval.low,
            arm.interval.high,
        )
        for arm in suite.tally.arms
    ]
    if share:
        return _intervals(suite.name, rows, 0.0, 1.0, [0.0, 0.25, 0.5, 0.75, 1.0], percent=True)
    low, high = _room([row[3] for row in rows], [row[4] for row in rows])
    return _intervals(suite.name, rows, low, high, [low, (low + high) / 2, high], percent=False)


def differences_plot(suites: Sequence[SuiteScore]) -> Intervals | None:
    """Place what the adapter changed in the suites of shares; None when it was compared in none of them."""
    rows: list[_Row] = []
    for suite in suites:
        found = suite.tally.comparison
        if found is not None and suite.scale == "share":
            ends = found.interval
            rows.append((suite.name, f"{found.difference:+.1%}", found.difference, ends.low, ends.high))
    if not rows:
        return None
    reach = max(0.05, *(abs(end) for row in rows for end in row[3:]))
    return _intervals(
        "adapted less base", rows, -reach, reach, [-reach, -reach / 2, 0.0, reach / 2, reach], percent=True, zero=True
    )


def _room(lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float]:
    low, high = min(lows), max(highs)
    return low, high if high > low else low + 1.0


def _intervals(
    title: str,
    rows: Sequence[_Row],
    low: float,
    high: float,
    grid: Sequence[float],
    *,
    percent: bool,
    zero: bool = False,
) -> Intervals:
    def place(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(_LABELS + share * (_WIDTH - _LABELS - _MARGIN), 1)

    marks = tuple(
        Mark(
            label=label,
            text=text,
            at=place(value),
            low=place(start),
            high=place(end),
            y=round(_ROW * (number + 0.5), 1),
        )
        for number, (label, text, value, start, end) in enumerate(rows)
    )
    return Intervals(
        title=title,
        height=_ROW * len(rows) + _AXIS,
        marks=marks,
        ticks=tuple(Tick(at=place(value), label=f"{value:.0%}" if percent else f"{value:.2f}") for value in grid),
        zero=place(0.0) if zero else None,
    )


def curve_plot(points: Sequence[tuple[float, str, float]]) -> Curve | None:
    """Place a loss curve; None when there are fewer than two points.

    Args:
        points: step, name of the loss, and loss.
    """
    if len(points) < 2:
        return None
    steps, losses = [step for step, _, _ in points], [loss for _, _, loss in points]
    left, right = _room(steps, steps)
    low, high = _room(losses, losses)

    def x(step: float) -> float:
        return round(_MARGIN * 2 + (step - left) / (right - left) * (_WIDTH - 3 * _MARGIN), 1)

    def y(loss: float) -> float:
        return round(_MARGIN / 2 + (high - loss) / (high - low) * (_HEIGHT - _AXIS - _MARGIN / 2), 1)

    lines = {
        name: " ".join(f"{x(step)},{y(loss)}" for step, own, loss in points if own == name)
        for name in dict.fromkeys(name for _, name, _ in points)
    }
    return Curve(
        lines=lines,
        across=tuple(Tick(at=x(step), label=f"{step:g}") for step in (left, (left + right) / 2, right)),
        up=tuple(Tick(at=y(loss), label=f"{loss:.2f}") for loss in (low, (low + high) / 2, high)),
    )
