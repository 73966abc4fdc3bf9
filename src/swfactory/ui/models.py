"""The tab of models and adapters, and of who works with which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from swfactory.config import Settings, config_file
from swfactory.domain.requirement import Language
from swfactory.domain.role import MENDER, SERVED
from swfactory.errors import FactoryError, StoreError
from swfactory.models.catalog import CATALOG
from swfactory.models.fitting import adapter_store
from swfactory.models.role_models import drop_role_model, set_role_model
from swfactory.models.serving import serving_url
from swfactory.ui.desk import QUIET, Desk, explain, language_in
from swfactory.ui.fetching import absent, fetch, is_here
from swfactory.ui.markup import badge, esc, note, table
from swfactory.ui.views import role_name
from swfactory.ui.wording import say

__all__ = ["adapters", "assignments", "catalogue", "models_tab"]


def models_tab(desk: Desk, tab: gr.Tab) -> None:
    """Lay the tab out and listen to it."""
    put, settings = desk.labels.put, desk.factory.settings
    with gr.Column(elem_classes="swf-card"):
        put(gr.Markdown, {"value": "models_title"}, elem_classes="swf-h")
        models = gr.HTML(elem_id="swf-models")
        with gr.Row(elem_classes="swf-end"):
            wanted = put(
                gr.Dropdown, {"label": "models_name"}, choices=[], value=None, interactive=True, min_width=160,
                elem_id="swf-wanted",
            )  # fmt: skip
            get = put(gr.Button, {"value": "fetch"}, min_width=120, elem_id="swf-fetch")
        progress = gr.HTML(elem_id="swf-fetch-notice")
    with gr.Column(elem_classes="swf-card"):
        put(gr.Markdown, {"value": "adapters_title"}, elem_classes="swf-h")
        trained = gr.HTML(elem_id="swf-adapters")
    with gr.Column(elem_classes="swf-card"):
        put(gr.Markdown, {"value": "roles_title"}, elem_classes="swf-h")
        assigned = gr.HTML(elem_id="swf-assigned")
        with gr.Row(elem_classes="swf-end"):
            role = put(
                gr.Dropdown,
                {"label": "role"},
                lambda language: [(role_name(language, name), name) for name in SERVED],
                value="engineer",
                min_width=160,
            )
            adapter = put(gr.Dropdown, {"label": "adapter"}, choices=[], value=None, interactive=True, min_width=160)
            use = put(gr.Button, {"value": "use"}, min_width=120, elem_id="swf-use")
            unuse = put(gr.Button, {"value": "unuse"}, min_width=120)
        notice = gr.HTML()

    def shown(language: str) -> list[Any]:
        speaks = language_in(language)
        names = adapter_store(settings).names()
        return [
            catalogue(settings, speaks),
            adapters(settings, speaks),
            assignments(settings, speaks),
            gr.update(choices=list(names)),
            gr.update(choices=absent(settings), value=None),
        ]

    def fetched(name: str | None, language: str, request: gr.Request) -> Iterator[str]:
        speaks = language_in(language)
        if not name:
            yield note(say(speaks, "no_model"), "bad")
            return
        try:
            desk.allow(request, "admin", language)
            yield from fetch(name, settings, speaks)
        except FactoryError as exc:
            yield explain(speaks, exc)

    def used(name: str, adapter_name: str | None, language: str, request: gr.Request) -> str:
        speaks = language_in(language)
        if not adapter_name:
            return note(say(speaks, "no_adapter"), "bad")
        try:
            desk.allow(request, "admin", language)
            line = set_role_model(config_file(), name, serving_url(adapter_name, name, settings))
        except FactoryError as exc:
            return explain(speaks, exc)
        return note(say(speaks, "used", line=line), "good")

    def unused(name: str, language: str, request: gr.Request) -> str:
        speaks = language_in(language)
        try:
            desk.allow(request, "admin", language)
            url = drop_role_model(config_file(), name)
        except FactoryError as exc:
            return explain(speaks, exc)
        return note(say(speaks, "unused", url=url), "good")

    everything = [models, trained, assigned, adapter, wanted]
    gr.on([tab.select, desk.language.change], shown, [desk.language], everything, **QUIET)
    get.click(fetched, [wanted, desk.language], [progress], **QUIET).then(shown, [desk.language], everything, **QUIET)
    use.click(used, [role, adapter, desk.language], [notice], **QUIET)
    unuse.click(unused, [role, desk.language], [notice], **QUIET)


def catalogue(settings: Settings, language: Language) -> str:
    """Return the models that can be fetched by name, and which of them are here."""
    rows = []
    for model in CATALOG:
        here = is_here(model, settings)
        state = badge(say(language, "present"), "good") if here else badge(say(language, "absent"), "quiet")
        name = f"<b>{esc(model.name)}</b>"
        rows.append([name, esc(model.summary), f"{model.size / 1e6:,.0f} MB", esc(model.license), state])
    return table([say(language, f"models_{name}") for name in ("name", "about", "size", "license", "state")], rows)


def adapters(settings: Settings, language: Language) -> str:
    """Return the adapters that are kept, with their last score."""
    store = adapter_store(settings)
    rows = []
    for name in store.names():
        try:
            card = store.card(name)
        except StoreError:
            rows.append([f"<b>{esc(name)}</b>", badge(say(language, "damaged"), "bad"), "", "", ""])
            continue
        last = card.scores[-1] if card.scores else None
        score = f"{last.suite} {last.value:.4g}" if last else "–"
        who = role_name(language, card.role) if card.role else say(language, "any_role")
        rows.append([f"<b>{esc(card.name)}</b>", esc(card.base), esc(card.method), esc(who), esc(score)])
    head = [say(language, f"adapters_{name}") for name in ("name", "base", "method", "role", "score")]
    return table(head, rows, empty=say(language, "no_adapters"))


def assignments(settings: Settings, language: Language) -> str:
    """Return the model of every role."""
    rows = [
        [esc(role_name(language, role)), f"<code>{esc(settings.role_models.get(role, settings.model))}</code>"]
        for role in SERVED
        if role != MENDER or role in settings.role_models
    ]
    return table([say(language, "role"), say(language, "model")], rows)
