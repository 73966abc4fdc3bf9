"""A small graph of the factory's shape: a spec, a gate, a loop that writes files with a model, a delivery."""

import os
import re
from pathlib import Path

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from swfactory.domain.budget import Usage
from swfactory.domain.call import Message, Reply, Request
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.spec import Criterion, Spec
from swfactory.errors import ModelUnavailable
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState


def trace(line: str) -> None:
    """Leave a trace outside the run, which no checkpoint rolls back."""
    if path := os.environ.get("TOY_TRACE"):
        with Path(path).open("a") as file:
            file.write(line + "\n")


def wanted(context: FactoryContext) -> int:
    found = re.search(r"\d+", context.requirement.text)
    return int(found.group()) if found else 1


async def ask(runtime: Runtime[FactoryContext], role: str, question: str) -> Reply:
    context = runtime.context
    request = Request(role=role, messages=(Message(role="user", content=question),))
    text = ""
    async for chunk in context.model(role).astream(question, **request.options):
        text += chunk.text
        runtime.stream_writer({"kind": "token", "role": role, "text": chunk.text})
    tokens = len(text.split())
    reply = Reply(text=text, usage=Usage(calls=1, completion_tokens=tokens, seconds=0.5))
    runtime.stream_writer(
        {
            "kind": "call",
            "role": role,
            "text": f"{tokens} tokens",
            "data": {
                "request": request.digest,
                "prompt": context.objects.put(request.model_dump_json()),
                "reply": context.objects.put(reply.model_dump_json()),
            },
        }
    )
    return reply


async def plan(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    trace("plan")
    context = runtime.context
    reply = await ask(runtime, "product_manager", context.requirement.text)
    spec = Spec(title=reply.text, criteria=(Criterion(id="C1", text="there are files"),))
    return {"spec": context.objects.put(spec.model_dump_json()), "usage": {"product_manager": reply.usage}}


def gate(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    if "spec" not in runtime.context.gates:
        return {}
    answer = interrupt({"gate": "spec", "document": runtime.context.objects.get(state["spec"])})
    trace(f"gate {answer['decision']}")
    if answer["decision"] == "edit":
        return {"spec": runtime.context.objects.put(answer["document"])}
    return {"rejected": {"spec": answer["comment"]} if answer["decision"] == "reject" else {}}


async def write(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    context, number = runtime.context, state["rounds"] + 1
    tokens = sum(usage.completion_tokens for usage in state["usage"].values())
    if spent := context.budget.spent(tokens=tokens, seconds=0):
        return {"exhausted": spent}
    trace(f"write {number}")
    title = Spec.model_validate_json(context.objects.get(state["spec"])).title
    reply = await ask(runtime, "engineer", f"{title}: file {number}")
    if "unavailable" in reply.text:
        raise ModelUnavailable("the model went away", hint="start it again")
    commit = context.workspace.commit(
        state.get("commit"), {f"src/file{number}.txt": reply.text + "\n"}, f"Add file {number}"
    )
    runtime.stream_writer({"kind": "commit", "text": f"Add file {number}", "data": {"commit": commit}})
    return {"commit": commit, "rounds": number, "usage": {"engineer": reply.usage}}


async def deliver(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    trace("deliver")
    context = runtime.context
    tokens = sum(usage.completion_tokens for usage in state["usage"].values())
    commit = context.workspace.commit(
        state.get("commit"), {"REPORT.md": f"{state['rounds']} files, {tokens} tokens\n"}, "Report"
    )
    delivery = Delivery(
        title="toy",
        requirement=context.requirement.text,
        commit=commit,
        criteria=(CriterionVerdict(id="C1", text="there are files", verdict="met"),),
        exhausted=state.get("exhausted"),
        model=context.model_url,
    )
    return {
        "commit": commit,
        "delivery": context.objects.put(delivery.model_dump_json()),
        "outcome": "exhausted" if state.get("exhausted") else "delivered",
    }


def after_write(state: FactoryState, runtime: Runtime[FactoryContext]) -> str:
    return "deliver" if state.get("exhausted") or state["rounds"] >= wanted(runtime.context) else "write"


def build() -> StateGraph:
    graph = StateGraph(FactoryState, context_schema=FactoryContext)
    for node in (plan, gate, write, deliver):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "gate")
    graph.add_edge("gate", "write")
    graph.add_conditional_edges("write", after_write, ["write", "deliver"])
    graph.add_edge("deliver", END)
    return graph


graph = build()


def parameters(number):
    return build()


nothing = 42
