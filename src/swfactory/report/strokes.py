"""Lines with round corners and the tips of arrows, as SVG."""

from __future__ import annotations

__all__ = ["ARROW", "ROUND", "Point", "direction", "number", "pair", "rounded", "shortened", "tip_at"]

ARROW = 7.0
"""Length of a tip, pixels."""
ROUND = 6.0
"""Radius of a corner, pixels."""

Point = tuple[float, float]


def number(value: float) -> str:
    """A number as SVG takes it, a tenth of a pixel exact."""
    return f"{value:.1f}".removesuffix(".0")


def pair(point: Point) -> str:
    """A point as SVG takes it."""
    return f"{number(point[0])} {number(point[1])}"


def direction(start: Point, end: Point) -> Point:
    """The way from one point to another that lies straight beside, above or below it; of length 1."""
    length = max(abs(end[0] - start[0]) + abs(end[1] - start[1]), 0.001)
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def shortened(end: Point, before: Point) -> Point:
    """The end of a line that leaves room for its tip."""
    across, down = direction(before, end)
    return end[0] - across * (ARROW - 1), end[1] - down * (ARROW - 1)


def rounded(points: list[Point]) -> str:
    """A line through the points, with round corners."""
    path = [f"M{pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(ROUND, _length(before, corner) / 2, _length(corner, after) / 2)
        (ax, ay), (bx, by) = direction(before, corner), direction(corner, after)
        start = corner[0] - ax * radius, corner[1] - ay * radius
        end = corner[0] + bx * radius, corner[1] + by * radius
        path.append(f"L{pair(start)}Q{pair(corner)} {pair(end)}")
    path.append(f"L{pair(points[-1])}")
    return "".join(path)


def _length(start: Point, end: Point) -> float:
    return abs(end[0] - start[0]) + abs(end[1] - start[1])


def tip_at(end: Point, towards: Point) -> str:
    """The tip of an arrow that ends at a point."""
    across, down = towards
    base = end[0] - across * ARROW, end[1] - down * ARROW
    corners = [end, (base[0] - down * 3.5, base[1] + across * 3.5), (base[0] + down * 3.5, base[1] - across * 3.5)]
    return f'<path class="swf-tip" d="M{"L".join(map(pair, corners))}Z"/>'
