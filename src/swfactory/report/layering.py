"""From a directed graph to rows: which edges lead back, which node stands in which row, and in which order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from swfactory.errors import InputError

__all__ = ["Edge", "Outline", "Rows", "arrange"]

NODES_A_ROW = 3
"""More would be too wide for a phone; what does not fit moves to the next row."""

_SWEEPS = 4
"""Further sweeps change little in graphs of a few dozen nodes."""


@dataclass(frozen=True)
class Edge:
    """A way from one node to another.

    Args:
        source: name of the node it leaves.
        target: name of the node it leads to.
        conditional: whether the graph chooses among it and others.
    """

    source: str
    target: str
    conditional: bool = False


@dataclass(frozen=True)
class Outline:
    """A directed graph: what a picture of it needs to know.

    Args:
        nodes: names, in the order in which they were declared; each once.
        edges: the ways between them.

    Raises:
        InputError: a name comes twice, or an edge leads to or from no node.
    """

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        known = set(self.nodes)
        if len(known) < len(self.nodes):
            twice = next(name for name in self.nodes if self.nodes.count(name) > 1)
            raise InputError(f"node {twice!r} comes twice", hint="name every node once")
        for edge in self.edges:
            for name in (edge.source, edge.target):
                if name not in known:
                    raise InputError(f"an edge names the node {name!r}, which is not there", hint="add the node")


@dataclass(frozen=True)
class Rows:
    """Where the nodes of a graph stand.

    Args:
        rows: names of the nodes, from top to bottom, and in each row from left to right.
        back: source and target of the edges that lead up, or to the node that they leave.
    """

    rows: tuple[tuple[str, ...], ...]
    back: frozenset[tuple[str, str]]


def arrange(outline: Outline) -> Rows:
    """Give every node a place; equal graphs get equal places.

    Args:
        outline: the graph; cycles and nodes without edges are allowed.
    """
    children = _neighbours(outline.nodes, ((edge.source, edge.target) for edge in outline.edges))
    back = _back_edges(outline.nodes, children)
    forward = sorted({(edge.source, edge.target) for edge in outline.edges} - back)
    return Rows(_ordered(_rows(outline.nodes, forward), forward), back)


def _neighbours(nodes: tuple[str, ...], pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Targets by source, each once and in the order of the nodes."""
    place = {name: index for index, name in enumerate(nodes)}
    found: dict[str, set[str]] = {name: set() for name in nodes}
    for source, target in pairs:
        found[source].add(target)
    return {name: sorted(targets, key=place.__getitem__) for name, targets in found.items()}


def _back_edges(nodes: tuple[str, ...], children: Mapping[str, list[str]]) -> frozenset[tuple[str, str]]:
    """Edges to a node that a depth-first walk has entered and not left; without them there is no cycle."""
    entered = {target for source, targets in children.items() for target in targets if target != source}
    back: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for root in sorted(nodes, key=lambda name: name in entered):
        if root in seen:
            continue
        seen.add(root)
        path = {root: iter(children[root])}
        while path:
            node = next(reversed(path))
            for child in path[node]:
                if child in path:
                    back.add((node, child))
                elif child not in seen:
                    seen.add(child)
                    path[child] = iter(children[child])
                    break
            else:
                del path[node]
    return frozenset(back)


def _rows(nodes: tuple[str, ...], forward: list[tuple[str, str]]) -> list[list[str]]:
    """Longest-path layering: each node one row below the lowest that leads to it, or further where rows are full."""
    children = _neighbours(nodes, forward)
    waits = dict.fromkeys(nodes, 0)
    for _, target in forward:
        waits[target] += 1
    earliest = dict.fromkeys(nodes, 0)
    ready = [(0, place, name) for place, name in enumerate(nodes) if not waits[name]]
    places = {name: place for place, name in enumerate(nodes)}
    rows: list[list[str]] = []
    while ready:
        row, _, name = heapq.heappop(ready)
        while row < len(rows) and len(rows[row]) >= NODES_A_ROW:
            row += 1
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row].append(name)
        for child in children[name]:
            earliest[child] = max(earliest[child], row + 1)
            waits[child] -= 1
            if not waits[child]:
                heapq.heappush(ready, (earliest[child], places[child], child))
    return rows


def _ordered(rows: list[list[str]], forward: list[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Barycentre ordering: sweep down and up, each node to the mean place of its neighbours."""
    above: dict[str, list[str]] = {name: [] for row in rows for name in row}
    below: dict[str, list[str]] = {name: [] for row in rows for name in row}
    for source, target in forward:
        below[source].append(target)
        above[target].append(source)
    place: dict[str, float] = {}

    def settle(row: list[str]) -> None:
        for index, name in enumerate(row):
            place[name] = index - (len(row) - 1) / 2

    def centre(name: str, neighbours: dict[str, list[str]]) -> float:
        near = neighbours[name]
        return sum(place[other] for other in near) / len(near) if near else place[name]

    for row in rows:
        settle(row)
    for sweep in range(_SWEEPS):
        neighbours = below if sweep % 2 else above
        for row in reversed(rows) if sweep % 2 else rows:
            row.sort(key=lambda name: centre(name, neighbours))
            settle(row)
    return tuple(map(tuple, rows))
