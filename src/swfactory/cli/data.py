"""``swf data``: build, check, show and convert data sets for training."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from swfactory.cli.reporting import reporting
from swfactory.config import Settings, load_settings

if TYPE_CHECKING:
    from swfactory.finetune.data.build import Progress
    from swfactory.finetune.data.card import DatasetCard
    from swfactory.finetune.data.making import Tools

__all__ = ["data"]

_PLAIN_SECONDS = 5.0
"""Between two lines of progress that is no terminal's."""
_KINDS = ("sft", "preference", "kto", "prompt")
_FORMS = ("messages", "sharegpt", "alpaca", "preference", "kto")
_BUILD = """\b
Examples:
  swf data build finetune/repair/data.yaml
  swf data build recipe.yaml --output ./set --replace

A recipe in short:

\b
  name: ours
  kind: sft
  sources:
    - {type: git, path: ../our-lib, makers: [docstring_to_body, test_to_code]}
  decontaminate: {against: [humaneval]}
  split: {validation: 0.05, test: 0.05}
"""
_CHECK = """\b
Examples:
  swf data check rows.jsonl --kind sft
  swf data check pairs.jsonl --kind preference
"""
_CONVERT = """\b
Examples:
  swf data convert alpaca.jsonl messages.jsonl --to messages
  swf data convert pairs.jsonl judged.jsonl --to kto
"""


@click.group()
def data() -> None:
    """Build, check, show and convert data sets for training."""


@data.command(epilog=_BUILD)
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the data set.  [default: data_dir/datasets/NAME]",
)
@click.option("--replace", is_flag=True, help="Replace a data set that is there, when the new one is whole.")
@click.option("-m", "--model", metavar="URL", help="Model that asks questions of documents.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def build(recipe: Path, output: Path | None, replace: bool, model: str | None, quiet: bool) -> None:
    """Build the data set of a recipe.

    Rows are collected, cleaned of secrets and personal data, checked, de-duplicated, kept apart from evaluations, mixed
    and divided by repository. The card says what was left out and why. The same recipe gives the same digests.
    """
    from swfactory.finetune.data.build import build as build_set
    from swfactory.finetune.data.recipe import read_recipe

    settings = load_settings(model=model)
    wanted = read_recipe(recipe)
    target = output or settings.data_dir / "datasets" / wanted.name
    text = recipe.read_text(encoding="utf-8")
    with reporting(_spinner, _lines(), quiet=quiet) as told:
        card = build_set(wanted, target.resolve(), _tools(settings), text=text, replace=replace, told=told)
    _print(card)
    click.echo(f"data set  {target}")


@data.command(epilog=_CHECK)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What the rows are to be.")
def check(file: Path, kind: str) -> None:
    """Read every row of a file; the first malformed one is an error with its line and key."""
    from swfactory.finetune.data.formats import read_rows
    from swfactory.finetune.rows import Kind

    known: Kind = next(value for value in get_args(Kind) if value == kind)
    rows = sum(1 for _ in read_rows(file, known))
    click.echo(f"{rows:,} rows of kind {kind}: {file}")


@data.command()
@click.argument("dataset")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(dataset: str, as_json: bool) -> None:
    """Show the card of a data set, given its name or its folder."""
    from swfactory.finetune.data.card import readme
    from swfactory.finetune.data.store import DatasetStore, read_card

    card = read_card(DatasetStore(load_settings().data_dir / "datasets").find(dataset))
    click.echo(json.dumps(card.model_dump(mode="json"), indent=2, ensure_ascii=False) if as_json else readme(card))


@data.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def list_sets(as_json: bool) -> None:
    """List the data sets of the data folder."""
    from swfactory.finetune.data.store import DatasetStore

    store = DatasetStore(load_settings().data_dir / "datasets")
    cards = store.cards()
    if as_json:
        click.echo(json.dumps([card.model_dump(mode="json", exclude={"recipe"}) for card in cards], indent=2))
        return
    for card in cards:
        rows = ", ".join(f"{facts.rows:,} {name}" for name, facts in card.splits.items())
        click.echo(f"{card.name:<24} {card.kind:<10} {card.digest[:12]}  {rows}")
    click.echo(f"data sets: {store.root}")


@data.command(epilog=_CONVERT)
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(_FORMS), required=True, help="The form to write.")
def convert(source: Path, target: Path, form: str) -> None:
    """Write the rows of SOURCE, whatever their form, into TARGET in another one.

    A pair of replies becomes its better one as a conversation, or two judged replies; rows judged bad become none.
    """
    from swfactory.finetune.data.forms import Form, convert_rows

    known: Form = next(value for value in get_args(Form) if value == form)
    click.echo(f"{convert_rows(source, target, known):,} rows: {target}")


def _tools(settings: Settings) -> Tools:
    from swfactory.finetune.data.making import Tools
    from swfactory.models import create_chat_model
    from swfactory.sandbox import create_sandbox

    return Tools(
        data_dir=settings.data_dir.resolve(),
        sandbox=lambda: create_sandbox(settings),
        model=lambda: create_chat_model(settings.model, settings),
    )


def _print(card: DatasetCard) -> None:
    for name, facts in card.splits.items():
        click.echo(f"{name:<11} {facts.rows:>9,} rows  {facts.groups:>7,} groups  {facts.tokens.total:>12,} tokens")
    for reason, count in card.dropped.items():
        click.echo(f"left out    {count:>9,} {reason}")
    for kind, count in card.masked.items():
        click.echo(f"masked      {count:>9,} {kind}")
    click.echo(f"digest      {card.digest}")


def _lines() -> Callable[[Progress], None]:
    last = -_PLAIN_SECONDS

    def told(progress: Progress) -> None:
        nonlocal last
        if progress.ended or time.monotonic() >= last + _PLAIN_SECONDS:
            last = time.monotonic()
            click.echo(_line(progress), err=True)

    return told


@contextmanager
def _spinner() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda progress: status.update(_line(progress))


def _line(progress: Progress) -> str:
    return f"{progress.source}: {progress.made:,} rows made, {progress.kept:,} kept"
