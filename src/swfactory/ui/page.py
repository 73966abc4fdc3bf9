"""The page, put together and mounted on a server."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request

from swfactory.runtime import AsyncFactory, Worker
from swfactory.ui.adding import add_tab
from swfactory.ui.asking import ask_tab
from swfactory.ui.building import build_tab
from swfactory.ui.desk import QUIET, Desk, RoleOf, Seat, language_in
from swfactory.ui.labels import Labels, translations
from swfactory.ui.models import models_tab
from swfactory.ui.product import product_tab
from swfactory.ui.running import runs_tab
from swfactory.ui.wording import LANGUAGES, language_of

__all__ = ["Who", "mount"]

Who = Callable[[Request], str | None]
"""Tells who sends a request; None for somebody who may not see the page."""

_CACHE_SECONDS = 3600

_ARRIVE = """() => {
  const run = new URLSearchParams(window.location.search).get('run') || '';
  return [run, localStorage.getItem('swf-language') || navigator.language || 'en'];
}"""
_SPEAK = """(language, seat) => {
  localStorage.setItem('swf-language', language);
  return [language, seat];
}"""


def mount(
    app: FastAPI, factory: AsyncFactory, worker: Worker, *, who: Who | None = None, role_of: RoleOf | None = None
) -> None:
    """Mount the page at ``/``; routes that the application has by then come first.

    Args:
        app: the application of the server.
        factory: the runs.
        worker: works off what is enqueued; in this process, so that the page sees tokens as they come.
        who: tells who sends a request; None lets everybody in.
        role_of: tells what that one may do: ``read`` only looks, ``run`` starts and steers runs, asks and
            adds to the store, ``admin`` also names other models and assigns adapters; None allows everything.
    """
    blocks = _page(factory, worker, role_of)
    blocks.queue(default_concurrency_limit=None, api_open=False)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        auth_dependency=who,
        allowed_paths=[],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
        max_file_size=factory.settings.serve_max_bytes,
        theme=_theme(),
        css=files("swfactory.ui").joinpath("assets", "page.css").read_text(encoding="utf-8"),
        i18n=translations(),
    )


def _theme() -> gr.themes.Base:
    """Return the look of the page: fonts of the reader's own system, so that nothing is fetched from elsewhere."""
    sans = ("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")
    return gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=[gr.themes.Font(name) for name in sans],
        font_mono=[gr.themes.Font(name) for name in mono],
    )


def _page(factory: AsyncFactory, worker: Worker, role_of: RoleOf | None) -> gr.Blocks:
    labels = Labels()
    cache = (_CACHE_SECONDS, _CACHE_SECONDS)
    blocks = gr.Blocks(title="swfactory", analytics_enabled=False, fill_width=True, delete_cache=cache)
    with blocks:
        seat = gr.Textbox(visible="hidden", elem_id="swf-seat")
        language = gr.Textbox(visible="hidden", elem_id="swf-language")
        moved = gr.Textbox(visible="hidden", elem_id="swf-moved")
        desk = Desk(factory, worker, labels, seat, language, moved, role_of)
        with gr.Row(elem_classes="swf-top"):
            gr.HTML('<h1 class="swf-name">swfactory</h1>')
            switch = gr.Radio(
                [(name, tag) for tag, name in LANGUAGES.items()],
                show_label=False,
                container=False,
                elem_id="swf-switch",
                min_width=150,
            )
        with gr.Tabs(selected="build", elem_id="swf-tabs") as tabs:
            with labels.put(gr.Tab, {"label": "tab_build"}, id="build") as tab:
                build_tab(desk, tab)
            with labels.put(gr.Tab, {"label": "tab_product"}, id="product"):
                product_tab(desk)
            with labels.put(gr.Tab, {"label": "tab_runs"}, id="runs") as tab:
                runs_tab(desk, tab, tabs)
            with labels.put(gr.Tab, {"label": "tab_ask"}, id="ask") as tab:
                ask_tab(desk, tab)
            with labels.put(gr.Tab, {"label": "tab_add"}, id="add") as tab:
                add_tab(desk, tab)
            with labels.put(gr.Tab, {"label": "tab_models"}, id="models") as tab:
                models_tab(desk, tab)

        def arrive(run: str, tag: str) -> list[Any]:
            speaks = language_of(tag or "")
            return [Seat(run.strip()).again(), speaks, speaks, *labels.words(speaks)]

        def speak(chosen: str, at: str) -> list[Any]:
            speaks = language_in(chosen)
            return [Seat.of(at).again(), speaks, *labels.words(speaks)]

        worded: list[Any] = labels.components
        blocks.load(arrive, [seat, language], [seat, language, switch, *worded], js=_ARRIVE, **QUIET)
        switch.input(speak, [switch, seat], [seat, language, *worded], js=_SPEAK, **QUIET)
    for listener in blocks.fns.values():  # those of ``gr.render`` among them, which cannot be told so themselves
        listener.api_visibility = "private"
    return blocks
