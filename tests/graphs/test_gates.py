import json

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from pydantic import ValidationError

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.spec import Criterion, Spec
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.gates import gate
from swfactory.graphs.state import FactoryState, new_state
from tests.graphs.conftest import make_rig

SPEC = Spec(title="t", criteria=(Criterion(id="C1", text="x"),))
DESIGN = Design(files=(FilePlan(path="main.py"),), entry_point="main.py")
CONFIG = {"configurable": {"thread_id": "t"}}


class Door:
    """A graph of one gate."""

    def __init__(self, name, gates, **state):
        self.rig = make_rig(gates=frozenset(gates))
        put = self.rig.context.objects.put
        self.state = new_state() | {
            "spec": put(SPEC.model_dump_json()),
            "design": put(DESIGN.model_dump_json()),
            "report": put("{}"),
            "commit": "c0",
        }
        self.state |= state
        graph = StateGraph(FactoryState, context_schema=FactoryContext)
        graph.add_node("gate", gate(name))
        graph.add_edge(START, "gate")
        graph.add_edge("gate", END)
        self.graph = graph.compile(checkpointer=InMemorySaver())

    async def knock(self):
        """Come to the gate and return what it shows; None when it lets the run through."""
        result = await self.graph.ainvoke(self.state, CONFIG, context=self.rig.context)
        return result["__interrupt__"][0].value if "__interrupt__" in result else None

    async def answer(self, **decision):
        assert await self.knock() is not None
        return await self.graph.ainvoke(Command(resume=decision), CONFIG, context=self.rig.context)

    def read(self, state, key):
        return self.rig.context.objects.get(state[key])


@pytest.mark.parametrize(("name", "shown"), [("spec", SPEC), ("design", DESIGN)])
async def test_a_gate_shows_the_document(name, shown):
    value = await Door(name, [name]).knock()
    assert (value["gate"], value["commit"]) == (name, "c0")
    assert json.loads(value["document"]) == shown.model_dump(mode="json")


async def test_a_gate_that_was_not_asked_for_lets_through():
    assert await Door("spec", ["design", "release"]).knock() is None


async def test_a_run_whose_budget_is_spent_is_not_held_up():
    assert await Door("spec", ["spec"], exhausted="tokens").knock() is None


async def test_approval_changes_nothing():
    door = Door("spec", ["spec"])
    state = await door.answer(decision="approve")
    assert state["spec"] == door.state["spec"]
    assert state["rejected"] == {}


async def test_rejection_keeps_the_comment():
    state = await Door("design", ["design"], rejected={"spec": "old"}).answer(decision="reject", comment="one file!")
    assert state["rejected"] == {"spec": "old", "design": "one file!"}
    assert (await Door("spec", ["spec"]).answer(decision="reject"))["rejected"]["spec"]


async def test_approval_takes_a_rejection_back():
    state = await Door("spec", ["spec"], rejected={"spec": "no", "design": "no"}).answer(decision="approve")
    assert state["rejected"] == {"design": "no"}


async def test_an_edited_spec_takes_the_place_of_what_was_shown():
    door = Door("spec", ["spec"])
    edited = SPEC.model_copy(update={"title": "mine"})
    state = await door.answer(decision="edit", document=edited.model_dump_json())
    assert Spec.model_validate_json(door.read(state, "spec")) == edited


async def test_an_edited_design_is_written_in_its_own_order():
    door = Door("design", ["design"], pending=["main.py"])
    edited = Design(
        files=(FilePlan(path="main.py", imports=("kit.py",)), FilePlan(path="kit.py")), entry_point="main.py"
    )
    state = await door.answer(decision="edit", document=edited.model_dump_json())
    assert state["pending"] == ["kit.py", "main.py"]
    assert Design.model_validate_json(door.read(state, "design")) == edited


@pytest.mark.parametrize(
    "decision",
    [{"decision": "maybe"}, {"decision": "edit", "document": "no json"}, {"decision": "approve", "extra": 1}],
)
async def test_an_answer_that_cannot_be_used_is_refused(decision):
    with pytest.raises(ValidationError):
        await Door("spec", ["spec"]).answer(**decision)


@pytest.mark.parametrize(("name", "kept"), [("spec", ["shorter!"]), ("release", ["shorter!"]), ("design", [])])
async def test_what_is_said_at_a_gate_belongs_to_the_requirement_from_then_on(name, kept):
    state = await Door(name, [name]).answer(decision="reject", comment="shorter!")
    assert state["additions"] == kept


async def test_a_criterion_that_a_person_adds_belongs_to_the_requirement():
    first = SPEC.criteria[0].model_copy(update={"quote": "It does x."})
    door = Door("spec", ["spec"])
    door.state["spec"] = door.rig.context.objects.put(SPEC.model_copy(update={"criteria": (first,)}).model_dump_json())
    added = Criterion(id="C2", text="An empty list is an error.", quote="It does x.")
    edition = SPEC.model_copy(update={"criteria": (first, added)})
    state = await door.answer(decision="edit", document=edition.model_dump_json())
    assert Spec.model_validate_json(door.read(state, "spec")).added == ("An empty list is an error.",)
