"""The entry points in graphs/: they load as a user loads them, and the example's role does its work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langgraph.graph import END, START, StateGraph

from swfactory.domain.report import Finding, TestReport
from swfactory.domain.requirement import Requirement
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState, new_state
from swfactory.runtime.topology import graph_reference, load_graph
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.sandbox import ScriptedSandbox
from swfactory.testing.workspace import MemoryObjectStore, MemoryWorkspace

ROOT = Path(__file__).parents[1]
CODE = "import os\n\n\ndef show(name):\n    os.system('cat ' + name)\n"
OLD = Finding(tool="lint", path="main.py", line=1, message="an older finding", blocking=False)


def entry_points() -> dict[str, str]:
    return json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["graphs"]


def load(target: str) -> StateGraph:
    path, _, name = target.rpartition(":")
    return load_graph(graph_reference(f"{ROOT / path}:{name}"))


@pytest.mark.parametrize("target", entry_points().values(), ids=entry_points())
def test_every_entry_point_compiles(target: str) -> None:
    assert {"specify", "verify", "deliver"} <= set(load(target).compile().get_graph().nodes)


def test_every_graph_of_the_folder_is_an_entry_point() -> None:
    named = {Path(target.rpartition(":")[0]).name for target in entry_points().values()}
    assert named == {path.name for path in (ROOT / "graphs").glob("*.py")}


def test_the_security_reviewer_sits_between_the_documents_and_the_release() -> None:
    edges = {(edge.source, edge.target) for edge in load("graphs/security_review.py:build").compile().get_graph().edges}
    assert {("document", "security_review"), ("security_review", "release_gate")} <= edges
    assert ("document", "release_gate") not in edges


async def review(reply: str, **changes: object) -> tuple[FactoryState, TestReport, ScriptedChatModel]:
    """Run the example's node alone, on one file, with a model that says ``reply``."""
    graph = StateGraph(FactoryState, context_schema=FactoryContext)
    spec = load("graphs/security_review.py:build").nodes["security_review"]
    graph.add_node("security_review", spec.runnable)
    graph.add_edge(START, "security_review")
    graph.add_edge("security_review", END)
    workspace, objects = MemoryWorkspace(), MemoryObjectStore()
    model = ScriptedChatModel(lambda _: reply)
    context = FactoryContext(
        requirement=Requirement.parse("a program that shows a file"),
        models={"*": model},
        sandbox=ScriptedSandbox([]),
        workspace=workspace,
        objects=objects,
    )
    state = new_state() | {
        "commit": workspace.commit(None, {"main.py": CODE, "tests/test_it.py": "secret = 1\n"}, "Start"),
        "report": objects.put(TestReport(findings=(OLD,)).model_dump_json()),
        **changes,
    }
    after = await graph.compile().ainvoke(state, context=context)
    return after, TestReport.model_validate_json(objects.get(after["report"])), model


def answer(path: str, code: str) -> str:
    return json.dumps({"weaknesses": [{"path": path, "code": code, "risk": "a shell runs the name"}]})


async def test_a_weakness_is_added_to_the_report_with_its_line() -> None:
    after, report, model = await review(answer("main.py", "os.system('cat ' + name)"))
    found = Finding(tool="security", path="main.py", line=5, message="a shell runs the name", blocking=False)
    assert report.findings == (OLD, found)
    assert after["usage"]["security_reviewer"].calls == 1
    asked = model.requests[0]
    assert asked.role == "security_reviewer"
    assert "os.system" in asked.messages[0].content
    assert "secret = 1" not in asked.messages[0].content


@pytest.mark.parametrize(("path", "code"), [("main.py", "eval(name)"), ("other.py", "import os"), ("main.py", " ")])
async def test_a_weakness_that_quotes_nothing_of_the_source_is_dropped(path: str, code: str) -> None:
    _, report, _ = await review(answer(path, code))
    assert report.findings == (OLD,)


async def test_a_reply_that_is_no_json_does_not_end_the_run() -> None:
    _, report, model = await review("I see no problem at all.")
    assert report.findings == (OLD,)
    assert len(model.requests) == 2


async def test_a_spent_budget_leaves_the_model_alone() -> None:
    _, _, model = await review("{}", exhausted="tokens")
    assert model.requests == ()
