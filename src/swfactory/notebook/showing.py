"""A run's picture, its steps and its files, of a handle, a row or an id."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from swfactory.config import load_settings
from swfactory.domain.run import Run
from swfactory.notebook.rich import Rich, markup, table, text_table
from swfactory.notebook.source import highlighted
from swfactory.notebook.view import RunView
from swfactory.report.documents import document_text
from swfactory.report.facts import facts_of
from swfactory.report.picture import svg
from swfactory.runtime.archive import Archive
from swfactory.runtime.blocking import RunHandle
from swfactory.runtime.topology import graph_reference, outline

if TYPE_CHECKING:
    from swfactory.domain.delivery import Delivery
    from swfactory.runtime.decision import PendingGate

__all__ = ["files", "graph", "show", "steps"]

_VERDICTS = {"met": "good", "unmet": "bad"}


def show(run: RunHandle | Run | str, *, factory: Archive | None = None) -> Rich:
    """Show a run as it stands: its graph, who worked, the verdict on each criterion, and the gates it waits at.

    Args:
        run: a handle, a row, or an id as a person types it (``last``, or the unique beginning of one).
        factory: whose run it is; None for the handle's, or those of the settings' data folder.

    Raises:
        NotFoundError: there is no such run.
    """
    with _archive(run, factory) as archive:
        row = archive.run(_id(run))
        view = RunView(row)
        view.take(archive.events(row.id))
        delivery, gates = archive.delivery(row.id), archive.gates(row.id)
    if delivery is not None and delivery.results:
        # A run looks at more than what it delivers, so the last test that was told of may be of something else.
        facts = facts_of(delivery)
        view.progress.passed, view.progress.total = facts.passed, facts.total
    return view.rich([*([_verdicts(delivery)] if delivery else []), *map(_gate, gates)])


def graph(
    run: RunHandle | Run | str = "delivery",
    *,
    done: Collection[str] = (),
    active: Collection[str] = (),
    factory: Archive | None = None,
) -> Rich:
    """Draw a graph: the one of a run with what is done marked, or one by its name or ``path.py:name``.

    Args:
        run: a handle, a row, or what ``Factory.start`` takes as ``graph``.
        done: nodes to mark as done; for a graph that is no run's.
        active: nodes to mark as being at work; for a graph that is no run's.
        factory: whose run it is; None for the handle's, or those of the settings' data folder.

    Raises:
        InputError: there is no such graph, or it cannot be loaded.
        NotFoundError: there is no such run.
    """
    if isinstance(run, str):
        drawn = outline(graph_reference(run))
        ways = [f"{edge.source} -{'?' if edge.conditional else '-'}> {edge.target}" for edge in drawn.edges]
        return Rich(svg(drawn, done=done, active=active, title=f"graph {run}"), "\n".join(ways))
    with _archive(run, factory) as archive:
        view = RunView(archive.run(_id(run)))
        view.take(archive.events(view.run.id))
    return Rich(view.picture(), view.text())


def steps(run: RunHandle | Run | str, *, factory: Archive | None = None) -> Rich:
    """List the steps of a run: the numbers that ``Factory.fork``, ``diff`` and ``files`` take.

    Args:
        run: a handle, a row, or an id as a person types it.
        factory: whose run it is; None for the handle's, or those of the settings' data folder.

    Raises:
        NotFoundError: there is no such run, or its files are gone.
    """
    with _archive(run, factory) as archive:
        history = archive.history(_id(run))
    rows: list[tuple[str, str, str, str, str]] = []
    before: dict[str, object] = {}
    for step in history:
        changed = [key for key, value in step.values.items() if before.get(key) != value and key != "commit"]
        before = dict(step.values)
        clock = datetime.fromtimestamp(step.time, UTC).strftime("%H:%M:%S")
        nodes = ", ".join(step.nodes).replace("_", " ")
        rows.append((str(step.step), nodes, clock, step.commit[:10], ", ".join(changed)))
    head = ("step", "done", "UTC", "commit", "changed")
    html = table(head, [tuple(map(markup, row)) for row in rows], numbers=[0])
    return Rich(html, text_table(head, rows, numbers=[0]))


def files(run: RunHandle | Run | str, *, step: int | None = None, factory: Archive | None = None) -> Rich:
    """Show the files of a product, each behind its name.

    Args:
        run: a handle, a row, or an id as a person types it.
        step: after which step; None for the newest.
        factory: whose run it is; None for the handle's, or those of the settings' data folder.

    Raises:
        NotFoundError: there is no such run or step.
    """
    with _archive(run, factory) as archive:
        tree = archive.files(_id(run), step=step)
    if not tree:
        return Rich("<div>no files yet</div>", "no files yet")
    lengths = {path: len(text.splitlines()) for path, text in tree.items()}
    parts = [
        f"<details><summary><code>{markup(path)}</code> "
        f'<span class="swf-soft">{lengths[path]:,} lines</span></summary>{highlighted(path, text)}</details>'
        for path, text in sorted(tree.items())
    ]
    listing = [(path, f"{lengths[path]:,}") for path in sorted(tree)]
    return Rich("\n".join(parts), text_table(("file", "lines"), listing, numbers=[1]))


@contextmanager
def _archive(run: RunHandle | Run | str, factory: Archive | None) -> Iterator[Archive]:
    given = factory or (run.archive if isinstance(run, RunHandle) else None)
    if given is not None:
        yield given
        return
    with Archive(load_settings().data_dir) as opened:
        yield opened


def _id(run: RunHandle | Run | str) -> str:
    if isinstance(run, RunHandle):
        return run.run.id
    return run.id if isinstance(run, Run) else run


def _verdicts(delivery: Delivery) -> Rich:
    head = ("criterion", "", "verdict")
    rows = [(criterion.id, criterion.text, criterion.verdict) for criterion in delivery.criteria]
    html = [
        (markup(name), markup(text), f'<span class="swf-tag swf-{_VERDICTS.get(verdict, "open")}">{verdict}</span>')
        for name, text, verdict in rows
    ]
    return Rich(table(head, html), text_table(head, rows))


def _gate(gate: PendingGate) -> Rich:
    ask = f'handle.answer({gate.gate!r}, "approve"), or "reject" with a comment, or "edit" with a document'
    text = document_text(gate.gate, gate.document)
    html = (
        f'<div>waits at the gate <b>{markup(gate.gate)}</b></div><pre class="swf-pre">{markup(text)}</pre>'
        f"<div><code>{markup(ask)}</code></div>"
    )
    return Rich(html, f"waits at the gate {gate.gate}\n{text}\n{ask}")
