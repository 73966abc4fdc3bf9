"""The engineer's part of the work alone: one module, written and repaired against the examples that it quotes."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.report import TestReport
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs import drafts, repair
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState, new_state
from swfactory.ports import ObjectStore
from swfactory.requirements.interfaces.call_examples import api_examples

__all__ = ["MODULE", "build", "start"]

MODULE = "solution.py"
"""The file that is written."""


def build() -> StateGraph[FactoryState, FactoryContext]:
    """Return the graph, uncompiled: the nodes are those of the delivery graph, without its other roles."""
    graph = StateGraph(FactoryState, context_schema=FactoryContext)
    graph.add_node("write_file", drafts.write_file)
    graph.add_node("verify", drafts.verify)
    graph.add_node("repair", repair.repair)
    graph.add_edge(START, "write_file")
    graph.add_edge("write_file", "verify")
    graph.add_conditional_edges("verify", _repair_or_end, ["repair", END])
    graph.add_conditional_edges("repair", _repair_or_end, ["repair", END])
    return graph


def start(text: str, function: str, objects: ObjectStore) -> FactoryState:
    """Return the graph's input for one function.

    Args:
        text: what the function must do; the calls with literal results in it are the tests.
        function: its name.
        objects: where the documents of the state go.
    """
    examples = [example for _, example in api_examples(text, {function: MODULE.removesuffix(".py")})]
    tests = [
        PlannedTest(name=f"test_c1_{number}", criterion="C1", title=f"{function} as quoted", example=example)
        for number, example in enumerate(dict.fromkeys(examples), 1)
    ]
    design = Design(files=(FilePlan(path=MODULE),))
    documents = {"design": design, "suite": Suite(tests=tuple(tests))}
    digests = {key: objects.put(document.model_dump_json()) for key, document in documents.items()}
    return FactoryState(**{**new_state(), "design": digests["design"], "suite": digests["suite"], "pending": [MODULE]})


def _repair_or_end(state: FactoryState, runtime: Runtime[FactoryContext]) -> str:
    """Repair until the examples hold, or a bound is reached."""
    if state.get("exhausted"):
        return END
    report = TestReport.model_validate_json(runtime.context.objects.get(state["report"]))
    return END if report.green else "repair"
