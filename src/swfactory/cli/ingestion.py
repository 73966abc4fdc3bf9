"""How reading sources into the store is shown: while it goes on, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from swfactory.cli.reporting import reporting

if TYPE_CHECKING:
    from swfactory.rag.ingestion import Ingested, Progress

__all__ = ["print_ingested", "progress_of_chunks", "progress_of_files"]

_EVERY = 50
"""Files or chunks between two lines of progress that is no terminal's."""


def progress_of_files(quiet: bool) -> AbstractContextManager[Callable[[Progress], None]]:
    """Open what is to be told of each file: a bar on a terminal, elsewhere a line now and then.

    Args:
        quiet: show nothing.
    """
    return reporting(_bar, _line, quiet=quiet)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[embedded]} chunks embedded"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, embedded=0)

        def report(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                embedded=progress.embedded,
                description=progress.path[-60:],
            )

        yield report


def _line(progress: Progress) -> None:
    if progress.done and progress.done % _EVERY == 0:
        click.echo(f"{progress.done} of {progress.total} files, {progress.embedded} chunks embedded", err=True)


def progress_of_chunks(name: str) -> Callable[[int, int], None]:
    """Return what is to be told how many chunks are embedded and how many there are; it writes a line now and then.

    Args:
        name: what they are of.
    """
    shown = 0

    def report(done: int, total: int) -> None:
        nonlocal shown
        if done - shown >= _EVERY or done == total:
            shown = done
            click.echo(f"{name}: {done} of {total} chunks embedded", err=True)

    return report


def print_ingested(done: list[Ingested], *, as_json: bool) -> None:
    """Print what became of each source; what could not be read goes to standard error."""
    if as_json:
        click.echo(json.dumps([asdict(result) for result in done], indent=2, ensure_ascii=False))
        return
    for result in done:
        counts = ", ".join(
            f"{count} {word}"
            for count, word in (
                (result.added, "added"),
                (result.changed, "changed"),
                (result.removed, "removed"),
                (result.unchanged, "unchanged"),
            )
            if count
        )
        click.echo(f"{result.source}: {counts or 'no files that can be read'}; {result.embedded} chunks embedded")
        for path, notes in result.notes.items():
            click.echo(f"  {path}: {'; '.join(notes)}")
        for path, reason in result.failed.items():
            click.echo(f"  skipped {path}: {reason}", err=True)
