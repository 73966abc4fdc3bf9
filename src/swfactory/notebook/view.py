"""A run as it stands, drawn from its events: its graph with what is done, who worked, what was tested."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from swfactory.domain.run import FINISHED, Event, Run
from swfactory.errors import InputError
from swfactory.notebook.rich import Rich, markup, table, text_table
from swfactory.report.picture import Outline, svg
from swfactory.report.progress import MACHINE, Progress
from swfactory.runtime.topology import outline

__all__ = ["RunView"]

_TAIL_LINES = 8
_HEADING = 160
_TONES = {"delivered": "good", "failed": "bad", "running": "now", "waiting": "now", "queued": "now", "created": "now"}


@dataclass
class RunView:
    """Folds the events of a run into what is shown of it.

    Args:
        run: its row; set anew when it has changed.
    """

    run: Run
    progress: Progress = field(default_factory=Progress)
    seconds: float = 0.0
    _done: set[str] = field(default_factory=set)
    _active: dict[str, float] = field(default_factory=dict)
    _last: int = 0
    _outline: Outline | None = None

    def __post_init__(self) -> None:
        try:
            self._outline = outline(self.run.graph)
        except InputError:  # the user's own graph file may have gone since
            self._outline = None

    def take(self, events: Iterable[Event]) -> None:
        """Take in the next events; those that it knows already are passed over."""
        for event in events:
            if event.seq:
                if event.seq <= self._last:
                    continue
                self._last = event.seq
            self.progress.apply(event)
            if event.kind == "step":
                self._step(event)

    def _step(self, event: Event) -> None:
        phase = event.data.get("phase", "start")
        if phase == "start":
            self._active[event.step] = event.time
            return
        self._active.pop(event.step, None)
        seconds = event.data.get("seconds")
        self.seconds += seconds if isinstance(seconds, int | float) else 0.0
        if phase == "finish":
            self._done.add(event.step)

    def elapsed(self, now: float) -> float:
        """Seconds of work so far.

        Args:
            now: seconds since the epoch.
        """
        started = min(self._active.values(), default=0.0)
        working = self.run.under_way and started > 0
        return self.seconds + (max(0.0, now - started) if working else 0.0)

    def picture(self) -> str:
        """The graph as SVG, with what is done and where the run stands; empty when the graph cannot be had."""
        if self._outline is None:
            return ""
        done = {"__start__"} | self._done
        if self.run.status in FINISHED:
            done.add("__end__")
        standing = self.run.under_way or self.run.status == "waiting"
        return svg(self._outline, done=done, active=self._active if standing else (), title=f"graph of {self.run.id}")

    def rich(self, more: Sequence[Rich] = ()) -> Rich:
        """Everything at a glance.

        Args:
            more: what is to stand below the numbers.
        """
        beside = "\n".join([self._numbers_html(), *(part.html for part in more)])
        html = (
            f"<div>{self._heading_html()}</div>\n"
            f'<div class="swf-beside"><div class="swf-drawn">{self.picture()}</div><div>{beside}</div></div>'
        )
        return Rich(html, "\n\n".join([self.text(), *(part.text for part in more)]))

    def text(self) -> str:
        """The same for a terminal."""
        parts = [f"{self.run.id}  {self.run.status}  {self._title()}", self._facts()]
        if rows := self._roles():
            parts.append(text_table(_HEAD, rows, numbers=_NUMBERS))
        return "\n".join(parts)

    def _title(self) -> str:
        text = " ".join(self.run.requirement.text.split())
        return text if len(text) <= _HEADING else text[: _HEADING - 1].rstrip() + "…"

    def _heading_html(self) -> str:
        tone = _TONES.get(self.run.status, "")
        tag = f'<span class="swf-tag{f" swf-{tone}" if tone else ""}">{markup(self.run.status)}</span>'
        return f"<b>{markup(self.run.id)}</b> {tag} {markup(self._title())}"

    def _facts(self) -> str:
        progress = self.progress
        facts = [self.run.model, f"{self.elapsed(time.time()):.0f} s", f"{progress.tokens:,} tokens"]
        if progress.total:
            facts.append(f"{progress.passed} of {progress.total} tests pass")
        if progress.rounds:
            facts.append(f"{progress.rounds} repair rounds")
        if self.run.status == "waiting" and progress.gate:
            facts.append(f"waits at the gate {progress.gate}")
        elif self.run.under_way and progress.step:
            facts.append(f"at work on {progress.step.replace('_', ' ')}")
        return " · ".join(facts)

    def _roles(self) -> list[tuple[str, str, str, str]]:
        return [
            (role.name.replace("_", " "), f"{role.calls}", f"{role.tokens:,}", f"{role.seconds:.1f}")
            for role in self.progress.roles.values()
            if role.calls and role.name != MACHINE
        ]

    def _numbers_html(self) -> str:
        parts = [f'<div class="swf-soft">{markup(self._facts())}</div>']
        if rows := self._roles():
            parts.append(table(_HEAD, [tuple(map(markup, row)) for row in rows], numbers=_NUMBERS))
        if self.run.under_way and (lines := self.progress.lines(_TAIL_LINES)):
            parts.append(f'<pre class="swf-pre">{markup(chr(10).join(lines))}</pre>')
        return "\n".join(parts)


_HEAD = ("role", "calls", "tokens", "seconds")
_NUMBERS = (1, 2, 3)
