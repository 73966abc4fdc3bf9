"""The toy graph of the runtime's tests, with tests that turn green and a real report of them."""

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from swfactory.domain.budget import Usage
from swfactory.domain.call import Reply
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import TestResult
from swfactory.domain.spec import CommandExample, Criterion, Spec, Step
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState
from tests.runtime.toy import after_write, gate

HOSTILE = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"


async def ask(runtime: Runtime[FactoryContext], role: str, question: str) -> Reply:
    text = ""
    async for chunk in runtime.context.model(role).astream(question, role=role):
        text += chunk.text
        runtime.stream_writer({"kind": "token", "role": role, "text": chunk.text})
    usage = Usage(calls=1, completion_tokens=len(text.split()), seconds=0.5)
    data = {"completion_tokens": usage.completion_tokens, "seconds": usage.seconds}
    runtime.stream_writer({"kind": "call", "role": role, "text": f"{usage.completion_tokens} tokens", "data": data})
    return Reply(text=text, usage=usage)


async def plan(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    context = runtime.context
    reply = await ask(runtime, "product_manager", context.requirement.text)
    example = CommandExample(steps=(Step(argv=("python", "main.py", "3"), stdout="1 2 3"),))
    criteria = (
        Criterion(id="C1", text="It counts to the number that it is given.", examples=(example,)),
        Criterion(id="C2", text="It refuses what is no number."),
    )
    spec = Spec(title=reply.text.partition(":")[0], summary="Counts.", criteria=criteria)
    return {"spec": context.objects.put(spec.model_dump_json()), "usage": {"product_manager": reply.usage}}


def results(passed: int) -> list[TestResult]:
    return [
        TestResult(
            id=f"tests/test_count.py::test_counts_{number}",
            criterion="C1" if number < 3 else "C2",
            outcome="passed" if number < passed else "failed",
            message="" if number < passed else f"expected 3 {HOSTILE}",
        )
        for number in range(4)
    ]


async def write(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    context, number = runtime.context, state["rounds"] + 1
    reply = await ask(runtime, "engineer", f"file {number}")
    files = {f"counter/part{number}.py": reply.text + "\n", "main.py": "import sys\n\nprint(*range(1, 4))\n"}
    commit = context.workspace.commit(state.get("commit"), files, f"Add part {number} {HOSTILE}")
    runtime.stream_writer({"kind": "commit", "text": f"Add part {number} {HOSTILE}", "data": {"commit": commit}})
    found = results(2 * number)
    data = {
        "passed": sum(r.outcome == "passed" for r in found),
        "total": len(found),
        "round": number,
        "results": [r.model_dump(mode="json") for r in found],
    }
    runtime.stream_writer({"kind": "test", "text": f"{data['passed']} of 4 tests pass", "data": data})
    return {"commit": commit, "rounds": number, "usage": {"engineer": reply.usage}}


async def deliver(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    context = runtime.context
    spec = Spec.model_validate_json(context.objects.get(state["spec"]))
    found = tuple(results(4))
    delivery = Delivery(
        title=spec.title,
        requirement=context.requirement.text,
        commit=str(state["commit"]),
        criteria=tuple(
            CriterionVerdict(
                id=c.id,
                text=c.text,
                verdict="met",
                files=("main.py",),
                tests=tuple(r.id for r in found if r.criterion == c.id),
            )
            for c in spec.criteria
        ),
        results=found,
        run_command=("python", "main.py"),
        model=context.model_url,
    )
    return {"delivery": context.objects.put(delivery.model_dump_json()), "outcome": "delivered"}


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
