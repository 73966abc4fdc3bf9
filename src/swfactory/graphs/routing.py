"""Which node comes next: pure functions of state and bounds."""

from __future__ import annotations

from langgraph.runtime import Runtime

from swfactory.domain.report import TestReport
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState, is_spent

__all__ = [
    "after_design",
    "after_design_gate",
    "after_release_gate",
    "after_spec",
    "after_spec_gate",
    "after_tests",
    "after_verify",
]


def after_spec(state: FactoryState) -> str:
    """To the gate, or home when nothing was specified."""
    return "deliver" if state.get("exhausted") else "spec_gate"


def after_spec_gate(state: FactoryState) -> str:
    """Back to the product manager when a person rejected the spec."""
    return "specify" if "spec" in state.get("rejected", {}) else "design"


def after_design(state: FactoryState) -> str:
    """To the gate, or home when nothing was planned."""
    return "deliver" if state.get("exhausted") else "design_gate"


def after_design_gate(state: FactoryState) -> str:
    """Back to the architect when a person rejected the design."""
    return "design" if "design" in state.get("rejected", {}) else "plan_tests"


def after_tests(state: FactoryState) -> str:
    """On to the next file, or to the judgement when all are written."""
    if state.get("exhausted") and not state.get("suite"):
        return "deliver"
    return "write_file" if state["pending"] and not state.get("exhausted") else "verify"


def after_verify(state: FactoryState, runtime: Runtime[FactoryContext]) -> str:
    """Repair until the tests pass or a bound is reached."""
    if state.get("exhausted"):
        return "document"
    report = TestReport.model_validate_json(runtime.context.objects.get(state["report"]))
    if not report.green:
        return "repair"
    return "document" if state.get("reviewed") else "review" if state.get("confirmed") else "confirm"


def after_review(state: FactoryState, runtime: Runtime[FactoryContext]) -> str:
    """Repair what the reviewer's commands crashed."""
    return after_verify(FactoryState(**{**state, "reviewed": True}), runtime)


def after_release_gate(state: FactoryState) -> str:
    """Back to the engineer when a person rejected the release, unless a bound leaves nothing to repair it with."""
    return "repair" if "release" in state.get("rejected", {}) and not is_spent(state) else "deliver"
