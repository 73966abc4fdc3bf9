"""A graph that does what a requirement's words tell it: ``two files, slow, fails, partial, spent``."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from swfactory.domain.budget import Usage
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import TestResult
from swfactory.domain.spec import CommandExample, Criterion, Spec, Step
from swfactory.errors import ModelUnavailable
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState

SPEC = Spec(
    title="toy",
    summary="Prints 你好.",
    criteria=(
        Criterion(
            id="C1",
            text="it greets",
            examples=(CommandExample(steps=(Step(argv=("python", "main.py", "a b"), stdout="你好"),)),),
        ),
    ),
)


def started() -> None:
    """Tell the test that the run is at work."""
    Path(os.environ["TOY_STARTED"]).touch()


def mended() -> bool:
    """Whether the test has removed the obstacle."""
    return Path(os.environ["TOY_STARTED"]).with_name("mended").exists()


async def plan(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    write = runtime.stream_writer
    write({"kind": "token", "role": "product_manager", "text": '{"title": "toy'})
    write(
        {
            "kind": "call",
            "role": "product_manager",
            "text": "40 tokens",
            "data": {"completion_tokens": 40, "seconds": 2.0},
        }
    )
    return {"spec": runtime.context.objects.put(SPEC.model_dump_json()), "usage": {"product_manager": Usage(calls=1)}}


def gate(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    if "spec" not in runtime.context.gates:
        return {}
    answer = interrupt({"gate": "spec", "document": runtime.context.objects.get(state["spec"])})
    runtime.stream_writer({"kind": "note", "text": f"answered {answer['decision']} {answer['comment']}".strip()})
    if answer["decision"] == "edit":
        return {"spec": runtime.context.objects.put(answer["document"])}
    return {}


async def code(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    text, write = runtime.context.requirement.text, runtime.stream_writer
    for line in range(20):
        write({"kind": "token", "role": "engineer", "text": f"print('你好世界 {line}')\x1b[2J\n"})
        if "slow" in text:
            await asyncio.sleep(0.02)
    if "waits" in text:
        started()
        await asyncio.sleep(60 if not mended() else 0)
    if "fails" in text and not mended():
        raise ModelUnavailable("the model went away", hint="start the model server")
    if "crashes" in text:
        raise ValueError("a bug of the graph")
    found = re.search(r"(\d+) files", text)
    rounds = state["rounds"] + 1
    commit = runtime.context.workspace.commit(
        state.get("commit"), {f"file{rounds}.py": f"print({rounds})\n"}, f"Add file {rounds}"
    )
    write({"kind": "commit", "role": "engineer", "text": f"Add file {rounds}", "data": {"commit": commit}})
    write(
        {
            "kind": "call",
            "role": "engineer",
            "text": "60 tokens",
            "data": {"usage": {"completion_tokens": 60, "seconds": 4.0}},
        }
    )
    write({"kind": "test", "text": "1 of 2 tests pass", "data": {"passed": 1, "total": 2}})
    again = rounds < int(found[1]) if found else False
    return {"commit": commit, "rounds": rounds, "strategy": "again" if again else "", "usage": {"engineer": Usage()}}


async def deliver(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    context = runtime.context
    text = context.requirement.text
    outcome = "exhausted" if "spent" in text else "partial" if "partial" in text else "delivered"
    met = outcome == "delivered"
    delivery = Delivery(
        title=Spec.model_validate_json(context.objects.get(state["spec"])).title,
        requirement=text,
        commit=state["commit"],
        criteria=(CriterionVerdict(id="C1", text="it greets", verdict="met" if met else "unmet"),),
        results=(TestResult(id="t::a", criterion="C1", outcome="passed" if met else "failed"),),
        run_command=("python", "main.py", "a b"),
        usage={"engineer": Usage(calls=1, completion_tokens=100, seconds=6.0)},
        exhausted="tokens" if outcome == "exhausted" else None,
        budget=context.budget,
        model=context.model_url,
        seed=context.seed,
    )
    return {"delivery": context.objects.put(delivery.model_dump_json()), "outcome": outcome}


def build() -> StateGraph:
    graph = StateGraph(FactoryState, context_schema=FactoryContext)
    for node in (plan, gate, code, deliver):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "gate")
    graph.add_edge("gate", "code")
    graph.add_conditional_edges("code", lambda state: "code" if state["strategy"] else "deliver", ["code", "deliver"])
    graph.add_edge("deliver", END)
    return graph
