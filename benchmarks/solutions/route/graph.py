"""Roads between places."""

from __future__ import annotations

import csv
import heapq
from pathlib import Path


class Graph:
    def __init__(self) -> None:
        self._roads: dict[str, dict[str, float]] = {}

    @classmethod
    def load(cls, path: str) -> Graph:
        graph = cls()
        with Path(path).open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                try:
                    graph.add_road(row["from"], row["to"], float(row["km"]))
                except (KeyError, TypeError, ValueError) as exc:
                    raise ValueError(f"bad row {row}") from exc
        return graph

    def add_road(self, a: str, b: str, km: float) -> None:
        if not km > 0:
            raise ValueError(f"the length must be positive, not {km}")
        shorter = min(km, self._roads.get(a, {}).get(b, km))
        self._roads.setdefault(a, {})[b] = shorter
        self._roads.setdefault(b, {})[a] = shorter

    def places(self) -> list[str]:
        return sorted(self._roads)

    def neighbours(self, place: str) -> dict[str, float]:
        return dict(self._roads[place])

    def shortest(self, a: str, b: str) -> tuple[float, list[str]]:
        self.neighbours(b)
        self.neighbours(a)
        queue: list[tuple[float, list[str]]] = [(0.0, [a])]
        done: set[str] = set()
        while queue:
            total, way = heapq.heappop(queue)
            if way[-1] == b:
                return total, way
            if way[-1] in done:
                continue
            done.add(way[-1])
            for place, km in self._roads[way[-1]].items():
                heapq.heappush(queue, (total + km, [*way, place]))
        raise ValueError(f"there is no way from {a} to {b}")

    def reachable(self, a: str) -> list[str]:
        seen, todo = {a}, [a]
        while todo:
            new = set(self.neighbours(todo.pop())) - seen
            seen |= new
            todo += new
        return sorted(seen - {a})
