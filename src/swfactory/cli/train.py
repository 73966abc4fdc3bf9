"""``swf train``: a recipe in, an adapter out."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from swfactory.cli.reporting import reporting
from swfactory.config import load_settings

if TYPE_CHECKING:
    from swfactory.finetune.training.planning import Plan
    from swfactory.finetune.training.recipe import TrainRecipe
    from swfactory.finetune.training.reporting import Step
    from swfactory.models.adapters import AdapterCard

__all__ = ["train"]

_SILENCE = {
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRL_EXPERIMENTAL_SILENCE": "1",
}

_EPILOG = """\b
Examples:
  swf train finetune/repair/train.yaml
  swf train finetune/repair/train.yaml --dry-run
  swf train finetune/repair/train.yaml --name repair-r32 --set method.rank=32 --set steps=80
  swf train finetune/repair/train.yaml --print-launch ddp --processes 4
"""


@click.command(epilog=_EPILOG)
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the adapter; else the recipe's, else that of its file.")
@click.option("--resume", is_flag=True, help="Go on with a killed training; fail when there is none.")
@click.option("--dry-run", is_flag=True, help="Check recipe, rows and base, estimate the memory, and stop.")
@click.option(
    "--print-launch",
    type=click.Choice(["ddp", "fsdp", "zero2", "zero3"]),
    help="Print the command that trains on several devices, and stop.",
)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True, help="For --print-launch.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a key of the recipe.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def train(
    recipe: Path,
    name: str | None,
    resume: bool,
    dry_run: bool,
    print_launch: str | None,
    processes: int,
    changes: tuple[str, ...],
    quiet: bool,
) -> None:
    """Train an adapter, or all weights, by a RECIPE.

    A training that was interrupted or killed goes on from its last checkpoint when it is started again. `swf adapters`
    lists what was trained.
    """
    from swfactory.finetune.training.launching import STRATEGIES, launch_command

    _quiet()
    settings = load_settings()
    chosen = _read(recipe, name, changes, settings.data_dir / "datasets")
    if print_launch is not None:
        strategy = next(known for known in STRATEGIES if known == print_launch)
        click.echo(launch_command(chosen, strategy, processes, _again(recipe, name, changes)))
        return
    if dry_run:
        from swfactory.finetune.training.planning import make_plan

        plan, _ = make_plan(chosen, settings)
        click.echo(_plan_text(chosen, plan))
        return
    from swfactory.finetune.training.run import train as run

    first = os.environ.get("RANK", "0") == "0"
    with reporting(partial(_bar, chosen.name), _line, quiet=quiet or not first) as report:
        card = run(chosen, settings, report, resume=resume)
    if first:
        click.echo(_card_text(card, settings.data_dir / "adapters" / card.name))


def _quiet() -> None:
    """Keep libraries from talking of their own versions and progress; the terminal is ours."""
    for name, value in _SILENCE.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore", module=r"(accelerate|bitsandbytes|datasets|peft|torch|transformers|trl)\b")


def _read(path: Path, name: str | None, changes: Sequence[str], datasets: Path) -> TrainRecipe:
    from swfactory.finetune.recipes import load_recipe
    from swfactory.finetune.training.recipe import TrainRecipe

    recipe = load_recipe(path, TrainRecipe, changes)
    return recipe.model_copy(update={"name": name or recipe.name or path.stem}).anchored(
        path.absolute().parent, datasets
    )


def _again(recipe: Path, name: str | None, changes: Sequence[str]) -> list[str]:
    words = [str(recipe)]
    if name:
        words += ["--name", name]
    for change in changes:
        words += ["--set", change]
    return words


def _plan_text(recipe: TrainRecipe, plan: Plan) -> str:
    place = plan.place
    lines = {
        "adapter": plan.name,
        "base": f"{plan.base.name}, {plan.base.architecture}, {plan.base.digest[:12]}",
        "training": f"{recipe.objective.kind} with {recipe.method.kind}, {plan.rows} rows, {plan.steps} steps",
        "device": f"{place.device}, {place.precision}, {place.processes} process{'es' * (place.processes > 1)}",
        "memory": plan.memory.text,
    }
    return "\n".join(f"{key:<9} {value}" for key, value in lines.items())


def _card_text(card: AdapterCard, folder: Path) -> str:
    facts = card.facts
    told = [f"{facts['steps']} steps in {float(facts['seconds']):,.0f} s"]
    if "loss" in facts:
        told.append(f"loss {facts['loss']}")
    if "tokens_per_second" in facts:
        told.append(f"{facts['tokens_per_second']} tokens/s")
    told.append(f"peak {float(facts['peak_memory']) / 1e9:.1f} GB")
    if "perplexity_after" in facts:
        told.append(f"perplexity on general text {facts['perplexity_before']} → {facts['perplexity_after']}")
    return f"{card.name}: {', '.join(told)}\n{folder}"


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Step], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)

        def report(step: Step) -> None:
            loss = "" if step.loss is None else f", loss {step.loss:.4f}"
            said = f"{name}: {step.stage}{loss}"
            bar.update(task, description=said, completed=step.done, total=step.total or None)

        yield report


def _line(step: Step) -> None:
    where = f" {step.done}/{step.total}" if step.total else ""
    loss = "" if step.loss is None else f", loss {step.loss:.4f}"
    note = f": {step.note}" if step.note else ""
    click.echo(f"{step.stage}{where}{loss}{note}", err=True)
