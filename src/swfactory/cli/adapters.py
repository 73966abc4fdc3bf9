"""``swf adapters``: list, use, compare, export and remove adapters of the models."""

from __future__ import annotations

import json
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from swfactory.cli.options import Pair
from swfactory.config import config_file, load_settings

if TYPE_CHECKING:
    from swfactory.models.adapters import AdapterCard, AdapterStore, Score

__all__ = ["adapters"]

_FORMS = ("gguf", "merged", "merged-gguf", "gptq", "awq", "smoothquant", "w8a8")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


_EPILOG = """\b
Examples:
  swf adapters list
  swf adapters export repair --to gguf
  swf adapters use mender=repair
  swf run 'A Roman numeral converter.' --model 'llama:qwen2.5-coder-0.5b?adapter=repair'
"""

_USE = """\b
Example:
  swf adapters use mender=repair
"""

_EXPORT = """\b
Forms:
  gguf         beside the base's file, in llama.cpp:  llama:BASE?adapter=NAME
  merged       safetensors with tokenizer and template, for Transformers and servers
  merged-gguf  one file for llama.cpp, changed weights as --precision
  gptq, smoothquant, w8a8   by llm-compressor, which is installed in an environment of its own
  awq          the same, and it needs an accelerator

\b
Example:
  swf adapters export repair --to gguf
"""

_IMPORT = """\b
Example:
  swf adapters import ./checkpoint-400 --name repair --base qwen2.5-coder-0.5b
"""


@click.group(epilog=_EPILOG)
def adapters() -> None:
    """Keep the adapters that make models better at a role."""


@adapters.command("list")
@_json
def list_adapters(as_json: bool) -> None:
    """List adapters: base, method, role, forms and last scores."""
    from swfactory.errors import StoreError

    store = _store()
    cards: list[AdapterCard] = []
    damaged: list[str] = []
    for name in store.names():
        try:
            cards.append(store.card(name))
        except StoreError:
            damaged.append(name)
    if as_json:
        click.echo(json.dumps([card.model_dump(mode="json") for card in cards], indent=2, ensure_ascii=False))
    elif not cards and not damaged:
        click.echo("there are no adapters;  swf train RECIPE.yaml  makes one, swf adapters import FOLDER takes one in")
    for card in cards if not as_json else ():
        forms = ",".join(sorted(card.exports)) or "-"
        scores = "  ".join(_score(score) for score in _latest(card).values())
        click.echo(f"{card.name:<20} {card.base:<22} {card.method:<8} {card.role or 'any':<14} {forms:<16} {scores}")
    for name in damaged:
        click.echo(f"{name}: its card is damaged;  swf adapters remove {name}", err=True)


@adapters.command()
@click.argument("name")
@_json
def show(name: str, as_json: bool) -> None:
    """Show what is known of an adapter: base, data, recipe, what training measured, forms and scores."""
    card = _store().card(name)
    if as_json:
        click.echo(card.model_dump_json(indent=2))
        return
    for key, value in _facts(card).items():
        click.echo(f"{key:<20} {value}")
    for score in card.scores:
        click.echo(f"score                {_score(score)}")
    if card.recipe:
        click.echo(f"recipe\n{_indented(card.recipe)}")


@adapters.command(epilog=_USE)
@click.argument("pair", type=Pair("ROLE", "NAME"), metavar="ROLE=NAME")
def use(pair: tuple[str, str]) -> None:
    """Give a role an adapter, by a line of the settings file; everything else in the file stays."""
    from swfactory.domain.role import check_role
    from swfactory.models.role_models import set_role_model
    from swfactory.models.serving import serving_url

    role, name = pair
    check_role(role)
    url = serving_url(name, role, load_settings(new_file=True))
    line = set_role_model(config_file(), role, url)
    click.echo(f"{config_file()}: {line}")
    if load_settings().role_models.get(role) != url:
        click.echo("but SWF_ROLE_MODELS says otherwise, and wins over the file", err=True)


@adapters.command()
@click.argument("role")
def unuse(role: str) -> None:
    """Take the model of a ROLE out of the settings file: it gets that of every role again."""
    from swfactory.models.role_models import drop_role_model

    url = drop_role_model(config_file(), role)
    click.echo(f"{config_file()}: {role} has {url} no more; it gets {load_settings().model}")


@adapters.command()
@click.argument("first")
@click.argument("second")
def compare(first: str, second: str) -> None:
    """Show in what two adapters differ: what they are made of, their scores and their recipes."""
    store = _store()
    one, other = store.card(first), store.card(second)
    click.echo(f"{'':<20} {first:<30} {second}")
    left, right = _facts(one), _facts(other)
    for key in dict.fromkeys((*left, *right)):
        if key != "name" and left.get(key) != right.get(key):
            click.echo(f"{key:<20} {left.get(key, '-')!s:<30} {right.get(key, '-')}")
    scores = _latest(one), _latest(other)
    for suite in sorted({*scores[0], *scores[1]}):
        a, b = (_score(found[suite], suite=False) if suite in found else "-" for found in scores)
        click.echo(f"{suite:<20} {a:<30} {b}")
    for line in unified_diff(one.recipe.splitlines(), other.recipe.splitlines(), first, second, lineterm="", n=1):
        click.echo(line)


@adapters.command(epilog=_EXPORT)
@click.argument("name")
@click.option("--to", "form", required=True, type=click.Choice(_FORMS), help="What to make of it.")
@click.option(
    "--over", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.gguf", help="The base, if not catalogued."
)
@click.option("--precision", type=click.Choice(("f16", "q8_0")), default="q8_0", show_default=True, help="merged-gguf.")
@click.option("--data", type=click.Path(path_type=Path), metavar="FOLDER", help="Data set to calibrate quantisation.")
def export(name: str, form: Any, over: Path | None, precision: Any, data: Path | None) -> None:
    """Make another form of an adapter; one that does not agree with the trained form is not kept."""
    from swfactory.finetune.export.exporter import Exporter

    exporter = Exporter(
        name, load_settings(), lambda line: click.echo(line, err=True), over=over, precision=precision, data=data
    )
    done = exporter.export(form)
    parity = done.parity
    click.echo(f"{done.path}")
    click.echo(
        f"log-probabilities are {parity.mean:.4f} apart from the trained form's, over {parity.tokens} tokens; "
        f"most of all {parity.largest:.4f} at {parity.piece!r}"
    )


@adapters.command("import", epilog=_IMPORT)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", required=True, help="What to call it.")
@click.option("--base", required=True, metavar="MODEL", help="Catalogue name, folder or hub name of its base.")
@click.option("--role", default="", help="Role that it is for.")
def import_folder(folder: Path, name: str, base: str, role: str) -> None:
    """Take in an adapter that was trained elsewhere: a FOLDER saved by PEFT."""
    from swfactory.finetune.export.arrival import import_adapter

    card = import_adapter(folder, name, base, load_settings(), role=role)
    click.echo(f"{card.name}: {card.method} on {card.base};  swf adapters export {card.name} --to gguf")


@adapters.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete an adapter and all its forms."""
    store = _store()
    folder = store.folder(name)
    used = sorted(role for role, url in load_settings().role_models.items() if _names(url, name))
    if used:
        click.echo(f"{', '.join(used)} uses it;  swf adapters unuse {used[0]}", err=True)
    if not yes:
        click.confirm(f"delete {folder}?", abort=True)
    store.remove(name)
    click.echo(f"{name}: removed")


def _store() -> AdapterStore:
    from swfactory.models.fitting import adapter_store

    return adapter_store(load_settings())


def _names(url: str, name: str) -> bool:
    from swfactory.models.spec import ModelSpec

    return name in ModelSpec.parse(url).adapters


def _facts(card: AdapterCard) -> dict[str, str]:
    """What is known, as text by name; the recipe and the scores are told apart."""
    from datetime import UTC, datetime

    created = datetime.fromtimestamp(card.created, UTC).strftime("%Y-%m-%d %H:%M UTC") if card.created else "-"
    return {
        "name": card.name,
        "base": card.base,
        "base digest": card.base_digest or "-",
        "architecture": card.architecture or "-",
        "method": card.method,
        "role": card.role or "any",
        "created": created,
        **{f"data {name}": digest for name, digest in sorted(card.data.items())},
        **{f"form {form}": place for form, place in sorted(card.exports.items())},
        **{key: str(value) for key, value in sorted(card.facts.items())},
    }


def _latest(card: AdapterCard) -> dict[str, Score]:
    return {score.suite: score for score in card.scores}


def _score(score: Score, *, suite: bool = True) -> str:
    text = f"{score.passed}/{score.total}" if score.passed is not None else f"{score.value:.4g}"
    if score.base is not None:
        text += f" (base {score.base:.4g}"
        text += f", 95 % {score.low:+.3g} to {score.high:+.3g})" if None not in (score.low, score.high) else ")"
    return f"{score.suite} {text}" if suite else text


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip().splitlines())
