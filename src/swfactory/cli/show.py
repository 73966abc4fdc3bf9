"""``swf show``, ``swf logs`` and ``swf diff``: looking at one run."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from swfactory.cli.drive import final_lines
from swfactory.cli.gates import how_to_answer
from swfactory.cli.runs import STATUS_STYLES, make_console, moment
from swfactory.cli.seam import open_factory
from swfactory.config import load_settings
from swfactory.domain.budget import Budget
from swfactory.domain.delivery import Delivery
from swfactory.domain.run import FINISHED, Run
from swfactory.errors import NotFoundError
from swfactory.report.facts import facts_of
from swfactory.report.progress import clean, describe

if TYPE_CHECKING:
    from swfactory.runtime.checkpoints import Checkpoint
    from swfactory.runtime.factory import AsyncFactory

__all__ = ["diff", "logs", "show"]

_POLL_SECONDS = 0.5
_RESULT_STYLES = {"met": "green", "unmet": "red", "unchecked": "yellow"}


def _bounds(budget: Budget) -> str:
    tokens = "none" if budget.max_tokens is None else f"{budget.max_tokens:,}"
    seconds = "none" if budget.max_seconds is None else f"{budget.max_seconds:g} s"
    rounds = "none" if budget.max_rounds is None else str(budget.max_rounds)
    return f"{tokens} tokens, time {seconds}, {rounds} rounds"


def _facts(run: Run) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    rows = {
        "run": run.id,
        "status": run.status,
        "requirement": clean(run.requirement.text),
        "model": run.model,
        "graph": run.graph if run.graph != "delivery" else "",
        "seed": str(run.seed),
        "bounds": _bounds(run.budget),
        "gates": ", ".join(run.gates),
        "forked from": run.parent or "",
        "started": moment(run.created),
        "changed": moment(run.updated),
        "output": run.output,
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, Text(value, style=STATUS_STYLES.get(value, "") if name == "status" else ""))
    return table


def _steps(steps: list[Checkpoint]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("STEP", justify="right", no_wrap=True)
    table.add_column("NODES")
    table.add_column("COMMIT", no_wrap=True)
    table.add_column("TIME", no_wrap=True)
    before = ""
    for step in steps:
        nodes = ", ".join(step.nodes) or ("input" if step.step < 0 else "start" if step.step == 0 else "")
        commit = step.commit[:10] if step.commit != before else ""
        before = step.commit
        table.add_row(
            str(step.step), clean(nodes), commit, f"{datetime.fromtimestamp(step.time).astimezone():%H:%M:%S}"
        )
    return table


def _criteria(delivery: Delivery) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("CRITERION")
    table.add_column("RESULT", no_wrap=True)
    table.add_column("TESTS", no_wrap=True, justify="right")
    for line in facts_of(delivery).lines:
        counted = [r for r in line.results if r.outcome != "dropped"]
        passed = sum(r.outcome == "passed" for r in counted)
        verdict = line.criterion.verdict
        table.add_row(
            line.criterion.id,
            Text(clean(line.criterion.text)),
            Text({"unmet": "not met", "unchecked": "not checked"}.get(verdict, verdict), style=_RESULT_STYLES[verdict]),
            f"{passed}/{len(counted)}",
        )
    return table


def _history(factory: AsyncFactory, run: Run) -> list[Checkpoint]:
    try:
        return factory.history(run.id)
    except NotFoundError:
        return []  # the row outlives its files


def _as_json(factory: AsyncFactory, run: Run) -> str:
    delivery = factory.delivery(run.id)
    document = {
        "run": run.model_dump(mode="json"),
        "gates": [gate.model_dump(mode="json") for gate in factory.gates(run.id)],
        "steps": [step.model_dump(mode="json") for step in _history(factory, run)],
        "delivery": delivery.model_dump(mode="json") if delivery else None,
    }
    return json.dumps(document, ensure_ascii=False)


def _print(factory: AsyncFactory, run: Run, console: Console) -> None:
    console.print(_facts(run))
    if steps := _history(factory, run):
        console.print()
        console.print(_steps(steps))
    delivery = factory.delivery(run.id)
    if delivery:
        console.print()
        console.print(_criteria(delivery))
    console.print()
    if run.status == "running":
        lines = [f"it is at work; watch it: swf logs {run.id} --follow"]
    elif run.status == "waiting":
        lines = how_to_answer(run, factory.gates(run.id))
    else:
        seconds = sum(usage.seconds for usage in delivery.usage.values()) if delivery else run.updated - run.created
        lines = final_lines(run, delivery if run.status in FINISHED else None, seconds=seconds)
    for line in lines:
        console.print(Text(line), soft_wrap=True)


@click.command(
    epilog="""\b
Examples:
  swf show last
  swf show last --document spec > spec.json
  swf show 3kx7 --document design --step 4
  swf show last --json
"""
)
@click.argument("run_id", metavar="RUN")
@click.option("--document", metavar="KEY", help="Print a document: spec, design, report or delivery.")
@click.option("--step", type=int, help="The document as it was after this step.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def show(run_id: str, document: str | None, step: int | None, as_json: bool) -> None:
    """Show where RUN stands: its steps, criteria and tests, and what to do next."""
    if step is not None and document is None:
        raise click.UsageError("--step goes with --document.")
    with open_factory(load_settings()) as factory:
        run = factory.run(run_id)
        if document is not None:
            text = factory.document(run.id, document, step=step)
            click.echo(json.dumps(json.loads(text), indent=2, ensure_ascii=False))
        elif as_json:
            click.echo(_as_json(factory, run))
        else:
            _print(factory, run, make_console())


@click.command(
    epilog="""\b
Examples:
  swf logs last
  swf logs last --follow
  swf logs last --json | jq 'select(.kind == "test")'
"""
)
@click.argument("run_id", metavar="RUN")
@click.option("-f", "--follow", is_flag=True, help="Go on printing until the run ends or pauses.")
@click.option("-n", "--tail", type=click.IntRange(0), help="Only the last so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an event and line.")
def logs(run_id: str, follow: bool, tail: int | None, as_json: bool) -> None:
    """Print what happened in RUN, a line an event."""
    with open_factory(load_settings()) as factory:
        identifier = factory.run(run_id).id
        after = 0
        while True:
            # The status is read first: what a run writes before it ends is then seen below.
            working = factory.run(identifier).under_way
            events = factory.events(identifier, after=after)
            after = events[-1].seq if events else after
            if tail is not None:
                events, tail = events[len(events) - min(tail, len(events)) :], None
            for event in events:
                if as_json:
                    click.echo(event.model_dump_json())
                elif line := describe(event):
                    click.echo(f"{datetime.fromtimestamp(event.time).astimezone():%H:%M:%S} {line}")
            if not follow or not working:
                return
            time.sleep(_POLL_SECONDS)


@click.command(
    epilog="""\b
Examples:
  swf diff last          # the whole product
  swf diff last 4        # what step 4 changed
"""
)
@click.argument("run_id", metavar="RUN")
@click.argument("step", type=int, required=False)
def diff(run_id: str, step: int | None) -> None:
    """Show the files that RUN wrote, or what one STEP of it changed, as a unified diff."""
    with open_factory(load_settings()) as factory:
        text = factory.diff(run_id, step)
    if not text:
        click.echo("nothing was changed", err=True)
        return
    console = make_console()
    if console.is_terminal:
        console.print(Syntax(clean(text), "diff", background_color="default", word_wrap=True))
    else:
        # For `git apply`: byte for byte.
        click.echo(text, nl=not text.endswith("\n"))
