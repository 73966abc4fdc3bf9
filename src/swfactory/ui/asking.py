"""The tab that answers questions from the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import gradio as gr

from swfactory.domain.answer import Answer
from swfactory.domain.requirement import Language
from swfactory.errors import FactoryError, InputError
from swfactory.rag import collections_folder
from swfactory.rag.store import collections
from swfactory.roles.librarian import spoken
from swfactory.ui import listings
from swfactory.ui.desk import QUIET, Desk, explain, language_in
from swfactory.ui.markup import esc
from swfactory.ui.wording import say

__all__ = ["ask_tab"]


def ask_tab(desk: Desk, tab: gr.Tab) -> None:
    """Lay the tab out and listen to it."""
    put = desk.labels.put
    put(gr.Markdown, {"value": "ask_lead"}, elem_classes="swf-lead")
    question = put(gr.Textbox, {"label": "question", "placeholder": "question_hint"}, lines=2, elem_id="swf-question")
    with gr.Row():
        where = put(
            gr.Dropdown,
            {"label": "collections", "info": "ask_where"},
            choices=[],
            value=[],
            interactive=True,
            multiselect=True,
        )
        thread = put(gr.Textbox, {"label": "thread", "info": "thread_info"})
    ask = put(gr.Button, {"value": "ask"}, variant="primary", elem_id="swf-ask")
    found = gr.HTML(elem_id="swf-answer")

    async def asked(text: str, names: list[str], name: str, language: str, request: gr.Request) -> AsyncGenerator[str]:
        speaks = language_in(language)
        try:
            desk.allow(request, "run", language)
            async with aclosing(_answered(desk, text or "", names, (name or "").strip(), speaks)) as said:
                async for html in said:
                    yield html
        except FactoryError as exc:
            yield explain(speaks, exc)

    given = [question, where, thread, desk.language]
    gr.on([ask.click, question.submit], asked, given, [found], **QUIET)
    tab.select(lambda: gr.update(choices=collections(collections_folder(desk.factory.settings))), None, where, **QUIET)


async def _answered(
    desk: Desk, question: str, names: list[str], thread: str, language: Language
) -> AsyncGenerator[str]:
    """Yield what there is of an answer: what is looked up, what is being written, and what of it is proved."""
    if not question.strip():
        raise InputError(say(language, "empty_question"))
    looking = f'<p class="swf-empty">{esc(say(language, "looking"))}</p>'
    yield looking
    library = await asyncio.to_thread(desk.factory.library, names or None)
    try:
        draft = shown = ""
        async for event in library.ask(question, thread=thread or None):
            if isinstance(event, Answer):
                yield listings.answer(language, event)
                return
            if event["kind"] == "token":
                draft += str(event["text"])
                if (said := spoken(draft)) != shown:
                    shown = said
                    yield f'<p class="swf-answer swf-draft">{esc(said)}<span class="swf-cursor"></span></p>'
            elif event["kind"] == "retrieval":
                yield f'{looking}<p class="swf-empty">{esc(event["text"])}</p>'
    finally:
        await asyncio.to_thread(library.close)
