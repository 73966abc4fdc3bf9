"""What the tabs of the page share: the factory, the worker, the words, and who looks at what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from fastapi import Request

from swfactory.config import AccessRole, allows
from swfactory.domain.requirement import Language
from swfactory.domain.run import Run
from swfactory.errors import FactoryError, InputError
from swfactory.runtime import AsyncFactory, Worker
from swfactory.ui.hints import on_page
from swfactory.ui.labels import Labels
from swfactory.ui.markup import note
from swfactory.ui.wording import say

__all__ = ["QUIET", "Desk", "RoleOf", "Seat", "explain", "language_in"]

RoleOf = Callable[[Request], AccessRole]
"""Tells what the sender of a request may do."""

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
"""Options of every listener: no public endpoint, no spinner over what is there, and no waiting for other readers."""


def language_in(value: object) -> Language:
    """Return the language that a component of the page holds."""
    return "zh" if value == "zh" else "en"


def explain(language: Language, error: FactoryError) -> str:
    """Return an error as a box: what was wrong, and what to do."""
    hint = f"\n{say(language, 'hint')}: {on_page(language, error.hint)}" if error.hint else ""
    return note(error.message + hint, "bad")


@dataclass(frozen=True)
class Seat:
    """What a reader looks at: a run, and how often the view was begun anew."""

    run: str = ""
    turn: int = 0

    @classmethod
    def of(cls, text: str | None) -> Seat:
        """Return the seat that the page holds; its text comes from the browser and can be anything."""
        run, _, turn = (text or "").partition(" ")
        return cls(run, int(turn) if turn.isdecimal() and len(turn) < 9 else 0)

    def again(self, run: str | None = None) -> str:
        """Return the text of a new look at a run.

        Args:
            run: which one; None for the same.
        """
        return f"{self.run if run is None else run} {self.turn + 1}"


@dataclass
class Desk:
    """What the tabs work with.

    Args:
        factory: the runs; its methods block.
        worker: works off what is enqueued.
        labels: the words.
        seat: holds the text of the reader's ``Seat``.
        language: holds the reader's language.
        moved: holds what changes whenever the product of the run may have.
        role_of: tells what the sender of a request may do; None for everything.
        watched: the seat of every session that looks at one.
    """

    factory: AsyncFactory
    worker: Worker
    labels: Labels
    seat: gr.Textbox
    language: gr.Textbox
    moved: gr.Textbox
    role_of: RoleOf | None = None
    watched: dict[str, str] = field(default_factory=dict)

    def run_of(self, seat: str | None) -> Run | None:
        """Return the run that a reader looks at; None for none.

        Raises:
            NotFoundError: it is gone.
        """
        at = Seat.of(seat)
        return self.factory.run(at.run) if at.run else None

    def may(self, request: gr.Request, role: AccessRole) -> bool:
        """Whether the reader who sent a request has a role, or a greater one."""
        return allows(self._role(request), role)

    def allow(self, request: gr.Request, role: AccessRole, language: object) -> None:
        """Let only those pass who may do something.

        Args:
            request: what a reader of the page asks for.
            role: the least role that may.
            language: of the reader.

        Raises:
            InputError: the reader may not.
        """
        if not self.may(request, role):
            raise InputError(say(language_in(language), "not_allowed", has=self._role(request), role=role))

    def _role(self, request: gr.Request) -> AccessRole:
        if self.role_of is None or request.request is None:
            return "admin"
        return self.role_of(request.request)
