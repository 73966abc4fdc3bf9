"""A team of scripted roles, and what is needed to let a graph or a node work with it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.runtime import Runtime

from swfactory.domain.delivery import Delivery
from swfactory.domain.requirement import Requirement
from swfactory.graphs import delivery
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.desk import Desk
from swfactory.graphs.state import new_state
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.sandbox import ScriptedSandbox
from swfactory.testing.workspace import MemoryObjectStore, MemoryWorkspace

TEXT = (
    "Write main.py, a command-line calculator: `python main.py add 2 3` prints 5. "
    "Also `python main.py mul 2 3` prints 6. A value that is not a number exits with status 1."
)

GOOD = """\
import sys


def main(argv):
    if len(argv) != 3 or argv[0] not in ("add", "mul"):
        print("usage: main.py add|mul A B", file=sys.stderr)
        return 2
    try:
        a, b = int(argv[1]), int(argv[2])
    except ValueError:
        print("not a number", file=sys.stderr)
        return 1
    print(a + b if argv[0] == "add" else a * b)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
HALF = GOOD.replace("a + b", "a - b")
WRONG = HALF.replace("a * b", "a / b").replace("return 1", "return 4")
BROKEN = "def main(:\n"


def fenced(code: str) -> str:
    return f"```python\n{code}```"


def spec(*criteria: tuple[int, str]) -> str:
    rows = [{"sentence": number, "text": text} for number, text in criteria]
    return json.dumps({"title": "Calculator", "summary": "It calculates.", "criteria": rows})


def plan(*files: dict) -> str:
    blank = {"path": "main.py", "purpose": "the program", "interface": [], "imports": []}
    return json.dumps({"files": [blank | file for file in files or ({},)]})


REPLIES = {
    "spec": spec((1, "add prints the sum"), (2, "mul prints the product"), (3, "a value that is no number is refused")),
    "design": plan(),
    "name_arguments": json.dumps({"add": ["first", "second"], "mul": ["first", "second"]}),
    "tables": json.dumps({"tables": []}),
    "session": json.dumps({"commands": ["python main.py add 20 30", "python main.py mul 4 5"]}),
    "api_tests": json.dumps({"calls": []}),
    "narrative": json.dumps({"code": ""}),
    "code": fenced(GOOD),
    "infill": fenced(GOOD),
    "repair": fenced(GOOD),
    "review": json.dumps({"commands": []}),
    "readme": "It adds and multiplies two numbers for people who work in a shell.",
}

_MARKS = (
    ("infill", "Answer with it alone"),
    ("repair", "Write the corrected functions or methods"),
    ("code", "Write the complete file"),
    ("code", "Write the whole file"),
    ("code", "Write the whole class"),
    ("code", "Complete the program"),
    ("spec", "As the product manager"),
    ("name_arguments", "name the arguments"),
    ("unit_table", "complete the table"),
    ("tables", "design the tables"),
    ("design", "As the architect"),
    ("session", "write one session"),
    ("api_tests", "Do not check return values"),
    ("narrative", "write the calls that lead to this"),
    ("review", "As the reviewer"),
    ("readme", "introduction of README.md"),
)


def kind(request) -> str:
    """Which prompt a request renders."""
    shown = text_of(request)
    return next(name for name, mark in _MARKS if mark in shown)


def text_of(request) -> str:
    """Everything that a request shows."""
    return "\n".join(message.content for message in request.messages)


def team(**replies) -> Callable:
    """A script: a reply, a list of replies (the last one is repeated) or a function for each prompt."""
    table = REPLIES | replies
    asked = dict.fromkeys(table, 0)

    def answer(request) -> str:
        name = kind(request)
        reply = table[name]
        asked[name] += 1
        if isinstance(reply, list):
            reply = reply[min(asked[name], len(reply)) - 1]
        return reply(request) if callable(reply) else reply

    return answer


def no_sandbox(command):
    raise AssertionError(f"nothing is to run, and then came {command.argv}")


@dataclass
class Rig:
    """Everything that a run touches, in memory."""

    context: FactoryContext
    model: ScriptedChatModel
    events: list[dict] = field(default_factory=list)

    def runtime(self) -> Runtime[FactoryContext]:
        return Runtime(context=self.context, stream_writer=self.events.append)

    def desk(self, **state) -> Desk:
        return Desk({**new_state(), **state}, self.runtime())

    def told(self, kind: str) -> list[str]:
        return [event["text"] for event in self.events if event["kind"] == kind]

    def asked(self, name: str) -> list:
        return [request for request in self.model.requests if kind(request) == name]

    async def deliver(self, command=None) -> dict:
        """Run the delivery graph to its end or to a gate."""
        graph = delivery.build().compile(checkpointer=InMemorySaver() if self.saver is None else self.saver)
        config = {"configurable": {"thread_id": "t"}, "recursion_limit": 100}
        given = new_state() if command is None else command
        async for payload in graph.astream(given, config, context=self.context, stream_mode="custom"):
            self.events.append(payload)
        state = await graph.aget_state(config)
        self.waiting = [interrupt.value for interrupt in state.interrupts]
        self.state = state.values
        return state.values

    saver: InMemorySaver | None = None
    state: dict = field(default_factory=dict)
    waiting: list = field(default_factory=list)

    @property
    def tree(self) -> dict[str, str]:
        return self.context.workspace.tree(self.state["commit"])

    @property
    def delivery(self) -> Delivery:
        return Delivery.model_validate_json(self.context.objects.get(self.state["delivery"]))


def make_rig(script=None, *, text=TEXT, sandbox=None, **context) -> Rig:
    model = ScriptedChatModel(team() if script is None else script)
    made = FactoryContext(
        requirement=Requirement.parse(text),
        models={"*": model},
        sandbox=ScriptedSandbox(no_sandbox) if sandbox is None else sandbox,
        workspace=MemoryWorkspace(),
        objects=MemoryObjectStore(),
    )
    return Rig(replace(made, **context), model)
