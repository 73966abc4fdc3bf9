"""``swf resume``, ``swf fork`` and ``swf replay``: runs that go on from what another session or run did."""

from __future__ import annotations

from pathlib import Path

import click

from swfactory.cli.drive import drive
from swfactory.cli.gates import choose_gate, decision_of, read_document
from swfactory.cli.options import budget_options, merge_budget, view_options
from swfactory.cli.run import default_output, outputs
from swfactory.cli.seam import open_factory
from swfactory.cli.status import EXIT_TABLE
from swfactory.config import load_settings
from swfactory.errors import InputError
from swfactory.runtime.decision import DOCUMENTS, check_document

__all__ = ["fork", "replay", "resume"]


@click.command(
    epilog=f"""\b
Examples:
  swf resume last
  swf resume 3kx7 --approve
  swf resume last --reject 'Roman numerals above 3999 are an error'
  swf show last --document spec > spec.json; $EDITOR spec.json; swf resume last --edit spec.json
  swf resume last --max-tokens 24000

{EXIT_TABLE}"""
)
@click.argument("run_id", metavar="RUN")
@click.option("--approve", is_flag=True, help="At a gate: let it pass.")
@click.option("--reject", metavar="COMMENT", help="At a gate: send it back, saying what should be different.")
@click.option("--edit", type=click.Path(path_type=Path), metavar="FILE", help="At a gate: pass with this document.")
@click.option("--gate", metavar="NAME", help="Which gate, when the run waits at several.")
@budget_options
@view_options
def resume(
    run_id: str,
    approve: bool,
    reject: str | None,
    edit: Path | None,
    gate: str | None,
    max_tokens: int | str | None,
    max_time: float | str | None,
    max_rounds: int | str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Go on with RUN after an interruption, a failure or a spent budget, or answer the gate that it waits at.

    RUN is an id, the beginning of one, or `last`. New bounds are those of the whole run, what is spent included.
    """
    decision = decision_of(approve, reject, edit)
    if gate is not None and decision is None:
        raise InputError("--gate names a gate, and there is no answer to it", hint="add --approve, --reject or --edit")
    with open_factory(load_settings()) as factory:
        run = factory.run(run_id)
        pending = choose_gate(factory.gates(run.id), gate, run) if decision else None
        bounds = merge_budget(run.budget, tokens=max_tokens, seconds=max_time, rounds=max_rounds)
        return drive(
            factory,
            lambda: factory.resume(run.id, budget=None if bounds == run.budget else bounds),
            json=as_json,
            quiet=quiet,
            past=factory.events(run.id),
            answer=(pending.gate, decision) if pending and decision else None,
        )


def _changes(items: tuple[str, ...]) -> dict[str, str]:
    """Read ``FILE`` or ``KEY=FILE``: the key is the file's name when it is not given."""
    changes: dict[str, str] = {}
    for item in items:
        key, equals, file = item.partition("=")
        path = Path(file if equals else item)
        key = key.strip() if equals else path.stem
        if key not in DOCUMENTS:
            known = ", ".join(sorted(DOCUMENTS))
            raise InputError(f"--set {item!r}: {key!r} is not a document of a run", hint=f"--set KEY=FILE with {known}")
        if key in changes:
            raise InputError(f"--set gives {key!r} twice", hint=f"keep one --set {key}=FILE")
        changes[key] = check_document(key, read_document(path))
    return changes


@click.command(
    epilog=f"""\b
Examples:
  swf show last                       # lists the steps
  swf fork last --at 4
  swf show last --document spec > spec.json; $EDITOR spec.json; swf fork last --at 1 --set spec.json
  swf fork 3kx7 --at 2 --set design=plan-b.json --output ./plan-b

{EXIT_TABLE}"""
)
@click.argument("run_id", metavar="RUN")
@click.option("--at", "step", type=int, required=True, metavar="STEP", help="Go on after this step of RUN.")
@click.option("--set", "changes", multiple=True, metavar="FILE", help="Document to put in: FILE, or KEY=FILE.")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder of the product, new or empty."
)
@view_options
def fork(run_id: str, step: int, changes: tuple[str, ...], output: Path | None, as_json: bool, quiet: bool) -> int:
    """Start a new run from a STEP of RUN, with documents changed if you like. RUN stays as it is.

    Documents are spec, design and report; a file called spec.json is the spec.
    """
    documents = _changes(changes)
    with open_factory(load_settings()) as factory:
        origin = factory.run(run_id)
        folder = output or default_output(origin.requirement.text, outputs(factory))
        return drive(
            factory,
            lambda: factory.fork(origin.id, step=step, changes=documents, output=folder),
            json=as_json,
            quiet=quiet,
        )


@click.command(
    epilog=f"""\b
Examples:
  swf replay last

{EXIT_TABLE}"""
)
@click.argument("run_id", metavar="RUN")
@view_options
def replay(run_id: str, as_json: bool, quiet: bool) -> int:
    """Run RUN again from what its model said then, without a model: it must reach the same commit."""
    with open_factory(load_settings()) as factory:
        return drive(factory, lambda: factory.replay(run_id), json=as_json, quiet=quiet)
