from pathlib import Path

import pytest

from swfactory.errors import InputError
from swfactory.report.layering import arrange
from swfactory.report.picture import Edge
from swfactory.runtime.topology import graph_reference, load_graph, mermaid, outline
from tests.runtime.conftest import TOY

FILE = TOY.rpartition(":")[0]


@pytest.mark.parametrize("name", ["build", "graph"])
def test_a_graph_or_a_function_that_returns_one(name):
    assert set(load_graph(f"{FILE}:{name}").nodes) == {"plan", "gate", "write", "deliver"}


def test_a_reference_means_the_same_from_anywhere(monkeypatch):
    monkeypatch.chdir(Path(FILE).parent)
    reference = graph_reference("toy.py:build")
    monkeypatch.chdir("/")
    assert reference == TOY
    assert load_graph(reference).nodes


@pytest.mark.parametrize("graph", ["unknown", "missing.py:build", f"{FILE}:", f"{FILE}:a b", ":build", ""])
def test_what_names_no_graph_is_refused_before_a_run_is_made(graph):
    with pytest.raises(InputError) as caught:
        graph_reference(graph)
    assert "--graph" in caught.value.hint


@pytest.mark.parametrize("name", ["nothing", "absent", "parameters", "Path"])
def test_what_is_no_graph_is_refused(name):
    with pytest.raises(InputError) as caught:
        load_graph(f"{FILE}:{name}")
    assert "StateGraph" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "said"),
    [("def broken(:", "SyntaxError"), ("import no_such_module", "no_such_module"), ("1 / 0", "ZeroDivisionError")],
)
def test_a_file_that_cannot_be_loaded_says_why(tmp_path, source, said):
    (tmp_path / "mine.py").write_text(source)
    with pytest.raises(InputError, match=said):
        load_graph(f"{tmp_path / 'mine.py'}:build")


def test_a_file_that_is_no_python(tmp_path):
    (tmp_path / "graph.txt").write_text("x")
    with pytest.raises(InputError, match="not a Python file"):
        load_graph(f"{tmp_path / 'graph.txt'}:build")


def test_the_outline_of_a_graph():
    drawn = outline(TOY)
    assert set(drawn.nodes) == {"__start__", "plan", "gate", "write", "deliver", "__end__"}
    assert Edge("__start__", "plan") in drawn.edges


def test_the_outline_of_the_delivery_graph_leads_back_to_work_that_is_done_again():
    placed = arrange(outline("delivery"))
    assert {target for _, target in placed.back} == {"specify", "design", "write_file", "repair"}
    assert placed.rows[0] == ("__start__",)
    assert placed.rows[-1] == ("__end__",)


def test_mermaid_text():
    text = mermaid(TOY)
    assert text.startswith("---")
    assert "__start__ --> plan;" in text


@pytest.mark.parametrize("draw", [outline, mermaid])
def test_a_graph_that_cannot_be_walked_is_refused(draw, tmp_path):
    (tmp_path / "mine.py").write_text("from langgraph.graph import StateGraph\ngraph = StateGraph(dict)\n")
    with pytest.raises(InputError, match="cannot be walked"):
        draw(f"{tmp_path / 'mine.py'}:graph")
