"""The tab that lists runs, and lets them go on, stop, branch off or be deleted."""

from __future__ import annotations

from typing import Any

import gradio as gr

from swfactory.errors import FactoryError
from swfactory.ui import listings
from swfactory.ui.bounds import bounds, new_budget
from swfactory.ui.desk import QUIET, Desk, Seat, explain, language_in
from swfactory.ui.markup import note
from swfactory.ui.product import PICK
from swfactory.ui.wording import say

__all__ = ["runs_tab"]

_SHOWN = 50


def runs_tab(desk: Desk, tab: gr.Tab, tabs: gr.Tabs) -> None:
    """Lay the tab out and listen to it.

    Args:
        desk: what the tabs share.
        tab: this tab.
        tabs: all of them; the first is opened to look at a run.
    """
    put = desk.labels.put
    notice = gr.HTML(elem_id="swf-runs-notice")
    table = gr.HTML(js_on_load=PICK, elem_id="swf-runs")
    with gr.Column(elem_classes="swf-card"):
        chosen = put(
            gr.Textbox, {"label": "chosen_run", "placeholder": "chosen_hint"}, interactive=True, elem_id="swf-chosen"
        )
        with gr.Row(elem_classes="swf-buttons"):
            look = put(gr.Button, {"value": "open_run"}, variant="primary", elem_id="swf-open")
            stop = put(gr.Button, {"value": "stop"})
            delete = put(gr.Button, {"value": "delete"}, elem_id="swf-delete")
            again = put(gr.Button, {"value": "refresh"}, elem_id="swf-refresh")
        with gr.Row(elem_classes="swf-end"):
            tokens, minutes, rounds = bounds(desk)
            resume = put(gr.Button, {"value": "resume"}, min_width=140, elem_id="swf-resume")
        with gr.Row(elem_classes="swf-end"):
            step = put(gr.Dropdown, {"label": "fork_step"}, choices=[], value=None, interactive=True, min_width=180)
            fork = put(gr.Button, {"value": "fork"}, min_width=140, elem_id="swf-fork")

    doomed = gr.State("")

    def listed(run: str, language: str) -> str:
        try:
            return listings.runs(language_in(language), desk.factory.runs(limit=_SHOWN), run)
        except FactoryError as exc:
            return explain(language_in(language), exc)

    def picked(language: str, event: gr.EventData) -> list[Any]:
        run = str(event.pick)
        return [run, listed(run, language), _steps(desk, run), "", ""]

    def resumed(request: gr.Request, run: str, seat: str, language: str, *typed: str) -> list[Any]:
        try:
            desk.allow(request, "run", language)
            row = desk.factory.run(run)
            budget = new_budget(language_in(language), row.budget, *typed)
            desk.factory.enqueue_resume(row.id, budget=None if budget == row.budget else budget)
        except FactoryError as exc:
            return [gr.skip(), gr.skip(), explain(language_in(language), exc)]
        desk.worker.wake()
        return [Seat.of(seat).again(row.id), gr.Tabs(selected="build"), ""]

    def forked(run: str, number: int | None, seat: str, language: str, request: gr.Request) -> list[Any]:
        return _fork(desk, request, run, number, seat, language)

    def opened(run: str, seat: str, language: str) -> list[Any]:
        try:
            row = desk.factory.run(run)
        except FactoryError as exc:
            return [gr.skip(), gr.skip(), explain(language_in(language), exc)]
        return [Seat.of(seat).again(row.id), gr.Tabs(selected="build"), ""]

    def stopped(run: str, language: str, request: gr.Request) -> str:
        try:
            desk.allow(request, "run", language)
            desk.factory.stop(run)
        except FactoryError as exc:
            return explain(language_in(language), exc)
        return note(say(language_in(language), "stopping"))

    def deleted(run: str, asked: str, seat: str, language: str, request: gr.Request) -> list[Any]:
        speaks = language_in(language)
        try:
            desk.allow(request, "admin", language)
            row = desk.factory.run(run)
            if row.id != asked:  # what cannot be undone is asked for twice
                return [note(say(speaks, "delete_sure", run=row.id), "bad"), row.id, gr.skip(), gr.skip(), gr.skip()]
            desk.factory.delete(row.id, wait=True)
        except FactoryError as exc:
            return [explain(speaks, exc), "", gr.skip(), gr.skip(), gr.skip()]
        left = Seat.of(seat).again("") if Seat.of(seat).run == row.id else gr.skip()
        return [note(say(speaks, "deleted", run=row.id), "good"), "", "", listed("", language), left]

    moves = [desk.seat, tabs, notice]
    gr.on(
        [tab.select, again.click, desk.moved.change, desk.language.change],
        listed,
        [chosen, desk.language],
        [table],
        **QUIET,
    )
    table.select(picked, [desk.language], [chosen, table, step, notice, doomed], **QUIET)
    chosen.input(lambda: "", None, [doomed], **QUIET)  # a ``change`` could come after Delete
    look.click(opened, [chosen, desk.seat, desk.language], moves, **QUIET)
    stop.click(stopped, [chosen, desk.language], [notice], **QUIET)
    delete.click(
        deleted, [chosen, doomed, desk.seat, desk.language], [notice, doomed, chosen, table, desk.seat], **QUIET
    )
    resume.click(resumed, [chosen, desk.seat, desk.language, tokens, minutes, rounds], moves, **QUIET)
    fork.click(forked, [chosen, step, desk.seat, desk.language], moves, **QUIET)


def _steps(desk: Desk, run: str) -> Any:
    try:
        history = desk.factory.history(run)
    except FactoryError:
        history = []
    return gr.update(choices=[(f"{c.step}  {', '.join(c.nodes)}".strip(), c.step) for c in history], value=None)


def _fork(desk: Desk, request: gr.Request, run: str, number: int | None, seat: str, language: str) -> list[Any]:
    if number is None:
        return [gr.skip(), gr.skip(), note(say(language_in(language), "no_step"), "bad")]
    try:
        desk.allow(request, "run", language)
        desk.factory.check_room()
        new = desk.factory.enqueue_fork(run, step=number)
    except FactoryError as exc:
        return [gr.skip(), gr.skip(), explain(language_in(language), exc)]
    desk.worker.wake()
    return [Seat.of(seat).again(new.id), gr.Tabs(selected="build"), ""]
