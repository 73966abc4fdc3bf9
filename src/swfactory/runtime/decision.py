"""What a person says at a gate, and what the run shows them there."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationError, model_validator

from swfactory.domain.design import Design
from swfactory.domain.report import TestReport
from swfactory.domain.spec import Spec
from swfactory.domain.value import Value
from swfactory.errors import InputError, PathEscapeError

__all__ = ["DOCUMENTS", "Decision", "PendingGate", "check_document"]

DOCUMENTS: dict[str, type[Value]] = {"spec": Spec, "design": Design, "report": TestReport}
"""Documents of the state that a person may replace, by state key."""


class PendingGate(Value):
    """A gate that waits for a person.

    Args:
        gate: name of the gate: ``spec``, ``design``, ``release``, or what a custom graph calls it.
        id: id of the interrupt, by which the answer finds its node.
        document: the document to decide on; JSON for ``spec`` and ``design``.
    """

    gate: str
    id: str
    document: str = ""


class Decision(Value):
    """An answer to a gate.

    Args:
        decision: let it pass, send it back, or pass it with changes.
        comment: why; a rejection's comment goes back to the role.
        document: the edited document; for ``edit`` only.
    """

    decision: Literal["approve", "reject", "edit"]
    comment: str = ""
    document: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Decision:
        if (self.decision == "edit") != bool(self.document):
            raise ValueError("a document comes with the decision 'edit', and only with it")
        return self


def check_document(key: str, text: str) -> str:
    """Return a document as canonical JSON.

    Args:
        key: state key of the document: ``spec``, ``design`` or ``report``.
        text: the document as JSON text.

    Raises:
        InputError: the key names no document, or the text is not such a document.
    """
    model = DOCUMENTS.get(key)
    if model is None:
        raise InputError(f"{key!r} is not a document of a run", hint=f"choose one of {', '.join(sorted(DOCUMENTS))}")
    try:
        return model.model_validate_json(text).model_dump_json()
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise InputError(
            f"the {key} cannot be used: {where}: {first['msg']}", hint=f"write the {key} with `swf show` and edit that"
        ) from exc
    except PathEscapeError as exc:
        raise InputError(f"the {key} cannot be used: {exc.message}", hint=exc.hint) from exc
