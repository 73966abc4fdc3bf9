"""The tab that adds files to the store."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from swfactory.config import Settings
from swfactory.domain.requirement import Language
from swfactory.errors import FactoryError, InputError, StoreError
from swfactory.rag import collections_folder, open_collection
from swfactory.rag.catalog import Catalog
from swfactory.rag.ingestion import Ingested
from swfactory.rag.ingestion import add as add_source
from swfactory.rag.store import collections
from swfactory.ui.desk import QUIET, Desk, explain, language_in
from swfactory.ui.markup import esc, note, table
from swfactory.ui.wording import say

__all__ = ["add_tab", "keep", "stored"]

_UNSAFE = re.compile(r"[^\w.\- ]+")


def add_tab(desk: Desk, tab: gr.Tab) -> None:
    """Lay the tab out and listen to it."""
    put, settings = desk.labels.put, desk.factory.settings
    put(gr.Markdown, {"value": "add_lead"}, elem_classes="swf-lead")
    with gr.Row(elem_classes="swf-columns"):
        with gr.Column(scale=2, min_width=280):
            upload = put(
                gr.File, {"label": "upload"}, file_count="multiple", type="filepath", interactive=True, height=180
            )
        with gr.Column(scale=1, min_width=220):
            name = put(gr.Textbox, {"label": "collection", "info": "collection_info"}, value="default")
            source = put(gr.Textbox, {"label": "source", "info": "source_info"}, value="uploads")
            add = put(gr.Button, {"value": "add"}, variant="primary", elem_id="swf-add")
    notice = gr.HTML(elem_id="swf-add-notice")
    with gr.Column(elem_classes="swf-card"):
        put(gr.Markdown, {"value": "stored"}, elem_classes="swf-h")
        shown = gr.HTML(elem_id="swf-stored")

    def added(paths: list[str] | None, collection: str, folder: str, language: str, request: gr.Request) -> list[Any]:
        speaks = language_in(language)
        try:
            desk.allow(request, "run", language)
            done = keep(settings, paths or [], collection.strip(), folder.strip(), speaks)
        except FactoryError as exc:
            return [explain(speaks, exc), gr.skip(), gr.skip()]
        return [_said(speaks, done), None, stored(settings, speaks)]

    add.click(
        added, [upload, name, source, desk.language], [notice, upload, shown], **{**QUIET, "show_progress": "minimal"}
    )
    gr.on(
        [tab.select, desk.language.change],
        lambda language: stored(settings, language_in(language)),
        [desk.language],
        [shown],
        **QUIET,
    )


def keep(settings: Settings, paths: Sequence[str], collection: str, folder: str, language: Language) -> Ingested:
    """Take files into a folder of the data folder, and that folder into a collection.

    Args:
        settings: where the data folder is.
        paths: the uploaded files.
        collection: which collection; made when there is none.
        folder: name of the folder, by which the files are cited.
        language: of what is said when it does not work.

    Raises:
        InputError: there are no files, or a name cannot be used.
        StoreError: the files cannot be written.
        FactoryError: the collection cannot be opened.
    """
    if not paths:
        raise InputError(say(language, "no_files"))
    if not re.fullmatch(r"\w[\w-]{0,63}", folder):
        raise InputError(say(language, "bad_folder", name=repr(folder)))
    opened = open_collection(settings, collection, create=True)
    try:
        target = settings.data_dir.expanduser().absolute() / "uploads" / collection / folder
        try:
            target.mkdir(parents=True, exist_ok=True)
            for path in paths:
                shutil.copyfile(path, target / (_UNSAFE.sub("_", Path(path).name).lstrip(".") or "file"))
        except OSError as exc:
            raise StoreError(f"cannot write {str(target)!r}: {exc.strerror}", hint="free some disk space") from exc
        return add_source(opened, target)
    finally:
        opened.close()


def stored(settings: Settings, language: Language) -> str:
    """Return the sources of every collection as a table."""
    rows = []
    folder = collections_folder(settings)
    for name in collections(folder):
        catalog = Catalog(folder / name / "catalog.db")
        try:
            rows += [
                [esc(name), esc(source.name), f"{source.files:,}", f"{source.chunks:,}"] for source in catalog.sources()
            ]
        finally:
            catalog.close()
    head = [say(language, f"stored_{name}") for name in ("collection", "source", "files", "chunks")]
    return table(head, rows, empty=say(language, "nothing_stored"))


def _said(language: Language, done: Ingested) -> str:
    counts = say(
        language,
        "ingested",
        source=done.source,
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        embedded=done.embedded,
    )
    failed = [f"{path}: {reason}" for path, reason in done.failed.items()]
    return note("\n".join([counts, *failed]), "bad" if failed else "good")
