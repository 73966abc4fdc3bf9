"""What a person says at a gate, and what the run shows them there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import ValidationError, model_validator

from swfactory.domain.design import Design
from swfactory.domain.report import TestReport
from swfactory.domain.spec import Spec
from swfactory.domain.value import Value
from swfactory.errors import InputError, PathEscapeError

__all__ = ["DOCUMENTS", "Choice", "Decision", "PendingGate", "check_document", "checked_decision", "not_waiting"]

Choice = Literal["approve", "reject", "edit"]
"""What a person may do at a gate."""

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

    def answered(self, decision: Decision) -> dict[str, object]:
        """Return the data of the event that records an answer to this gate."""
        return {"gate": self.gate, "id": self.id, "answered": True, **decision.model_dump(mode="json")}


class Decision(Value):
    """An answer to a gate.

    Args:
        decision: let it pass, send it back, or pass it with changes.
        comment: why; a rejection's comment goes back to the role.
        document: the edited document; for ``edit`` only.
    """

    decision: Choice
    comment: str = ""
    document: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Decision:
        if (self.decision == "edit") != bool(self.document):
            raise ValueError("a document comes with the decision 'edit', and only with it")
        return self

    @classmethod
    def of(cls, decision: Decision | Choice, *, comment: str = "", document: str = "") -> Decision:
        """Return an answer from its parts.

        Raises:
            InputError: the parts do not go together.
        """
        if isinstance(decision, Decision):
            return decision
        try:
            return cls(decision=decision, comment=comment, document=document)
        except ValidationError as exc:
            raise InputError(
                f"the answer {decision!r} cannot be used: {exc.errors()[0]['msg']}",
                hint="approve; reject with a comment; or edit with the edited document",
            ) from exc

    @classmethod
    def recorded(cls, data: Mapping[str, object]) -> Decision:
        """Return the answer that the data of an event record."""
        return cls.model_validate({key: data[key] for key in cls.model_fields})


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


def checked_decision(gate: str, decision: Decision) -> Decision:
    """Return an answer with its document in canonical form.

    Raises:
        InputError: the document cannot be used.
    """
    if decision.decision != "edit" or gate not in DOCUMENTS:
        return decision
    return decision.model_copy(update={"document": check_document(gate, decision.document)})


def not_waiting(run_id: str, gate: str, pending: Sequence[PendingGate]) -> InputError:
    """Return the error of an answer to a gate that a run does not wait at."""
    waiting = ", ".join(item.gate for item in pending) or "none"
    return InputError(f"run {run_id!r} does not wait at gate {gate!r} (waiting: {waiting})", hint=f"swf show {run_id}")
