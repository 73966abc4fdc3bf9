"""The documents of the gates as fields of a form, and back again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from swfactory.domain.design import Design
from swfactory.domain.spec import Spec
from swfactory.errors import InputError
from swfactory.report.documents import document_text
from swfactory.runtime import DOCUMENTS, PendingGate
from swfactory.runtime.decision import check_document

__all__ = ["Form", "Part", "design_document", "form_of", "pretty", "spec_document", "untouched"]


@dataclass(frozen=True)
class Part:
    """A repeated part of a form: a criterion of a specification, or a file of a design.

    Args:
        key: the criterion's id, or the file's path; empty for a new one.
        text: the statement, or what the file is for.
        interface: a file's signatures, one a line.
        imports: paths of the files that a file uses, divided by commas.
        examples: a criterion's checks, as text for people.
    """

    key: str = ""
    text: str = ""
    interface: str = ""
    imports: str = ""
    examples: str = ""


@dataclass(frozen=True)
class Form:
    """What is shown at a gate.

    Args:
        run: id of the run.
        gate: name of the gate.
        id: id of the interrupt.
        original: the document of the gate.
        document: the document that the fields show; the original, or what a person has made of it.
        text: the document as text for people.
        kind: ``spec``, ``design`` or empty for a document that has no form.
        title: a specification's title, or a design's entry point.
        summary: a specification's summary.
        packages: third-party packages, divided by commas.
        parts: criteria or files.
    """

    run: str
    gate: str
    id: str
    original: str = ""
    document: str = ""
    text: str = ""
    kind: str = ""
    title: str = ""
    summary: str = ""
    packages: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def editable(self) -> bool:
        """Whether the document can be exchanged for another."""
        return self.gate in DOCUMENTS

    @property
    def pending(self) -> PendingGate:
        """The gate that it is the form of."""
        return PendingGate(gate=self.gate, id=self.id, document=self.original)

    def grown(self) -> Form:
        """Return the form with an empty part more."""
        return replace(self, parts=(*self.parts, Part()))


def pretty(document: str) -> str:
    """Return JSON text so that a person can edit it; as it is where it is no JSON."""
    try:
        return json.dumps(json.loads(document), indent=2, ensure_ascii=False)
    except ValueError:
        return document


def form_of(run_id: str, pending: PendingGate, document: str | None = None) -> Form:
    """Return the form of a gate.

    Args:
        run_id: the run.
        pending: the gate.
        document: the document as a person has changed it; None for that of the gate.
    """
    text = pending.document if document is None else document
    form = Form(
        run=run_id,
        gate=pending.gate,
        id=pending.id,
        original=pending.document,
        document=text,
        text=document_text(pending.gate, text),
    )
    try:
        match pending.gate:
            case "spec":
                spec = Spec.model_validate_json(text)
                return replace(
                    form,
                    kind="spec",
                    title=spec.title,
                    summary=spec.summary,
                    packages=", ".join(spec.packages),
                    parts=tuple(Part(key=c.id, text=c.text, examples=_examples(spec, c.id)) for c in spec.criteria),
                )
            case "design":
                design = Design.model_validate_json(text)
                return replace(
                    form,
                    kind="design",
                    title=design.entry_point or "",
                    packages=", ".join(design.packages),
                    parts=tuple(
                        Part(f.path, f.purpose, "\n".join(f.interface), ", ".join(f.imports)) for f in design.files
                    ),
                )
            case _:
                return form
    except (ValidationError, InputError):  # a graph of the user's own may show anything at a gate of that name
        return form


def _examples(spec: Spec, identifier: str) -> str:
    """The checks of one criterion, as ``document_text`` puts them."""
    one = spec.criterion(identifier)
    if one is None or not one.examples:
        return ""
    alone = spec.model_copy(update={"criteria": (one,), "summary": "", "packages": ()})
    return "\n".join(line.strip() for line in document_text("spec", alone.model_dump_json()).splitlines()[3:])


def _listed(text: str, *, by: str = ",") -> list[str]:
    return [item.strip() for item in text.replace("，", ",").split(by) if item.strip()]


def spec_document(before: str, title: str, summary: str, packages: str, texts: Sequence[tuple[str, str]]) -> str:
    """Return the specification that a form says.

    Args:
        before: the document that the form began with; what no field shows stays as it is there.
        title: of the product.
        summary: in a sentence.
        packages: divided by commas.
        texts: id and statement of every criterion; an empty id for a new one, an empty statement for one to drop.

    Raises:
        InputError: it is no specification.
    """
    old = {str(item["id"]): item for item in json.loads(before)["criteria"]}
    number = max((int(key[1:]) for key in old), default=0)
    criteria: list[dict[str, Any]] = []
    for key, text in texts:
        if not text.strip():
            continue
        if not key:
            number += 1
            key = f"C{number}"
        criteria.append({**old.get(key, {}), "id": key, "text": text.strip()})
    said = {"title": title.strip(), "summary": summary.strip(), "packages": _listed(packages), "criteria": criteria}
    return check_document("spec", json.dumps({**json.loads(before), **said}))


def design_document(before: str, entry_point: str, packages: str, parts: Sequence[Part]) -> str:
    """Return the design that a form says.

    Args:
        before: the document that the form began with; what no field shows stays as it is there.
        entry_point: path of the file that a user runs; empty for a library.
        packages: divided by commas.
        parts: the files; one without a path is dropped.

    Raises:
        InputError: it is no design.
    """
    files = [
        {
            "path": part.key.strip(),
            "purpose": part.text.strip(),
            "interface": [line.strip() for line in part.interface.splitlines() if line.strip()],
            "imports": _listed(part.imports),
        }
        for part in parts
        if part.key.strip()
    ]
    said = {"entry_point": entry_point.strip() or None, "packages": _listed(packages), "files": files}
    return check_document("design", json.dumps({**json.loads(before), **said}))


def untouched(form: Form, document: str) -> bool:
    """Whether a document is what the fields of a form said at first.

    They need not say quite what the gate's document does: they leave out the space at an end, and empty lines.

    Args:
        form: the form, with what a person has made of it.
        document: what its fields say now.

    Raises:
        InputError: the fields of the gate's document say none.
    """
    first = form_of(form.run, form.pending)
    if first.kind == "spec":
        texts = [(part.key, part.text) for part in first.parts]
        return document == spec_document(first.document, first.title, first.summary, first.packages, texts)
    return document == design_document(first.document, first.title, first.packages, first.parts)
