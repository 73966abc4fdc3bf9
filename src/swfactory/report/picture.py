"""A directed graph as one self-contained SVG: no scripts, nothing loaded, light and dark, narrow enough for a phone."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from swfactory.report.layering import Edge, Outline, arrange
from swfactory.report.strokes import ARROW, ROUND, Point, direction, number, pair, rounded, shortened, tip_at
from swfactory.report.text import plain

__all__ = ["Edge", "Outline", "svg"]

_MARGIN = 12.0
_LETTER = 7.3
_NARROWEST, _WIDEST = 96.0, 190.0
_TALL = 32.0
_BETWEEN = 26.0
_GAP = 24.0
_LANE = 13.0
_TRACK = 8.0
_PORT = 9.0

_STYLE = """\
.swf-picture{max-width:100%;height:auto;font:13px system-ui,"Noto Sans",sans-serif}
.swf-node rect{fill:#f4f6f8;stroke:#8a94a0;stroke-width:1.2}
.swf-node text{fill:#1d2127;text-anchor:middle}
.swf-edge{fill:none;stroke:#7d8793;stroke-width:1.3}
.swf-if{stroke-dasharray:4 3}
.swf-tip{fill:#7d8793}
.swf-done rect{fill:#dff2e5;stroke:#2f8a50}
.swf-active rect{fill:#dbe9ff;stroke:#2563c9;stroke-width:2.6}
.swf-active text{font-weight:600}
.swf-tick{fill:none;stroke:#2f8a50;stroke-width:2}
.swf-dot{fill:#2563c9}
@media (prefers-color-scheme:dark){
.swf-node rect{fill:#23282f;stroke:#7d8793}
.swf-node text{fill:#e5e8eb}
.swf-done rect{fill:#15351f;stroke:#55b378}
.swf-active rect{fill:#16294a;stroke:#6ea3f5}
.swf-tick{stroke:#6fd193}
.swf-dot{fill:#6ea3f5}
}"""

_Side = Literal["left", "right"]


def svg(outline: Outline, *, done: Collection[str] = (), active: Collection[str] = (), title: str = "") -> str:
    """Draw a graph from top to bottom; equal arguments give equal text.

    Ways down run between the rows or at the right, ways back at the left; a dashed way is one that the graph chooses.

    Args:
        outline: the graph; its names may be anything.
        done: nodes that have been walked; names of no node are passed over.
        active: nodes at work; one that is also done counts as active.
        title: what is drawn, for people who hear the page.
    """
    drawing = _Drawing(outline)
    width, height = drawing.size
    title = _shown(title) or "graph"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="swf-picture" role="img" aria-label="{escape(title)}"'
        f' viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        *drawing.edges(),
    ]
    for name, box in drawing.boxes.items():
        parts.append(_node(name, box, "active" if name in active else "done" if name in done else ""))
    return "\n".join([*parts, "</svg>\n"])


def _shown(name: str) -> str:
    """A name as people read it, with nothing that XML or a terminal minds."""
    text = plain(name).translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD, ord("_"): " "})
    return " ".join(text.split())


def _letters(text: str) -> float:
    """How wide a text is, in letters; a Chinese one counts twice."""
    return sum(1.8 if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in text)


def _label(name: str) -> str:
    text = _shown(name) or "?"
    room = (_WIDEST - 40) / _LETTER
    if _letters(text) <= room:
        return text
    text = text[: int(room)]
    while _letters(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _node(name: str, box: _Box, state: str) -> str:
    label = escape(_label(name))
    said = escape(_shown(name) or "?") + (f" ({state})" if state else "")
    radius = box.height / 2 if name in {"__start__", "__end__"} else 7.0
    mark = ""
    x, y = box.left + 13, box.middle
    if state == "done":
        mark = f'<path class="swf-tick" d="M{number(x - 4)} {number(y)}l3 3.5l5.5 -7"/>'
    elif state == "active":
        mark = f'<circle class="swf-dot" cx="{number(x)}" cy="{number(y)}" r="4"/>'
    return (
        f'<g class="swf-node{" swf-" + state if state else ""}"><title>{said}</title>'
        f'<rect x="{number(box.left)}" y="{number(box.top)}" width="{number(box.width)}"'
        f' height="{number(box.height)}" rx="{number(radius)}"/>{mark}'
        f'<text x="{number(box.centre)}" y="{number(y + 4.5)}">{label}</text></g>'
    )


@dataclass
class _Box:
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
        return self.centre - self.width / 2

    @property
    def right(self) -> float:
        return self.centre + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    def open_to(self, side: _Side) -> bool:
        return self.leftmost if side == "left" else self.rightmost


@dataclass
class _Lane:
    """A way at a side of the picture, shared by all edges of one kind to one node."""

    side: _Side
    target: str
    conditional: bool
    sources: list[str] = field(default_factory=list)
    number: int = 0


class _Drawing:
    """The places of everything; made in an order in which each step needs only those before it."""

    def __init__(self, outline: Outline) -> None:
        rows = arrange(outline)
        width = max([_NARROWEST, *(_letters(_label(name)) * _LETTER + 44 for name in outline.nodes)])
        self.boxes = {
            name: _Box(row, index == 0, index == len(names) - 1, width)
            for row, names in enumerate(rows.rows)
            for index, name in enumerate(names)
        }
        self._rows = rows.rows
        self._steps: list[Edge] = []
        lanes: dict[tuple[_Side, str, bool], _Lane] = {}
        for edge in _once(outline.edges):
            back = (edge.source, edge.target) in rows.back
            if not back and self.boxes[edge.target].row == self.boxes[edge.source].row + 1:
                self._steps.append(edge)
                continue
            side: _Side = "left" if back else "right"
            lane = lanes.setdefault((side, edge.target, edge.conditional), _Lane(side, edge.target, edge.conditional))
            lane.sources.append(edge.source)
        self._lanes = list(lanes.values())
        self._counts = {side: self._number_lanes(side) for side in ("left", "right")}
        self._ports = self._give_ports()
        self._tracks = self._give_tracks()
        self._place(width)

    def _span(self, lane: _Lane) -> tuple[int, int]:
        rows = [self.boxes[name].row for name in (lane.target, *lane.sources)]
        return min(rows), max(rows)

    def _number_lanes(self, side: str) -> int:
        """Put lanes that pass the same row beside each other, the shortest nearest to the nodes."""
        taken: list[list[tuple[int, int]]] = []
        lanes = [lane for lane in self._lanes if lane.side == side]
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
        for index, lane in enumerate(self._lanes):
            if self.boxes[lane.target].open_to(lane.side):
                ports[lane.side, lane.target].append(("in", index))
            for source in lane.sources:
                if self.boxes[source].open_to(lane.side):
                    ports[lane.side, source].append(("out", index))

        def order(side: _Side, port: tuple[str, int]) -> tuple[int, int]:
            way, index = port
            number = self._lanes[index].number
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
        for index, lane in enumerate(self._lanes):
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

    def edges(self) -> Iterable[str]:
        """The ways, each once."""
        for edge in self._steps:
            yield self._step(edge)
        for index, lane in enumerate(self._lanes):
            yield from self._lane(index, lane)

    def _step(self, edge: Edge) -> str:
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        start, end = (source.centre, source.bottom), (target.centre, target.top)
        bend = (end[1] - start[1]) / 2
        middle = (start[0], start[1] + bend), (end[0], end[1] - bend)
        path = f"M{pair(start)}C{pair(middle[0])} {pair(middle[1])} {pair((end[0], end[1] - ARROW + 1))}"
        return _way(edge, path) + tip_at(end, (0, 1))

    def _lane(self, index: int, lane: _Lane) -> Iterable[str]:
        x = (
            self._first - 4 - (lane.number + 0.5) * _LANE
            if lane.side == "left"
            else self._first + self._inner + 4 + (lane.number + 0.5) * _LANE
        )
        ends = self._approach("in", index, lane, lane.target)
        tip = ends[0]
        ends[0] = shortened(ends[0], ends[1])
        arrival = (x, ends[-1][1])
        starts = {source: self._approach("out", index, lane, source) for source in lane.sources}
        far = max(lane.sources, key=lambda source: abs(starts[source][-1][1] - arrival[1]))
        for source, points in starts.items():
            turn = (x, points[-1][1])
            if source == far:
                whole = [*points, turn, arrival, *reversed(ends)]
            else:
                # The rest of the way is drawn already, and dashes drawn over dashes would make a solid line.
                ahead = ROUND * 2 if arrival[1] > turn[1] else -ROUND * 2
                whole = [*points, turn, (x, turn[1] + ahead)]
            yield _way(Edge(source, lane.target, lane.conditional), rounded(whole))
        yield tip_at(tip, direction(ends[1] if len(ends) > 1 else arrival, tip))

    def _approach(self, way: str, index: int, lane: _Lane, name: str) -> list[Point]:
        """Points from a node to where it can go straight sideways to the lane; at least two."""
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


def _way(edge: Edge, path: str) -> str:
    said = f"{escape(_shown(edge.source))} → {escape(_shown(edge.target))}"
    kind = "swf-edge swf-if" if edge.conditional else "swf-edge"
    return f'<path class="{kind}" d="{path}"><title>{said}</title></path>'
