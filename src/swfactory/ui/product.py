"""The tab that shows what a run has made: files, changes, what is proved, and the archive."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from swfactory.domain.requirement import Language
from swfactory.errors import FactoryError, NotFoundError
from swfactory.runtime import Checkpoint
from swfactory.ui import listings
from swfactory.ui.desk import QUIET, Desk, explain, language_in
from swfactory.ui.markup import esc, note
from swfactory.ui.views import matrix
from swfactory.ui.wording import say

__all__ = ["PICK", "product_tab"]

PICK = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-pick]');
  if (button) trigger('select', {pick: button.dataset.pick});
});"""
"""Script of HTML whose buttons bear what they choose."""

_NEWEST = -2
"""Stands for the newest step; real ones begin at -1."""
_CHARACTERS = 200_000
"""Of a file, at most so many are shown."""


def product_tab(desk: Desk) -> None:
    """Lay the tab out and listen to it."""
    put = desk.labels.put
    scratch = tempfile.TemporaryDirectory(prefix="swf-page-")
    notice = gr.HTML(elem_id="swf-product-notice")
    with gr.Row(elem_classes="swf-buttons swf-end"):
        step = put(
            gr.Dropdown,
            {"label": "step"},
            choices=[],
            value=None,
            interactive=True,
            elem_id="swf-step",
            scale=3,
            min_width=200,
        )
        pack = put(gr.Button, {"value": "download"}, variant="primary", elem_id="swf-pack", scale=1, min_width=140)
        archive = gr.DownloadButton("-", visible="hidden", elem_id="swf-archive")
    with gr.Row(elem_classes="swf-columns"):
        with gr.Column(scale=1, min_width=220, elem_classes="swf-card"):
            put(gr.Markdown, {"value": "files"}, elem_classes="swf-h")
            tree = gr.HTML(js_on_load=PICK, elem_id="swf-tree")
        with gr.Column(scale=3, min_width=300):
            name = gr.HTML(elem_id="swf-file")
            code = gr.Code(interactive=False, show_label=False, wrap_lines=False, max_lines=32, elem_id="swf-code")
    with gr.Column(elem_classes="swf-card", elem_id="swf-matrix"):
        put(gr.Markdown, {"value": "matrix"}, elem_classes="swf-h")
        facts = gr.HTML()
    with put(gr.Accordion, {"label": "diff"}, open=False, elem_id="swf-diff"):
        changes = gr.HTML()
    open_path = gr.State("")

    shown = [step, tree, name, code, open_path, facts, changes, notice]
    given = [desk.seat, step, open_path, desk.language]

    def renewed(seat: str, language: str) -> list[Any]:
        return _product(desk, seat, _NEWEST, "", language_in(language))

    def stepped(seat: str, number: int | None, path: str, language: str) -> list[Any]:
        wanted = _NEWEST if number is None else number
        return [gr.skip(), *_product(desk, seat, wanted, path, language_in(language))[1:]]

    def opened(seat: str, number: int | None, language: str, event: gr.EventData) -> list[Any]:
        wanted = _NEWEST if number is None else number
        return _product(desk, seat, wanted, str(event.pick), language_in(language))[1:5]

    def packed(seat: str, number: int | None, language: str) -> list[Any]:
        try:
            return [_archive(desk, seat, number, Path(scratch.name)), ""]
        except FactoryError as exc:
            return [None, explain(language_in(language), exc)]

    desk.moved.change(renewed, [desk.seat, desk.language], shown, **QUIET)
    step.input(stepped, given, shown, **QUIET)
    tree.select(opened, [desk.seat, step, desk.language], shown[1:5], **QUIET)
    # The file is there when the button is pressed for the person: an archive is made when it is asked for.
    press = "() => setTimeout(() => document.querySelector('#swf-archive a, a#swf-archive, #swf-archive')?.click(), 50)"
    packing = pack.click(packed, [desk.seat, step, desk.language], [archive, notice], **QUIET)
    packing.success(None, js=press)


def _steps(language: Language, history: list[Checkpoint]) -> list[tuple[str, int]]:
    named = [(f"{item.step}  {', '.join(item.nodes)}".strip(), item.step) for item in history if item.commit]
    return [(say(language, "newest"), _NEWEST), *reversed(named)]


def _product(desk: Desk, seat: str, number: int, path: str, language: Language) -> list[Any]:
    """What the tab shows of a run after a step, with one file open."""
    try:
        run = desk.run_of(seat)
        if run is None:
            raise NotFoundError(say(language, "no_product"))
        wanted = None if number == _NEWEST else number
        history = desk.factory.history(run.id)
        files = desk.factory.files(run.id, step=wanted)
        if not files:
            raise NotFoundError(say(language, "no_product"))
        chosen = path if path in files else _first(files)
        text = files[chosen]
        cut = text[:_CHARACTERS]
        return [
            gr.update(choices=_steps(language, history), value=number),
            listings.tree(files, chosen),
            f'<div class="swf-filename"><code>{esc(chosen)}</code></div>',
            gr.update(value=cut, language=listings.code_language(chosen)),
            chosen,
            matrix(language, desk.factory.delivery(run.id)),
            listings.diff(language, desk.factory.diff(run.id, wanted)),
            note(say(language, "file_cut")) if len(cut) < len(text) else "",
        ]
    except FactoryError as exc:
        empty = f'<p class="swf-empty">{esc(exc.message)}</p>'
        none = gr.update(choices=_steps(language, []), value=_NEWEST)
        return [none, empty, "", gr.update(value=""), "", matrix(language, None), listings.diff(language, ""), ""]


def _first(files: Mapping[str, str]) -> str:
    """The file to open first: the one that a person would."""
    for name in ("main.py", "README.md"):
        if found := next((path for path in files if path == name or path.endswith(f"/{name}")), None):
            return found
    return next((path for path in files if path.endswith(".py")), next(iter(files)))


def _archive(desk: Desk, seat: str, number: int | None, folder: Path) -> str:
    run = desk.run_of(seat)
    if run is None:
        raise NotFoundError(say("en", "no_product"), hint="start a run first")
    wanted = None if number in {None, _NEWEST} else number
    target = folder / (f"{run.id}.zip" if wanted is None else f"{run.id}-step{wanted}.zip")
    target.write_bytes(desk.factory.product(run.id, step=wanted))
    return str(target)
