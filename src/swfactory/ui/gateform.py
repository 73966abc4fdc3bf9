"""The form of a gate: the document in fields, and the three answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from swfactory.domain.requirement import Language
from swfactory.errors import FactoryError, InputError
from swfactory.runtime import Decision
from swfactory.runtime.decision import check_document
from swfactory.ui.desk import QUIET, Desk, Seat, explain, language_in
from swfactory.ui.gates import Form, Part, design_document, form_of, pretty, spec_document, untouched
from swfactory.ui.markup import esc, note
from swfactory.ui.wording import say

__all__ = ["gate_form"]


def gate_form(desk: Desk) -> gr.State:
    """Lay out the form of whatever gate the run waits at.

    Returns:
        What holds the ``Form``; None for no gate.
    """
    draft = gr.State(None)

    @gr.render(  # type: ignore[untyped-decorator]
        inputs=[draft, desk.language], triggers=[draft.change], show_progress="hidden", concurrency_limit=None
    )
    def show(form: Form | None, language: str) -> None:
        if form is not None:
            _Shown(desk, draft, form, language_in(language)).lay_out()

    return draft


class _Shown:
    """One form on the page."""

    def __init__(self, desk: Desk, draft: gr.State, form: Form, language: Language) -> None:
        self._desk, self._draft, self._form, self._language = desk, draft, form, language

    def _say(self, key: str, **values: object) -> str:
        return say(self._language, key, **values)

    def _box(self, value: str = "", **options: Any) -> gr.Textbox:
        return gr.Textbox(value, interactive=True, **options)

    def lay_out(self) -> None:
        form = self._form
        with gr.Column(elem_classes="swf-card swf-gate", elem_id="swf-gate"):
            gate = self._say(f"gate_{form.gate}") if form.gate in {"spec", "design", "release"} else form.gate
            title = esc(self._say("gate_title", gate=gate))
            gr.HTML(f'<h3>{title}</h3><p class="swf-lead">{esc(self._say("gate_lead"))}</p>')
            fields, read = self._fields()
            comment = self._box(
                label=self._say("comment"),
                placeholder=self._say("comment_hint"),
                lines=2,
                elem_id="swf-comment",
                key=f"comment {form.id}",
            )
            problem = gr.HTML(elem_id="swf-problem")
            with gr.Row(elem_classes="swf-buttons"):
                approve = gr.Button(self._say("approve"), variant="primary", elem_id="swf-approve")
                save = gr.Button(self._say("save"), elem_id="swf-save", visible=read is not None)
                reject = gr.Button(self._say("reject"), elem_id="swf-reject")
            outputs = [problem, self._desk.seat, self._draft]
            inputs = [self._desk.seat, comment, *fields]

            def approved(request: gr.Request, seat: str, _: str, *values: Any) -> tuple[Any, Any, Any]:
                return self._answer(request, seat, lambda: self._unchanged(read, values))

            def saved(request: gr.Request, seat: str, _: str, *values: Any) -> tuple[Any, Any, Any]:
                assert read is not None, "there is no such button otherwise"
                return self._answer(request, seat, lambda: Decision(decision="edit", document=read(values)))

            def rejected(request: gr.Request, seat: str, why: str, *_: Any) -> tuple[Any, Any, Any]:
                return self._answer(request, seat, lambda: self._rejection(why))

            approve.click(approved, inputs, outputs, **QUIET)
            save.click(saved, inputs, outputs, **QUIET)
            reject.click(rejected, inputs, outputs, **QUIET)
            if form.editable:
                self._json(outputs)

    def _fields(self) -> tuple[list[Any], Callable[[tuple[Any, ...]], str] | None]:
        """Lay out the fields; return them, and what makes a document of their values."""
        match self._form.kind:
            case "spec":
                return self._spec()
            case "design":
                return self._design()
            case _:
                gr.HTML(f'<pre class="swf-stream">{esc(self._form.text)}</pre>')
                return [], None

    def _spec(self) -> tuple[list[Any], Callable[[tuple[Any, ...]], str]]:
        form = self._form
        title = self._box(form.title, label=self._say("spec_title"))
        summary = self._box(form.summary, label=self._say("spec_summary"))
        texts = []
        for part in form.parts:
            texts.append(self._box(part.text, label=part.key or self._say("new_criterion"), lines=1, max_lines=6))
            if part.examples:
                gr.HTML(f'<pre class="swf-checks">{esc(part.examples)}</pre>')
        packages = self._box(form.packages, label=self._say("packages"))
        keys = [part.key for part in form.parts]

        def read(values: tuple[Any, ...]) -> str:
            name, about, used, *said = values
            return spec_document(form.document, name, about, used, list(zip(keys, said, strict=True)))

        fields = [title, summary, packages, *texts]
        self._more("add_criterion", fields, read)
        return fields, read

    def _design(self) -> tuple[list[Any], Callable[[tuple[Any, ...]], str]]:
        form = self._form
        entry = self._box(form.title, label=self._say("entry_point"))
        packages = self._box(form.packages, label=self._say("packages"))
        parts: list[Any] = []
        for part in form.parts:
            with gr.Group():
                path = self._box(part.key, label=self._say("path"))
                purpose = self._box(part.text, label=self._say("purpose"), lines=1, max_lines=4)
                interface = self._box(part.interface, label=self._say("interface"), lines=2, max_lines=10)
                imports = self._box(part.imports, label=self._say("imports"))
            parts += [path, purpose, interface, imports]

        def read(values: tuple[Any, ...]) -> str:
            start, used, *said = values
            files = [
                Part(key=said[at], text=said[at + 1], interface=said[at + 2], imports=said[at + 3])
                for at in range(0, len(said), 4)
            ]
            return design_document(form.document, start, used, files)

        fields = [entry, packages, *parts]
        self._more("add_file", fields, read)
        return fields, read

    def _more(self, key: str, fields: list[Any], read: Callable[[tuple[Any, ...]], str]) -> None:
        """A button that adds an empty part and keeps what was typed."""
        add = gr.Button(self._say(key), size="sm", elem_id="swf-add-part")
        wrong = gr.HTML()

        def grow(*values: Any) -> tuple[Any, Any]:
            try:
                typed = form_of(self._form.run, self._form.pending, read(values))
            except InputError as exc:
                return gr.skip(), explain(self._language, exc)
            return typed.grown(), ""

        add.click(grow, fields, [self._draft, wrong], **QUIET)

    def _json(self, outputs: list[Any]) -> None:
        with gr.Accordion(self._say("as_json"), open=False, elem_id="swf-json"):
            gr.HTML(f'<p class="swf-lead">{esc(self._say("json_lead"))}</p>')
            code = gr.Code(pretty(self._form.document), language="json", interactive=True, max_lines=24)
            keep = gr.Button(self._say("save_json"), elem_id="swf-save-json")

        def kept(request: gr.Request, seat: str, text: str) -> tuple[Any, Any, Any]:
            gate = self._form.gate
            return self._answer(
                request, seat, lambda: Decision(decision="edit", document=check_document(gate, text or " "))
            )

        keep.click(kept, [self._desk.seat, code], outputs, **QUIET)

    def _unchanged(self, read: Callable[[tuple[Any, ...]], str] | None, values: tuple[Any, ...]) -> Decision:
        if read is not None and not untouched(self._form, read(values)):
            raise InputError(self._say("changed"), hint=self._say("changed_hint"))
        return Decision(decision="approve")

    def _rejection(self, why: str) -> Decision:
        if not (why or "").strip():
            raise InputError(self._say("no_comment"), hint=self._say("comment_hint"))
        return Decision(decision="reject", comment=why.strip())

    def _answer(self, request: gr.Request, seat: str, decide: Callable[[], Decision]) -> tuple[Any, Any, Any]:
        """Give an answer; what was typed stays where the answer cannot be used."""
        try:
            self._desk.allow(request, "run", self._language)
            self._desk.factory.enqueue_answer(self._form.run, self._form.gate, decide())
        except FactoryError as exc:
            return explain(self._language, exc), gr.skip(), gr.skip()
        self._desk.worker.wake()
        return note(""), Seat.of(seat).again(), None
