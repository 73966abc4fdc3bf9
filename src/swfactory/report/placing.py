"""Where the nodes of a drawn graph stand and where its ways run, in pixels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from swfactory.report.layering import Edge, Outline, arrange
from swfactory.report.strokes import Point

__all__ = ["Box", "Lane", "Places"]

_MARGIN = 12.0
_TALL = 32.0
_BETWEEN = 26.0
_GAP = 24.0
_LANE = 13.0
_TRACK = 8.0
_PORT = 9.0

_Side = Literal["left", "right"]


@dataclass
class Box:
    """Where a node stands: its row, its place on the page in pixels, and whether a side of it is open."""

    row: int
    leftmost: bool
    rightmost: bool
    width: float
    height: float = _TALL
    centre: float = 0.0
    top: float = 0.0

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.centre - self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.centre + self.width / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Half-way between its upper and its lower edge."""
        return self.top + self.height / 2

    def open_to(self, side: _Side) -> bool:
        """Whether no other node stands between it and that side of the page."""
        return self.leftmost if side == "left" else self.rightmost


@dataclass
class Lane:
    """A way at a side of the picture, shared by all edges of one kind to one node; number 0 is the inmost."""

    side: _Side
    target: str
    conditional: bool
    sources: list[str] = field(default_factory=list)
    number: int = 0


class Places:
    """The places of everything; made in an order in which each step needs only those before it.

    Args:
        outline: the graph.
        width: of each node, in pixels.
    """

    boxes: dict[str, Box]
    """The nodes by name, from top to bottom."""
    steps: list[Edge]
    """The ways that go straight down to the next row."""
    lanes: list[Lane]
    """All others."""

    def __init__(self, outline: Outline, width: float) -> None:
        rows = arrange(outline)
        self.boxes = {
            name: Box(row, index == 0, index == len(names) - 1, width)
            for row, names in enumerate(rows.rows)
            for index, name in enumerate(names)
        }
        self._rows = rows.rows
        self.steps = []
        lanes: dict[tuple[_Side, str, bool], Lane] = {}
        for edge in _once(outline.edges):
            back = (edge.source, edge.target) in rows.back
            if not back and self.boxes[edge.target].row == self.boxes[edge.source].row + 1:
                self.steps.append(edge)
                continue
            side: _Side = "left" if back else "right"
            lane = lanes.setdefault((side, edge.target, edge.conditional), Lane(side, edge.target, edge.conditional))
            lane.sources.append(edge.source)
        self.lanes = list(lanes.values())
        self._counts = {side: self._number_lanes(side) for side in ("left", "right")}
        self._ports = self._give_ports()
        self._tracks = self._give_tracks()
        self._place(width)

    def _span(self, lane: Lane) -> tuple[int, int]:
        rows = [self.boxes[name].row for name in (lane.target, *lane.sources)]
        return min(rows), max(rows)

    def _number_lanes(self, side: str) -> int:
        """Put lanes that pass the same row beside each other, the shortest nearest to the nodes."""
        taken: list[list[tuple[int, int]]] = []
        lanes = [lane for lane in self.lanes if lane.side == side]
        spans = {id(lane): self._span(lane) for lane in lanes}
        for lane in sorted(lanes, key=lambda lane: (spans[id(lane)][1] - spans[id(lane)][0], spans[id(lane)])):
            first, last = spans[id(lane)]
            free = (i for i, used in enumerate(taken) if all(last < begin or end < first for begin, end in used))
            lane.number = next(free, len(taken))
            if lane.number == len(taken):
                taken.append([])
            taken[lane.number].append((first, last))
        return len(taken)

    def _give_ports(self) -> dict[tuple[_Side, str], list[tuple[str, int]]]:
        """For each open side of a node, from top to bottom, what meets it there: ``in`` or ``out``, and which lane.

        The order is the one in which no two of them cross.
        """
        ports: dict[tuple[_Side, str], list[tuple[str, int]]] = defaultdict(list)
        for index, lane in enumerate(self.lanes):
            if self.boxes[lane.target].open_to(lane.side):
                ports[lane.side, lane.target].append(("in", index))
            for source in lane.sources:
                if self.boxes[source].open_to(lane.side):
                    ports[lane.side, source].append(("out", index))

        def order(side: _Side, port: tuple[str, int]) -> tuple[int, int]:
            way, index = port
            number = self.lanes[index].number
            if side == "right":
                return (0, number) if way == "in" else (1, -number)
            return (0, number) if way == "out" else (1, -number)

        for (side, name), found in ports.items():
            found.sort(key=lambda port: order(side, port))
            self.boxes[name].height = max(self.boxes[name].height, (len(found) + 1) * _PORT)
        return ports

    def _give_tracks(self) -> dict[int, list[tuple[str, int]]]:
        """For each gap, named by the row above it, which lanes have to cross it to reach a node between others."""
        tracks: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for index, lane in enumerate(self.lanes):
            target = self.boxes[lane.target]
            if not target.open_to(lane.side):
                tracks[target.row - 1].append(("in", index))
            gaps = {
                (box.row if lane.side == "right" else box.row - 1)
                for box in map(self.boxes.__getitem__, lane.sources)
                if not box.open_to(lane.side)
            }
            for gap in sorted(gaps):
                tracks[gap].append(("out", index))
        return tracks

    def _place(self, width: float) -> None:
        widest = max((len(row) for row in self._rows), default=0)
        self._inner = widest * width + max(0, widest - 1) * _GAP
        self._first = _MARGIN + self._counts["left"] * _LANE + (4 if self._counts["left"] else 0)
        y = _MARGIN + self._depth(-1, 0)
        for row, names in enumerate(self._rows):
            tall = max(self.boxes[name].height for name in names)
            x = self._first + (self._inner - len(names) * width - (len(names) - 1) * _GAP) / 2
            for index, name in enumerate(names):
                box = self.boxes[name]
                box.centre = x + index * (width + _GAP) + width / 2
                box.top, box.height = y, tall
            y += tall + self._depth(row, _BETWEEN if row < len(self._rows) - 1 else 0)
        self._bottom = y + _MARGIN

    def _depth(self, gap: int, least: float) -> float:
        tracks = len(self._tracks.get(gap, ()))
        return least + (tracks + 1) * _TRACK if tracks else least

    @property
    def size(self) -> Point:
        """Width and height in pixels."""
        right = self._counts["right"] * _LANE + (4 if self._counts["right"] else 0)
        return self._first + self._inner + right + _MARGIN, self._bottom

    def along(self, lane: Lane) -> float:
        """How far from the left a lane runs."""
        beside = 4 + (lane.number + 0.5) * _LANE
        return self._first - beside if lane.side == "left" else self._first + self._inner + beside

    def approach(self, way: Literal["in", "out"], lane: Lane, name: str) -> list[Point]:
        """Points from a node to where it can go straight sideways to the lane; at least two.

        Args:
            way: whether the lane ends at the node or begins there.
            lane: one of ``lanes``.
            name: of the node.
        """
        index = self.lanes.index(lane)
        box = self.boxes[name]
        outward = -1 if lane.side == "left" else 1
        if box.open_to(lane.side):
            ports = self._ports[lane.side, name]
            y = box.top + box.height * (ports.index((way, index)) + 1) / (len(ports) + 1)
            edge = box.left if lane.side == "left" else box.right
            return [(edge, y), (edge + outward * 2, y)]
        down = way == "out" and lane.side == "right"
        gap = box.row if down else box.row - 1
        tracks = self._tracks[gap]
        depth = (tracks.index((way, index)) + 1) * _TRACK
        x = box.centre + outward * 9
        edge = box.bottom if down else box.top
        top = edge if down else edge - self._depth(gap, _BETWEEN if gap >= 0 else 0)
        return [(x, edge), (x, top + depth + (_BETWEEN / 2 if gap >= 0 else 0))]


def _once(edges: Iterable[Edge]) -> list[Edge]:
    """One edge for each pair of nodes; it is conditional when all of them are."""
    found: dict[tuple[str, str], bool] = {}
    for edge in edges:
        pair = edge.source, edge.target
        found[pair] = found.get(pair, True) and edge.conditional
    return [Edge(*pair, conditional) for pair, conditional in sorted(found.items())]
