"""What a run looks like now, folded from its events; drawing it is another module's work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from swfactory.domain.budget import Budget
from swfactory.domain.role import ROLES
from swfactory.domain.run import Event

__all__ = ["MACHINE", "Progress", "RoleState", "clean", "clock", "describe"]

MACHINE = "machine"
"""Who works when no role does: the checkers, the tests, git."""

TAIL_CHARACTERS = 4000
"""How much of the text that a model writes is kept to be shown."""

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def clock(seconds: float) -> str:
    """Return a duration for people: ``0:07``, ``12:30``, ``1:02:03``."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def clean(text: str) -> str:
    """Return text that cannot drive the terminal: a model or a test may have written it."""
    return _CONTROL.sub(" ", _ANSI.sub("", text.replace("\r\n", "\n")).expandtabs(4))


def _number(data: Mapping[str, object], *keys: str) -> float:
    for key in keys:
        value = data.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return 0.0


@dataclass
class RoleState:
    """One role's line.

    Args:
        name: the role.
        seen: whether it has worked in this run.
        tokens: tokens it generated.
        calls: model calls that ended.
        seconds: time in the model.
    """

    name: str
    seen: bool = False
    tokens: int = 0
    calls: int = 0
    seconds: float = 0.0


@dataclass
class Progress:
    """Where a run stands.

    Args:
        budget: the bounds.
        title: what is being built, for the heading.
        started: seconds since the epoch when this process took the run up.
        worked: seconds that earlier processes spent on it.
    """

    budget: Budget = field(default_factory=Budget)
    title: str = ""
    started: float = 0.0
    worked: float = 0.0
    roles: dict[str, RoleState] = field(default_factory=lambda: {name: RoleState(name) for name in (*ROLES, MACHINE)})
    active: str = ""
    step: str = ""
    status: str = ""
    passed: int = 0
    total: int = 0
    rounds: int = 0
    gate: str = ""
    tail: str = ""
    writing: bool = False
    streamed: int = 0
    stream_started: float = 0.0
    last_time: float = 0.0

    def apply(self, event: Event, now: float = 0.0) -> None:
        """Take in one event.

        Args:
            event: the next event of the run.
            now: seconds since the epoch, for an event that bears no time.
        """
        self.last_time = event.time or now
        if event.kind == "step" and event.data.get("phase", "start") == "start":
            # Nobody but the machine is at work until a role speaks.
            self.step, self.active, self.gate = event.step, MACHINE, ""
        self.rounds = max(self.rounds, int(_number(event.data, "round", "rounds")))
        if event.role:
            self.roles.setdefault(event.role, RoleState(event.role))
            self.active = event.role
        if self.active:
            self.roles[self.active].seen = True
        match event.kind:
            case "run":
                self.status = str(event.data.get("status") or self.status)
            case "token":
                self._write(event.text)
            case "call":
                self._count(event)
            case "test":
                self._tested(event)
            case "gate":
                self.gate = "" if event.data.get("answered") else str(event.data.get("gate") or event.step)
            case _:
                pass

    def _tested(self, event: Event) -> None:
        """Keep the best of several samples; those that only confirm a product are none of it."""
        passed, total = int(_number(event.data, "passed")), int(_number(event.data, "total"))
        if event.step != "confirm":
            self.passed = max(self.passed, passed) if total == self.total else passed
            self.total = total

    def _write(self, text: str) -> None:
        if not self.writing:
            self.writing, self.tail, self.streamed, self.stream_started = True, "", 0, self.last_time
        self.streamed += 1
        self.tail = (self.tail + text)[-TAIL_CHARACTERS:]

    def _count(self, event: Event) -> None:
        usage = event.data.get("usage")
        data = usage if isinstance(usage, Mapping) else event.data
        self.writing, self.streamed = False, 0
        if event.role:
            role = self.roles[event.role]
            role.calls += 1
            role.tokens += int(_number(data, "completion_tokens"))
            role.seconds += _number(data, "seconds")

    @property
    def tokens(self) -> int:
        """Tokens generated so far; the call under way counts a token a piece."""
        return sum(role.tokens for role in self.roles.values()) + self.streamed

    @property
    def speed(self) -> float:
        """Tokens a second: of the call under way when it has some, else of all calls so far; 0 when unknown."""
        if self.streamed > 4 and (lasted := self.last_time - self.stream_started) > 0:
            return self.streamed / lasted
        seconds = sum(role.seconds for role in self.roles.values())
        return sum(role.tokens for role in self.roles.values()) / seconds if seconds > 0 else 0.0

    def elapsed(self, now: float) -> float:
        """Seconds of work, those of earlier processes included.

        Args:
            now: seconds since the epoch.
        """
        return self.worked + (max(0.0, now - self.started) if self.started else 0.0)

    def pause(self, seconds: float) -> None:
        """Leave time in which nobody worked out of the time of work.

        Args:
            seconds: how long a person was waited for.
        """
        self.started += seconds

    def lines(self, count: int) -> list[str]:
        """Return the last lines of what the model writes, safe to print.

        Args:
            count: at most so many.
        """
        return clean(self.tail).rstrip("\n").split("\n")[-count:] if self.tail.strip() else []


def describe(event: Event) -> str:
    """Return an event as one line for people; empty for one that says nothing to them."""
    text = " ".join(clean(event.text).split())
    if event.kind in {"token", "execution"} or (event.kind == "step" and event.data.get("phase") == "finish"):
        return ""
    if event.kind == "step":
        return f"step {text or event.step}"
    text = text or event.kind
    if event.kind == "run":
        return f"run {event.run}: {text}"
    if event.role:
        text = text.removeprefix(f"{event.role}: ")
    where = clean(event.role or event.step).replace("_", " ")
    return f"{where}: {text}" if where else text
