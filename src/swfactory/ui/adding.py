"""The tab that adds files to the store, and takes sources out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gradio as gr

from swfactory.config import Settings
from swfactory.domain.requirement import Language
from swfactory.errors import FactoryError, InputError, StoreError
from swfactory.rag import collections_folder, open_collection, uploads
from swfactory.rag.catalog import Catalog, SourceRecord
from swfactory.rag.ingestion import Ingested
from swfactory.rag.ingestion import add as add_source
from swfactory.rag.ingestion import remove as remove_source
from swfactory.rag.store import collections
from swfactory.ui.desk import QUIET, Desk, explain, language_in
from swfactory.ui.markup import esc, note, table
from swfactory.ui.wording import say

__all__ = ["add_tab", "forget", "keep", "stored"]

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
        with gr.Row(elem_classes="swf-end"):
            chosen = put(
                gr.Dropdown, {"label": "source"}, choices=[], value=None, interactive=True, min_width=160,
                elem_id="swf-source",
            )  # fmt: skip
            remove = put(gr.Button, {"value": "remove"}, min_width=120, elem_id="swf-remove")
        gone = gr.HTML(elem_id="swf-remove-notice")

    def look(language: str) -> list[Any]:
        return [stored(settings, language_in(language)), gr.update(choices=_choices(settings), value=None)]

    def added(paths: list[str] | None, collection: str, folder: str, language: str, request: gr.Request) -> list[Any]:
        speaks = language_in(language)
        try:
            desk.allow(request, "run", language)
            done = keep(settings, paths or [], collection.strip(), folder.strip(), speaks)
        except FactoryError as exc:
            return [explain(speaks, exc), gr.skip(), gr.skip(), gr.skip()]
        return [_said(speaks, done), None, *look(language)]

    def removed(choice: str | None, language: str, request: gr.Request) -> list[Any]:
        speaks = language_in(language)
        if not choice:
            return [note(say(speaks, "no_source"), "bad"), gr.skip(), gr.skip()]
        try:
            desk.allow(request, "admin", language)
            record = forget(settings, *json.loads(choice))
        except FactoryError as exc:
            return [explain(speaks, exc), *look(language)]
        return [note(say(speaks, "removed", source=record.name, files=record.files), "good"), *look(language)]

    add.click(
        added,
        [upload, name, source, desk.language],
        [notice, upload, shown, chosen],
        **{**QUIET, "show_progress": "minimal"},
    )
    remove.click(removed, [chosen, desk.language], [gone, shown, chosen], **{**QUIET, "show_progress": "minimal"})
    gr.on([tab.select, desk.language.change], look, [desk.language], [shown, chosen], **QUIET)


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
        with ExitStack() as stack:
            try:
                files = [
                    (
                        _UNSAFE.sub("_", Path(path).name).lstrip(".") or "file",
                        stack.enter_context(Path(path).open("rb")),
                    )
                    for path in paths
                ]
            except OSError as exc:
                raise StoreError(f"cannot read the upload: {exc.strerror}", hint="choose the files again") from exc
            target = uploads.keep(settings, collection, files, source=folder)
        return add_source(opened, target)
    finally:
        opened.close()


def forget(settings: Settings, collection: str, source: str) -> SourceRecord:
    """Take a source out of a collection; files that were uploaded are deleted with it, no others.

    Args:
        settings: where the data folder is.
        collection: which collection.
        source: its name.

    Returns:
        What it was.

    Raises:
        NotFoundError: there is no such collection or source.
        FactoryError: the collection cannot be opened, or another process writes it.
    """
    opened = open_collection(settings, collection)
    try:
        record = remove_source(opened, source)
    finally:
        opened.close()
    uploads.discard(settings, record.root)
    return record


def stored(settings: Settings, language: Language) -> str:
    """Return the sources of every collection as a table."""
    rows = [
        [esc(collection), esc(source.name), f"{source.files:,}", f"{source.chunks:,}"]
        for collection, source in _sources(settings)
    ]
    head = [say(language, f"stored_{name}") for name in ("collection", "source", "files", "chunks")]
    return table(head, rows, empty=say(language, "nothing_stored"))


def _sources(settings: Settings) -> Iterator[tuple[str, SourceRecord]]:
    """Yield each source with the name of its collection."""
    folder = collections_folder(settings)
    for name in collections(folder):
        catalog = Catalog(folder / name / "catalog.db")
        try:
            found = catalog.sources()
        finally:
            catalog.close()
        yield from ((name, source) for source in found)


def _choices(settings: Settings) -> list[tuple[str, str]]:
    return [(f"{name} / {source.name}", json.dumps([name, source.name])) for name, source in _sources(settings)]


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
