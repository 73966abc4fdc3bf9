"""Gates: a person reads a document and approves, rejects with a comment, or edits it."""

from __future__ import annotations

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict

from swfactory.domain.design import Design
from swfactory.domain.run import Gate
from swfactory.domain.spec import Spec
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.desk import Desk
from swfactory.graphs.node import Node
from swfactory.graphs.state import FactoryState, is_spent

__all__ = ["GateAnswer", "gate"]


class GateAnswer(BaseModel):
    """What a person decided; ``document`` is JSON and replaces what was shown when ``decision`` is ``edit``."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approve", "reject", "edit"]
    comment: str = ""
    document: str = ""


def gate(name: Gate) -> Node:
    """Make the node of a gate; it does nothing unless the run asked for it.

    The interrupt comes first, because a node starts from its top when it is answered.
    """

    async def wait(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
        if name not in runtime.context.gates or is_spent(state):
            return FactoryState()
        desk = Desk(state, runtime)
        key = "report" if name == "release" else name
        shown = runtime.context.objects.get(str(state[key]))
        answer = GateAnswer.model_validate(
            interrupt({"gate": name, "document": shown, "commit": state.get("commit", "")}, response_schema=GateAnswer)
        )
        rejected = {k: v for k, v in state.get("rejected", {}).items() if k != name}
        if answer.decision == "reject":
            rejected[name] = answer.comment or "not good enough"
            added = [answer.comment] if answer.comment and name != "design" else []
            return FactoryState(rejected=rejected, additions=[*state.get("additions", []), *added])
        update = FactoryState(rejected=rejected)
        if answer.decision == "edit" and name != "release":
            model = Spec if name == "spec" else Design
            document = model.model_validate_json(answer.document)
            if isinstance(document, Spec):
                document = document.edited(desk.load("spec", Spec))
            update[name] = desk.store(document)
            if isinstance(document, Design):
                update["pending"] = [file.path for file in document.in_order()]
        return update

    wait.__name__ = f"{name}_gate"
    return wait
