"""How a run looks while it works: a live picture, plain lines, JSON lines, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import click
from rich.cells import chop_cells
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from swfactory.domain.run import Event
from swfactory.report.progress import Progress, RoleState, clean, clock, describe

__all__ = ["JsonView", "LiveView", "Picture", "PlainView", "QuietView", "View", "make_view"]

_TAIL_LINES = 8
_BAR_CELLS = 16


class View(Protocol):
    """Shows a run's events to somebody."""

    def show(self, event: Event) -> None:
        """Show one event."""
        ...

    def tick(self) -> None:
        """Redraw what changes with time; called a few times a second."""
        ...

    def pause(self) -> None:
        """Leave the screen to a question."""
        ...

    def close(self) -> None:
        """Show no more."""
        ...


class QuietView:
    """Shows nothing."""

    def show(self, event: Event) -> None:
        """Drop the event."""

    def tick(self) -> None:
        """Nothing moves."""

    def pause(self) -> None:
        """Nothing is on the screen."""

    def close(self) -> None:
        """Nothing is open."""


class JsonView(QuietView):
    """Prints every event as one JSON object a line."""

    def show(self, event: Event) -> None:
        """Print the event."""
        click.echo(event.model_dump_json())


class PlainView(QuietView):
    """Prints a line for every event that says something.

    Args:
        progress: folded from the events that are shown.
        now: seconds since the epoch.
    """

    def __init__(self, progress: Progress, *, now: Callable[[], float] = time.time) -> None:
        self._progress = progress
        self._now = now

    def show(self, event: Event) -> None:
        """Print the event's line."""
        self._progress.apply(event, self._now())
        if line := describe(event):
            click.echo(f"[{clock(self._progress.elapsed(self._now())):>6}] {line}")


class Picture:
    """The live picture of a run: who works, at what, what it costs, and what is being written.

    Args:
        progress: what to draw.
        now: seconds since the epoch.
    """

    def __init__(self, progress: Progress, *, now: Callable[[], float] = time.time) -> None:
        self._progress = progress
        self._now = now

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain = options.ascii_only
        roles = self._roles(plain)
        # Two rows are the numbers, two the panel's border, one is left for the cursor.
        room = min(_TAIL_LINES, console.size.height - len(self._progress.roles) - 5)
        parts: list[RenderableType] = [roles, self._numbers(plain), self._left(plain)]
        if room > 0:
            parts.append(self._tail(room, max(1, options.max_width - 4)))
        title = Text.assemble((" swf ", "bold"), (clean(self._progress.title), ""), " ")
        title.truncate(max(8, options.max_width - 8), overflow="ellipsis")
        yield Panel(Group(*parts), title=title, title_align="left", border_style="cyan", padding=(0, 1))

    def _roles(self, plain: bool) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, justify="right", min_width=6)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        table.expand = True
        for role in self._progress.roles.values():
            table.add_row(*self._role(role, plain))
        return table

    def _role(self, role: RoleState, plain: bool) -> tuple[Text, Text, Text]:
        progress = self._progress
        active = role.name == progress.active
        mark, style = ("-", "dim") if plain else ("·", "dim")
        if active:
            mark, style = (">" if plain else "▶"), "bold cyan"
        elif role.seen:
            mark, style = ("x" if plain else "✓"), "green"
        tokens = role.tokens + (progress.streamed if active else 0)
        doing = f"waiting at the gate {progress.gate}" if progress.gate else progress.step.replace("_", " ")
        return (
            Text(f"{mark} {clean(role.name).replace('_', ' ')}", style=style),
            Text(f"{tokens:,}" if tokens else "", style="dim"),
            Text(clean(doing) if active else "", style=style),
        )

    def _numbers(self, plain: bool) -> Text:
        progress = self._progress
        good = progress.total > 0 and progress.passed == progress.total
        shown = f"{progress.passed}/{progress.total}" if progress.total else "-"
        parts = [
            Text(f"{progress.speed:.1f} tok/s" if progress.speed else "- tok/s"),
            Text(f"tests passed {shown}", style="green" if good else "yellow" if progress.total else ""),
            Text(clock(progress.elapsed(self._now()))),
        ]
        return _joined(parts, plain)

    def _left(self, plain: bool) -> Text:
        progress, budget = self._progress, self._progress.budget
        parts = []
        if budget.max_tokens is None:
            parts.append(Text(f"{progress.tokens:,} tokens, unbounded"))
        else:
            left = max(0, budget.max_tokens - progress.tokens)
            parts.append(
                Text.assemble("left ", _bar(left / budget.max_tokens, plain), f" {left:,}/{budget.max_tokens:,} tokens")
            )
        if budget.max_seconds is not None:
            parts.append(Text(clock(max(0.0, budget.max_seconds - progress.elapsed(self._now())))))
        if budget.max_rounds is not None:
            parts.append(Text(f"{max(0, budget.max_rounds - progress.rounds)}/{budget.max_rounds} rounds"))
        return _joined(parts, plain)

    def _tail(self, room: int, width: int) -> Text:
        # Wrapped here and not by rich, so that the newest text is always the one that is seen.
        lines = [part for line in self._progress.lines(room) for part in chop_cells(line, width) or [""]][-room:]
        lines += [""] * (room - len(lines))
        return Text("\n".join(lines), style="dim", no_wrap=True, overflow="crop")


def _joined(parts: list[Text], plain: bool) -> Text:
    line = Text("  " if plain else " · ").join(parts)
    line.no_wrap, line.overflow = True, "ellipsis"
    return line


def _bar(share: float, plain: bool) -> Text:
    full = round(_BAR_CELLS * min(1.0, max(0.0, share)))
    style = "green" if share > 0.25 else "yellow" if share > 0.1 else "red"
    done, rest = ("#", ".") if plain else ("█", "░")
    return Text.assemble((done * full, style), (rest * (_BAR_CELLS - full), "dim"))


class LiveView:
    """Draws the picture at the foot of a terminal; lines worth keeping scroll by above it.

    Args:
        progress: folded from the events that are shown.
        console: the terminal.
    """

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._live: Live | None = None

    def _open(self) -> Live:
        if self._live is None:
            picture = Picture(self._progress)
            self._live = Live(
                picture, console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop"
            )
            self._live.start()
        return self._live

    def show(self, event: Event) -> None:
        """Take the event in, and keep its line on the screen if it is worth it."""
        self._progress.apply(event, time.time())
        live = self._open()
        if event.kind in ("commit", "test", "finding", "gate", "note"):
            live.console.print(Text(describe(event)), soft_wrap=True)

    def tick(self) -> None:
        """Redraw."""
        self._open().refresh()

    def pause(self) -> None:
        """Take the picture off the screen; the next event draws it again."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def close(self) -> None:
        """Take the picture off the screen."""
        self.pause()


def make_view(progress: Progress, *, json: bool = False, quiet: bool = False, console: Console | None = None) -> View:
    """Choose how to show a run.

    Args:
        progress: what the view folds events into.
        json: one JSON object a line.
        quiet: nothing.
        console: standard output; a terminal gets the live picture.
    """
    if json:
        return JsonView()
    if quiet:
        return QuietView()
    console = console or Console(highlight=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveView(progress, console)
    return PlainView(progress)
