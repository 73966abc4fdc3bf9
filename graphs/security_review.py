"""A graph of your own: the delivery graph, with a security reviewer between the documents and the release.

    swf run @requirement.md --graph graphs/security_review.py:build

What it finds is in the report and at the release gate; being an opinion, it does not stop a delivery.
"""

from __future__ import annotations

from langgraph.graph import StateGraph
from pydantic import BaseModel, Field, ValidationError

from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.report import Finding, TestReport
from swfactory.errors import ReplyError
from swfactory.graphs import delivery
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.desk import Desk
from swfactory.graphs.node import node
from swfactory.graphs.selection import is_source
from swfactory.graphs.state import FactoryState
from swfactory.roles.task import Task, schema_of

__all__ = ["build"]

ROLE = "security_reviewer"
QUESTION = """\
As the security reviewer, look for code that an attacker's input can abuse: eval or exec, shell commands, SQL put \
together from text, paths that leave their folder, unpickling, secrets in the source. Answer in JSON: for each, the \
path, the line of code word for word, and the risk in a sentence. Most programs have none."""


class _Weakness(BaseModel):
    path: str
    code: str
    risk: str


class _Answer(BaseModel):
    weaknesses: list[_Weakness] = Field(max_length=5)


def find_weaknesses(sources: dict[str, str]) -> Task[tuple[Finding, ...]]:
    """The role: sources to a question, and the reply to findings. One that quotes no line of the source is dropped."""
    files = "\n\n".join(f"# {path}\n```python\n{text}```" for path, text in sources.items())
    message = Message(role="user", content=f"{files}\n\n{QUESTION}")
    sampling = Sampling(max_tokens=400, json_schema=schema_of(_Answer))

    def read(reply: Reply) -> tuple[Finding, ...]:
        try:
            answer = _Answer.model_validate_json(reply.text)
        except ValidationError as exc:
            raise ReplyError(f"the security review is not valid: {exc.errors()[0]['msg']}") from exc
        found = []
        for weakness in answer.weaknesses:
            lines = [line.strip() for line in sources.get(weakness.path, "").splitlines()]
            if (code := weakness.code.strip()) and code in lines:
                line = lines.index(code) + 1
                found.append(
                    Finding(tool="security", path=weakness.path, line=line, message=weakness.risk, blocking=False)
                )
        return tuple(found)

    return Task(Request(role=ROLE, messages=(message,), sampling=sampling), read, tuple)


@node
async def security_review(desk: Desk) -> FactoryState:
    """The node: asks the role, tells what it found and adds it to the report."""
    sources = {path: text for path, text in desk.tree().items() if is_source(path) and text.strip()}
    if not sources or desk.state.get("exhausted"):
        return FactoryState()
    findings = await desk.ask(find_weaknesses(sources))
    for finding in findings:
        desk.tell("finding", finding.message, role=ROLE, **finding.model_dump(mode="json"))
    report = desk.load("report", TestReport)
    return FactoryState(report=desk.store(report.model_copy(update={"findings": (*report.findings, *findings)})))


def build() -> StateGraph[FactoryState, FactoryContext]:
    """The topology: delivery's, with one more node on the way from ``document`` to ``release_gate``."""
    graph = delivery.build()
    graph.add_node("security_review", security_review)
    graph.edges.remove(("document", "release_gate"))
    graph.add_edge("document", "security_review")
    graph.add_edge("security_review", "release_gate")
    return graph
