"""Asking a person at a gate: the document, put so that it can be read, and the answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from swfactory.domain.run import Run
from swfactory.errors import InputError
from swfactory.report.documents import document_text
from swfactory.runtime.decision import DOCUMENTS, Decision, PendingGate, check_document

__all__ = ["ask", "choose_gate", "decision_of", "how_to_answer", "read_document"]


def ask(pending: PendingGate) -> Decision:
    """Show a gate's document on the terminal and ask what to do.

    Args:
        pending: the gate.

    Raises:
        click.Abort: the person left with Ctrl-C or Ctrl-D; the run goes on waiting.
    """
    click.echo()
    click.secho(f"The run waits at the gate {pending.gate!r}.", bold=True)
    if text := document_text(pending.gate, pending.document):
        click.echo("\n" + text + "\n")
    editable = pending.gate in DOCUMENTS
    keys = {"a": "approve", "r": "reject", **({"e": "edit"} if editable else {})}
    question = "  ".join(f"[{key}]{word[1:]}" for key, word in keys.items())
    while True:
        answer = click.prompt(
            question, type=click.Choice([*keys, *keys.values()], case_sensitive=False), show_choices=False
        )
        match keys.get(answer, answer):
            case "approve":
                return Decision(decision="approve")
            case "reject":
                return Decision(decision="reject", comment=click.prompt("What should be different"))
            case _:
                if edited := _edit(pending):
                    return edited


def _edit(pending: PendingGate) -> Decision | None:
    """Open the editor until its text is a document, or the person gives up."""
    try:
        text = json.dumps(json.loads(pending.document), indent=2, ensure_ascii=False) + "\n"
    except json.JSONDecodeError:  # check_document tells what is wrong with it
        text = pending.document
    while True:
        edited = click.edit(text, extension=".json")
        if edited is None or edited == text:
            click.echo("Nothing was changed.")
            return None
        try:
            return Decision(decision="edit", document=check_document(pending.gate, edited))
        except InputError as exc:
            click.echo(f"{exc.message}", err=True)
            if not click.confirm("Edit again?", default=True):
                return None
            text = edited


def choose_gate(gates: Sequence[PendingGate], name: str | None, run: Run) -> PendingGate:
    """Return the gate that an answer is for.

    Args:
        gates: the gates that the run waits at.
        name: the gate that was named; None when there is but one to mean.
        run: the run.

    Raises:
        InputError: the run does not wait there, or waits at several and none was named.
    """
    names = ", ".join(gate.gate for gate in gates)
    if name is None:
        if len(gates) == 1:
            return gates[0]
        if not gates:
            raise InputError(f"run {run.id!r} waits at no gate", hint=f"swf show {run.id}")
        raise InputError(f"run {run.id!r} waits at several gates: {names}", hint=f"swf resume {run.id} --gate NAME")
    found = next((gate for gate in gates if gate.gate == name), None)
    if found is None:
        raise InputError(
            f"run {run.id!r} does not wait at gate {name!r} (waiting: {names or 'none'})", hint=f"swf show {run.id}"
        )
    return found


def decision_of(approve: bool, reject: str | None, edit: Path | None) -> Decision | None:
    """Return the answer that the options give; None when they give none.

    Raises:
        InputError: more than one answer was given, a comment is empty, or the file cannot be read.
    """
    if approve + (reject is not None) + (edit is not None) > 1:
        raise InputError("--approve, --reject and --edit exclude one another", hint="give one of them")
    if approve:
        return Decision(decision="approve")
    if reject is not None:
        if not reject.strip():
            raise InputError("the comment of --reject is empty", hint="--reject 'what should be different'")
        return Decision(decision="reject", comment=reject.strip())
    if edit is not None:
        return Decision(decision="edit", document=read_document(edit))
    return None


def read_document(path: Path) -> str:
    """Return the text of a document file.

    Raises:
        InputError: it cannot be read, is empty or not UTF-8.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise InputError(f"cannot read {str(path)!r}: {exc.strerror}", hint="check the path") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{str(path)!r} is not UTF-8 text", hint="save it as UTF-8") from exc
    if not text.strip():
        raise InputError(f"{str(path)!r} is empty", hint="swf show RUN --document spec writes the present one")
    return text


def how_to_answer(run: Run, gates: Sequence[PendingGate]) -> list[str]:
    """Return the lines that say how to answer a waiting run from a shell.

    Args:
        run: the run.
        gates: the gates it waits at.
    """
    if not gates:
        return [f"the gate was answered, and nobody has gone on; swf resume {run.id}"]
    names = ", ".join(gate.gate for gate in gates)
    lines = [f"waiting at the gate {names}; answer with one of"]
    lines += [f"  swf resume {run.id} --approve", f"  swf resume {run.id} --reject 'what should be different'"]
    editable = next((gate.gate for gate in gates if gate.gate in DOCUMENTS), None)
    if editable:
        lines += [
            f"  swf show {run.id} --document {editable} > {editable}.json",
            f"  swf resume {run.id} --edit {editable}.json",
        ]
    return lines
