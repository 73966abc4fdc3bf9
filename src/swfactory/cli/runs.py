"""``swf runs``, ``swf export`` and ``swf delete``: the shelf of runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from swfactory.cli.seam import open_factory
from swfactory.config import load_settings
from swfactory.domain.run import Run, RunStatus
from swfactory.errors import InputError
from swfactory.report.progress import clean

__all__ = ["STATUS_STYLES", "delete", "export", "make_console", "moment", "runs"]

STATUS_STYLES: dict[str, str] = {
    "delivered": "green",
    "partial": "yellow",
    "exhausted": "yellow",
    "waiting": "cyan",
    "queued": "blue",
    "running": "bold cyan",
    "interrupted": "magenta",
    "failed": "red",
}
"""Style of a status in tables."""

_WIDE = 160
_GAP = 2
_LEAST = 12


def make_console() -> Console:
    """Return the console of tables; a pipe is given room, since nobody's screen is cut there."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDE)


def moment(seconds: float) -> str:
    """Return a time as local date and minute; ``seconds`` since the epoch."""
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M}"


def _table(found: list[Run], width: int) -> Table:
    rows = [(run.id, run.status, moment(run.created)) for run in found]
    # What is typed again or decides what to do next is never cut; the requirement takes what is left.
    left = width - sum(max(map(len, column)) + _GAP for column in zip(*rows, strict=True)) if rows else width
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("RUN", "STATUS", "STARTED"):
        table.add_column(name, no_wrap=True)
    table.add_column("REQUIREMENT", no_wrap=True, overflow="ellipsis", max_width=max(_LEAST, left))
    for run, (name, status, started) in zip(found, rows, strict=True):
        requirement = Text(" ".join(clean(run.requirement.text).split()))
        table.add_row(name, Text(status, style=STATUS_STYLES.get(status, "")), started, requirement)
    return table


@click.command(
    epilog="""\b
Examples:
  swf runs
  swf runs --status waiting
  swf runs --json | head -1
"""
)
@click.option("--status", type=click.Choice(get_args(RunStatus)), help="Only runs that stand there.")
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a run and line.")
def runs(status: RunStatus | None, limit: int, as_json: bool) -> None:
    """List runs, newest first."""
    with open_factory(load_settings()) as factory:
        found = factory.runs(status=status, limit=limit)
    if as_json:
        for run in found:
            click.echo(run.model_dump_json())
    elif found:
        console = make_console()
        console.print(_table(found, console.width))
    else:
        click.echo(f"no run is {status}" if status else "there are no runs yet; start one: swf run 'what you need'")


@click.command(
    epilog="""\b
Examples:
  swf export last roman.zip
"""
)
@click.argument("run_id", metavar="RUN")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.ZIP")
def export(run_id: str, target: Path) -> None:
    """Pack RUN with its records, documents and product into OUT.ZIP."""
    with open_factory(load_settings()) as factory:
        click.echo(factory.export(run_id, target))


@click.command(
    epilog="""\b
Examples:
  swf delete last
  swf delete 3kx7 9ab2 --yes
"""
)
@click.argument("run_ids", metavar="RUN...", nargs=-1, required=True)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete(run_ids: tuple[str, ...], yes: bool) -> None:
    """Delete runs with their records and checkpoints. A product in a folder of its own stays."""
    with open_factory(load_settings()) as factory:
        # All names are looked up first: "last" would mean another run after the first deletion.
        found = {run.id: run for run in map(factory.run, run_ids)}
        for run in found.values():
            if not yes:
                if not sys.stdin.isatty():
                    raise InputError(
                        f"there is nobody to ask about deleting {run.id!r}", hint=f"swf delete {run.id} --yes"
                    )
                what = " ".join(clean(run.requirement.text).split())[:60]
                if not click.confirm(f"Delete run {run.id} ({run.status}: {what})?"):
                    continue
            left = factory.delete(run.id, wait=True)
            click.echo(f"deleted {run.id}")
            if left:
                click.echo(left, err=True)
