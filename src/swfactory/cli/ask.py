"""``swf ask``: questions about the user's own code and documents."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from swfactory.cli.options import read_requirement
from swfactory.cli.seam import open_factory
from swfactory.config import load_settings
from swfactory.domain.answer import Answer
from swfactory.errors import InputError
from swfactory.models.spec import ModelSpec
from swfactory.report.progress import clean

if TYPE_CHECKING:
    from swfactory.runtime.asking import Library

__all__ = ["ask"]

_SILENCE = {
    "en": "The sources do not say it.",
    "zh": "资料中没有说明。",
}
_DROPPED = {
    "en": "left out, because no source supports it: {}",
    "zh": "以下内容没有资料支持，已略去：{}",
}

_EPILOG = """\b
Examples:
  swf rag add ~/our-lib docs/ manual.pdf
  swf ask 'How is a customer stored?'
  swf ask '日志保留多久？' --collection handbook
  swf ask 'And how is it deleted?' --thread customers
"""


@click.command(epilog=_EPILOG)
@click.argument("question", nargs=-1, required=True)
@click.option("-c", "--collection", "collections", metavar="NAME", multiple=True, help="Look in it; may be repeated.")
@click.option("--thread", metavar="NAME", help="Go on with a conversation, which is kept under this name.")
@click.option("-m", "--model", metavar="URL", help="Model that answers.  [default: llama:qwen2.5-coder-1.5b]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("-q", "--quiet", is_flag=True, help="Print the checked answer only.")
def ask(
    question: tuple[str, ...],
    collections: tuple[str, ...],
    thread: str | None,
    model: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Answer a QUESTION from the store of your code and documents, with sources.

    The answer is shown as it is written, then checked: a sentence that no source supports is left out. The question is
    the text itself in English or Chinese, @FILE to read it from a file, or - for standard input.
    """
    asked = read_requirement(question)
    settings = load_settings(model=model)
    ModelSpec.parse(settings.model)
    live = not (as_json or quiet) and sys.stderr.isatty()
    with open_factory(settings) as factory, closing(factory.library(collections or None)) as library:
        answer = asyncio.run(_ask(library, asked, thread, live=live))
    if as_json:
        click.echo(json.dumps(_as_json(answer), indent=2, ensure_ascii=False))
        return
    click.echo(clean(answer.text) or _SILENCE[answer.language])
    for number in answer.cited:
        click.echo(f"  [{number}] {clean(answer.passages[number - 1].source)}")
    if answer.dropped and not quiet:
        said = _DROPPED[answer.language].format(clean(" ".join(answer.dropped)))
        click.secho(said, err=True, dim=True)


async def _ask(library: Library, question: str, thread: str | None, *, live: bool) -> Answer:
    """Wait for the answer; show on standard error what is being written."""
    from swfactory.roles.librarian import spoken

    draft = shown = ""
    async for event in library.ask(question, thread=thread):
        if isinstance(event, Answer):
            if live and shown:
                click.echo("\n", err=True)
            return event
        if live and event["kind"] == "token":
            draft += str(event["text"])
            said = clean(spoken(draft))
            click.secho(said.removeprefix(shown), nl=False, err=True, dim=True)
            shown = said
        if live and event["kind"] == "retrieval":
            click.secho(f"{event['text']}", err=True, dim=True)
    raise InputError("there was no answer", hint="swf ask QUESTION")


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "answer": answer.text,
        "supported": bool(answer.statements),
        "statements": [statement.model_dump(mode="json") for statement in answer.statements],
        "sources": [
            {"number": number, "source": passage.source, "text": passage.text, "cited": number in answer.cited}
            for number, passage in enumerate(answer.passages, start=1)
        ],
        "left_out": list(answer.dropped),
    }
