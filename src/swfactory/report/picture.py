"""A directed graph as one self-contained SVG: no scripts, nothing loaded, light and dark, narrow enough for a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from html import escape

from swfactory.report.layering import Edge, Outline
from swfactory.report.placing import Box, Lane, Places
from swfactory.report.strokes import ARROW, ROUND, direction, number, pair, rounded, shortened, tip_at
from swfactory.report.text import plain

__all__ = ["Edge", "Outline", "svg"]

_LETTER = 7.3
_NARROWEST, _WIDEST = 96.0, 190.0

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


def svg(outline: Outline, *, done: Collection[str] = (), active: Collection[str] = (), title: str = "") -> str:
    """Draw a graph from top to bottom; equal arguments give equal text.

    Ways down run between the rows or at the right, ways back at the left; a dashed way is one that the graph chooses.

    Args:
        outline: the graph; its names may be anything.
        done: nodes that have been walked; names of no node are passed over.
        active: nodes at work; one that is also done counts as active.
        title: what is drawn, for people who hear the page.
    """
    places = Places(outline, max([_NARROWEST, *(_letters(_label(name)) * _LETTER + 44 for name in outline.nodes)]))
    width, height = places.size
    title = _shown(title) or "graph"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="swf-picture" role="img" aria-label="{escape(title)}"'
        f' viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        *_ways(places),
    ]
    for name, box in places.boxes.items():
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


def _node(name: str, box: Box, state: str) -> str:
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


def _ways(places: Places) -> Iterable[str]:
    """The ways, each once."""
    for edge in places.steps:
        yield _step(edge, places.boxes[edge.source], places.boxes[edge.target])
    for lane in places.lanes:
        yield from _lane(places, lane)


def _step(edge: Edge, source: Box, target: Box) -> str:
    start, end = (source.centre, source.bottom), (target.centre, target.top)
    bend = (end[1] - start[1]) / 2
    middle = (start[0], start[1] + bend), (end[0], end[1] - bend)
    path = f"M{pair(start)}C{pair(middle[0])} {pair(middle[1])} {pair((end[0], end[1] - ARROW + 1))}"
    return _way(edge, path) + tip_at(end, (0, 1))


def _lane(places: Places, lane: Lane) -> Iterable[str]:
    x = places.along(lane)
    ends = places.approach("in", lane, lane.target)
    tip = ends[0]
    ends[0] = shortened(ends[0], ends[1])
    arrival = (x, ends[-1][1])
    starts = {source: places.approach("out", lane, source) for source in lane.sources}
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


def _way(edge: Edge, path: str) -> str:
    said = f"{escape(_shown(edge.source))} → {escape(_shown(edge.target))}"
    kind = "swf-edge swf-if" if edge.conditional else "swf-edge"
    return f'<path class="{kind}" d="{path}"><title>{said}</title></path>'
