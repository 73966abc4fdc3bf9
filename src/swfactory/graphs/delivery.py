"""The delivery graph: a requirement in, a tested product out."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from swfactory.graphs import closing, confirmation, drafts, planning, repair, routing, suites
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.gates import gate
from swfactory.graphs.state import FactoryState

__all__ = ["build"]


def build() -> StateGraph[FactoryState, FactoryContext]:
    """Return the graph, uncompiled: the runtime adds the checkpointer."""
    graph = StateGraph(FactoryState, context_schema=FactoryContext)
    graph.add_node("specify", planning.specify)
    graph.add_node("spec_gate", gate("spec"))
    graph.add_node("design", planning.design)
    graph.add_node("design_gate", gate("design"))
    graph.add_node("plan_tests", suites.plan_tests)
    graph.add_node("write_file", drafts.write_file)
    graph.add_node("verify", drafts.verify)
    graph.add_node("repair", repair.repair)
    graph.add_node("confirm", confirmation.confirm)
    graph.add_node("review", closing.review)
    graph.add_node("document", closing.document)
    graph.add_node("release_gate", gate("release"))
    graph.add_node("deliver", closing.deliver)

    graph.add_edge(START, "specify")
    graph.add_conditional_edges("specify", routing.after_spec, ["spec_gate", "deliver"])
    graph.add_conditional_edges("spec_gate", routing.after_spec_gate, ["specify", "design"])
    graph.add_conditional_edges("design", routing.after_design, ["design_gate", "deliver"])
    graph.add_conditional_edges("design_gate", routing.after_design_gate, ["design", "plan_tests"])
    graph.add_conditional_edges("plan_tests", routing.after_tests, ["write_file", "verify", "deliver"])
    graph.add_conditional_edges("write_file", routing.after_tests, ["write_file", "verify", "deliver"])
    graph.add_conditional_edges("verify", routing.after_verify, ["repair", "confirm", "document"])
    graph.add_conditional_edges("repair", routing.after_verify, ["repair", "confirm", "review", "document"])
    graph.add_conditional_edges("confirm", routing.after_verify, ["repair", "review", "document"])
    graph.add_conditional_edges("review", routing.after_review, ["repair", "document"])
    graph.add_edge("document", "release_gate")
    graph.add_conditional_edges("release_gate", routing.after_release_gate, ["repair", "deliver"])
    graph.add_edge("deliver", END)
    return graph
