"""The tab where a requirement becomes a run, and where the run is watched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Language, Requirement
from swfactory.domain.run import FINISHED, Gate, Run
from swfactory.errors import FactoryError
from swfactory.models.offered import check_named
from swfactory.rag import collections_folder
from swfactory.rag.store import collections
from swfactory.runtime import Decision
from swfactory.ui import views
from swfactory.ui.bounds import bounds, new_budget, number
from swfactory.ui.desk import QUIET, Desk, Seat, explain, language_in
from swfactory.ui.gateform import gate_form
from swfactory.ui.gates import form_of
from swfactory.ui.live import watch
from swfactory.ui.markup import esc, note
from swfactory.ui.picture import picture
from swfactory.ui.wording import say

__all__ = ["build_tab"]

_GATES: tuple[Gate, ...] = ("spec", "design", "release")


_ADDRESS = """(seat, language) => {
  const url = new URL(window.location), run = (seat || '').split(' ')[0];
  if (run) url.searchParams.set('run', run); else url.searchParams.delete('run');
  window.history.replaceState(null, '', url);
  return [seat, language];
}"""
"""Keeps the run in the page's address, where a reload finds it."""


@dataclass(frozen=True)
class _Options:
    """What a new run may be told."""

    gates: gr.CheckboxGroup
    model: gr.Textbox
    tokens: gr.Textbox
    minutes: gr.Textbox
    rounds: gr.Textbox
    seed: gr.Textbox
    collections: gr.Dropdown

    @property
    def all(self) -> list[gr.components.Component]:
        return [self.gates, self.model, self.tokens, self.minutes, self.rounds, self.seed, self.collections]


def build_tab(desk: Desk, tab: gr.Tab) -> None:
    """Lay the tab out and listen to it."""
    put = desk.labels.put
    heading = gr.HTML(elem_id="swf-heading")
    with gr.Row(elem_classes="swf-columns"):
        with gr.Column(scale=5, min_width=300):
            chat = put(
                gr.Chatbot,
                {"label": "chat", "placeholder": "chat_empty"},
                height=430,
                render_markdown=False,
                sanitize_html=True,
                allow_tags=False,
                buttons=[],
                feedback_options=None,
                elem_id="swf-chat",
            )
            notice = gr.HTML(elem_id="swf-notice")
            text = put(
                gr.Textbox,
                {"label": "requirement", "placeholder": "requirement_hint"},
                lines=4,
                max_lines=12,
                elem_id="swf-requirement",
            )
            with gr.Row(elem_classes="swf-buttons"):
                send = put(gr.Button, {"value": "send"}, variant="primary", elem_id="swf-send")
                stop = put(gr.Button, {"value": "stop"}, interactive=False, elem_id="swf-stop")
                fresh = put(gr.Button, {"value": "new_run"}, elem_id="swf-new")
            options = _options(desk)
        with gr.Column(scale=6, min_width=300, elem_classes="swf-run"):
            draft = gate_form(desk)
            with gr.Row(elem_classes="swf-columns"):
                with gr.Column(scale=1, min_width=240, elem_classes="swf-card"):
                    _titled(desk, "graph")
                    graph = gr.HTML(elem_id="swf-graph")
                with gr.Column(scale=1, min_width=240):
                    with gr.Column(elem_classes="swf-card"):
                        _titled(desk, "budget")
                        numbers = gr.HTML(elem_id="swf-numbers")
                    with gr.Column(elem_classes="swf-card"):
                        _titled(desk, "tests")
                        tests = gr.HTML(elem_id="swf-tests")
            with gr.Column(elem_classes="swf-card"):
                _titled(desk, "stream")
                stream = gr.HTML(elem_id="swf-stream")
            with put(gr.Accordion, {"label": "log"}, open=False):
                log = gr.HTML(elem_id="swf-log")

    shown = [heading, chat, graph, numbers, tests, stream, log, stop, draft, desk.moved]

    async def look(seat: str, language: str, request: gr.Request) -> AsyncGenerator[list[Any], None]:
        session = str(request.session_hash)
        desk.watched[session] = seat
        speaks = language_in(language)
        seen: list[Any] = []
        try:
            async with aclosing(_looks(desk, seat, session, speaks)) as looks:
                async for new in looks:
                    if new != seen:  # all of it: the browser may pass over what comes too quickly for it
                        seen = new
                        yield new
            # Gradio sends the last values once more when a stream ends; these leave the next run's alone.
            yield [gr.skip() for _ in shown]
        finally:
            if desk.watched.get(session) == seat:
                del desk.watched[session]

    desk.seat.change(look, [desk.seat, desk.language], shown, js=_ADDRESS, trigger_mode="multiple", **QUIET)
    given = [text, desk.seat, desk.language, *options.all]

    def sent(request: gr.Request, *values: Any) -> tuple[Any, Any, str]:
        return _send(desk, request, *values)

    def stopped(seat: str, language: str, request: gr.Request) -> str:
        return _stop(desk, request, seat, language)

    def offered() -> Any:
        return gr.update(choices=collections(collections_folder(desk.factory.settings)))

    gr.on([tab.select, desk.language.change], offered, None, [options.collections], **QUIET)
    gr.on([send.click, text.submit], sent, given, [text, desk.seat, notice], **QUIET)
    stop.click(stopped, [desk.seat, desk.language], [notice], **QUIET)
    fresh.click(lambda seat: (Seat.of(seat).again(""), ""), [desk.seat], [desk.seat, notice], **QUIET)


def _titled(desk: Desk, key: str) -> None:
    desk.labels.put(gr.Markdown, {"value": key}, elem_classes="swf-h")


def _options(desk: Desk) -> _Options:
    put, settings = desk.labels.put, desk.factory.settings

    def gates(language: Language) -> list[tuple[str, str]]:
        return [(say(language, f"gate_{gate}"), gate) for gate in _GATES]

    with put(gr.Accordion, {"label": "options"}, open=False, elem_id="swf-options"):
        chosen = put(gr.CheckboxGroup, {"label": "gates", "info": "gates_info"}, gates, elem_id="swf-gates")
        model = put(gr.Textbox, {"label": "model"}, placeholder=settings.model)
        with gr.Row():
            tokens, minutes, rounds = bounds(desk, Budget.of(desk.factory.settings))
            seed = put(gr.Textbox, {"label": "seed"}, placeholder=str(settings.seed), min_width=110)
        stored = put(
            gr.Dropdown,
            {"label": "collections", "info": "collections_info"},
            choices=[],
            value=[],
            interactive=True,
            multiselect=True,
        )
    return _Options(chosen, model, tokens, minutes, rounds, seed, stored)


async def _looks(desk: Desk, seat: str, session: str, language: Language) -> AsyncGenerator[list[Any], None]:
    """Yield what the tab shows of the run of a seat, until the reader looks elsewhere."""
    at = Seat.of(seat)
    if not at.run:
        yield _nothing(language)
        return
    delivery = None
    delivered: Run | None = None
    gate = ""
    form = None
    try:
        async with aclosing(
            watch(desk.factory, desk.worker, at.run, lambda: desk.watched.get(session) == seat)
        ) as lives:
            async for live in lives:
                if live.run.status in FINISHED and live.run != delivered:
                    delivery = await asyncio.to_thread(desk.factory.delivery, live.run.id)
                    delivered = live.run
                pending = live.gates[0] if live.gates else None
                if (pending.id if pending else "") != gate:
                    gate = pending.id if pending else ""
                    form = form_of(live.run.id, pending) if pending else None
                said = [{"role": who, "content": esc(text)} for who, text in views.chat(language, live, delivery)]
                yield [
                    views.heading(language, live),
                    said,
                    await asyncio.to_thread(picture, live, say(language, "graph")),
                    views.numbers(language, live, time.time()),
                    views.tests(language, live),
                    views.stream(language, live),
                    views.log(live),
                    gr.update(interactive=live.run.under_way),
                    form,
                    f"{live.run.id} {live.run.status} {live.commits}",
                ]
    except FactoryError as exc:
        empty = _nothing(language)
        yield [explain(language, exc), *empty[1:]]


def _nothing(language: Language) -> list[Any]:
    empty = note("")
    return [
        views.heading(language, None),
        [],
        empty,
        empty,
        empty,
        empty,
        empty,
        gr.update(interactive=False),
        None,
        "",
    ]


def _send(
    desk: Desk,
    request: gr.Request,
    text: str,
    seat: str,
    language: str,
    gates: list[Gate],
    model: str,
    tokens: str,
    minutes: str,
    rounds: str,
    seed: str,
    names: list[str],
) -> tuple[Any, Any, str]:
    """Do what a line of the chat asks for: a new run, a refined one, or something else at a gate."""
    speaks = language_in(language)
    if not (text or "").strip():
        return gr.skip(), gr.skip(), note(say(speaks, "empty_requirement"), "bad")
    try:
        desk.allow(request, "run", language)
        run = desk.run_of(seat)
        settings = desk.factory.settings
        if (named := (model or "").strip()) and not desk.may(request, "admin"):
            check_named(named, settings)
        if run is None or run.status in {*FINISHED, "failed", "interrupted"}:
            base = run.budget if run else Budget.of(desk.factory.settings)
            given = number(seed, say(speaks, "seed"))
            wanted = run.requirement.with_additions([text]) if run else Requirement.parse(text)
            desk.factory.check_room()
            begun = desk.factory.enqueue(
                wanted,
                graph=run.graph if run else "delivery",
                gates=gates or (run.gates if run else ()),
                model=named or (run.model if run else settings.model),
                seed=(run.seed if run else settings.seed) if given is None else int(given),
                budget=new_budget(speaks, base, tokens, minutes, rounds),
                collections=names or None,
                like=run,
            )
        elif run.status == "waiting" and (pending := desk.factory.gates(run.id)):
            begun = desk.factory.enqueue_answer(
                run.id, pending[0].gate, Decision(decision="reject", comment=text.strip())
            )
        else:
            return gr.skip(), gr.skip(), note(say(speaks, "busy"), "bad")
    except FactoryError as exc:
        return gr.skip(), gr.skip(), explain(speaks, exc)
    desk.worker.wake()
    return "", Seat.of(seat).again(begun.id), ""


def _stop(desk: Desk, request: gr.Request, seat: str, language: str) -> str:
    speaks = language_in(language)
    try:
        desk.allow(request, "run", language)
        run = desk.run_of(seat)
        if run is not None:
            desk.factory.stop(run.id)
    except FactoryError as exc:
        return explain(speaks, exc)
    return note(say(speaks, "stopping"))
