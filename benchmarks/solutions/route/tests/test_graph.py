import pytest
from graph import Graph


def test_shortest_goes_round() -> None:
    graph = Graph()
    for a, b, km in (("a", "b", 1), ("b", "c", 1), ("a", "c", 5)):
        graph.add_road(a, b, km)
    assert graph.shortest("a", "c") == (2, ["a", "b", "c"])


def test_unknown_place() -> None:
    with pytest.raises(KeyError):
        Graph().reachable("x")
