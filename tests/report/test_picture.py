import random
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from swfactory.errors import InputError
from swfactory.report.layering import NODES_A_ROW, arrange
from swfactory.report.picture import Edge, Outline, svg
from tests.report.hostile import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
LOOP = Outline(
    ("__start__", "write_file", "verify", "repair", "__end__"),
    (
        Edge("__start__", "write_file"),
        Edge("write_file", "write_file", True),
        Edge("write_file", "verify"),
        Edge("verify", "repair", True),
        Edge("verify", "__end__", True),
        Edge("repair", "verify"),
    ),
)


def drawn(outline, **marks):
    """The drawing as XML, and its nodes: what is read out for each, with its classes and its label."""
    root = ElementTree.fromstring(svg(outline, **marks))
    nodes = {
        group.findtext(f"{SVG}title"): (set(group.get("class").split()), group.findtext(f"{SVG}text"))
        for group in root.iter(f"{SVG}g")
    }
    assert len(nodes) == len(list(root.iter(f"{SVG}g")))
    return root, nodes


def ways(root):
    return sorted(path.findtext(f"{SVG}title") for path in root.iter(f"{SVG}path") if "swf-edge" in path.get("class"))


def some_graph(seed):
    rng = random.Random(seed)
    nodes = tuple(f"n{i}" for i in range(rng.randint(1, 14)))
    edges = tuple(
        Edge(rng.choice(nodes), rng.choice(nodes), rng.random() < 0.5) for _ in range(rng.randint(0, 3 * len(nodes)))
    )
    return Outline(nodes, edges)


def boxes(root):
    return [tuple(float(rect.get(key)) for key in ("x", "y", "width", "height")) for rect in root.iter(f"{SVG}rect")]


def test_every_node_and_every_way_is_drawn_once():
    root, nodes = drawn(LOOP)
    assert [label for _, label in nodes.values()] == ["start", "write file", "verify", "repair", "end"]
    assert ways(root) == sorted(
        [
            "start → write file",
            "write file → write file",
            "write file → verify",
            "verify → repair",
            "verify → end",
            "repair → verify",
        ]
    )
    assert float(root.get("viewBox").split()[2]) < 360


def test_a_way_that_the_graph_chooses_is_dashed():
    root, _ = drawn(LOOP)
    dashed = {path.findtext(f"{SVG}title") for path in root.iter(f"{SVG}path") if "swf-if" in path.get("class").split()}
    assert dashed == {"write file → write file", "verify → repair", "verify → end"}


def test_done_and_active_nodes_are_marked_beyond_their_colour():
    root, nodes = drawn(LOOP, done=("write_file", "verify", "no such node"), active=("verify",))
    assert "swf-done" in nodes["write file (done)"][0]
    assert "swf-active" in nodes["verify (active)"][0]
    assert nodes["repair"][0] == {"swf-node"}
    kinds = [path.get("class") for path in root.iter(f"{SVG}path")]
    assert kinds.count("swf-tick") == 1
    assert len(list(root.iter(f"{SVG}circle"))) == 1


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800\ufffe\uffff\x00", "", "_", "x" * 500, "软件工厂" * 30])
def test_names_and_title_are_only_text(text):
    outline = Outline((text, "b"), (Edge(text, "b"), Edge("b", text)))
    root, nodes = drawn(outline, title=text, done=(text,))
    allowed = {f"{SVG}{tag}" for tag in ("svg", "title", "style", "path", "g", "rect", "circle", "text")}
    assert {element.tag for element in root.iter()} <= allowed
    keys = {key for element in root.iter() for key in element.attrib}
    assert not {key for key in keys if key.startswith("on") or "href" in key}
    assert len(nodes) == 2
    for left, _, width, _ in boxes(root):
        assert left >= 0
        assert left + width <= float(root.get("width"))
    assert all(len(label) <= 30 for _, label in nodes.values())


def test_nothing_is_loaded_and_nothing_runs():
    text = svg(LOOP, title="a picture")
    assert not re.search(r"<script|@import|url\(|@font-face|href", text)
    assert "prefers-color-scheme:dark" in text
    assert text.count("http") == 1
    assert ElementTree.fromstring(text).get("aria-label") == "a picture"


@pytest.mark.parametrize("outline", [Outline((), ()), Outline(("a",), ()), Outline(tuple("abcdefg"), ())])
def test_graphs_without_ways(outline):
    root, nodes = drawn(outline)
    assert list(nodes) == list(outline.nodes)
    assert ways(root) == []
    assert max(map(len, arrange(outline).rows), default=0) <= NODES_A_ROW


def test_only_nodes_that_loop():
    outline = Outline(("a", "b", "c", "d"), tuple(Edge(name, name) for name in "abcd"))
    root, _ = drawn(outline)
    assert ways(root) == [f"{name} → {name}" for name in "abcd"]


def test_two_ways_between_the_same_nodes_are_one_and_sure_if_one_of_them_is():
    root, _ = drawn(Outline(("a", "b"), (Edge("a", "b", True), Edge("a", "b"))))
    assert ways(root) == ["a → b"]
    assert "swf-if" not in {path.get("class") for path in root.iter(f"{SVG}path")}


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_graph_nodes_do_not_overlap_and_ways_lead_down_or_are_back_edges(seed):
    outline = some_graph(seed)
    placed = arrange(outline)
    row = {name: number for number, names in enumerate(placed.rows) for name in names}
    assert sorted(row) == sorted(outline.nodes)
    for edge in outline.edges:
        down = row[edge.target] > row[edge.source]
        assert down or (edge.source, edge.target) in placed.back
    root, nodes = drawn(outline)
    assert sorted(nodes) == sorted(outline.nodes)
    assert ways(root) == sorted({f"{edge.source} → {edge.target}" for edge in outline.edges})
    found = boxes(root)
    for index, (x, y, width, height) in enumerate(found):
        for left, top, wide, tall in found[index + 1 :]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + tall <= y
    _, _, width, height = (float(part) for part in root.get("viewBox").split())
    for path in root.iter(f"{SVG}path"):
        if path.get("class").startswith(("swf-edge", "swf-tip")):
            numbers = [float(part) for part in re.findall(r"-?[\d.]+", path.get("d"))]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(0 <= y <= height for y in numbers[1::2])


@pytest.mark.parametrize("seed", range(5))
def test_equal_graphs_give_equal_pictures(seed):
    assert svg(some_graph(seed), done=("n0", "n1")) == svg(some_graph(seed), done=("n1", "n0"))
    outline = some_graph(seed)
    assert svg(Outline(outline.nodes, outline.edges[::-1])) == svg(outline)


def test_the_order_of_declaration_decides_which_way_leads_back():
    cycle = (Edge("a", "b"), Edge("b", "c"), Edge("c", "a"))
    assert arrange(Outline(("a", "b", "c"), cycle)).back == {("c", "a")}
    assert arrange(Outline(("b", "c", "a"), cycle)).back == {("a", "b")}


def test_nodes_stand_near_their_neighbours():
    crossed = Outline(("a", "b", "c", "d"), (Edge("a", "d"), Edge("b", "c")))
    top, bottom = arrange(crossed).rows[:2]
    assert (top.index("a") < top.index("b")) == (bottom.index("d") < bottom.index("c"))


def test_a_deep_graph_needs_no_deep_stack():
    names = tuple(f"n{i}" for i in range(3000))
    chain = tuple(Edge(a, b) for a, b in pairwise(names))
    assert len(arrange(Outline(names, chain)).rows) == 3000


@pytest.mark.parametrize("outline", [lambda: Outline(("a", "a"), ()), lambda: Outline(("a",), (Edge("a", "b"),))])
def test_what_is_no_graph_is_refused(outline):
    with pytest.raises(InputError, match=r"'[ab]'"):
        outline()
