"""``swf run``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from swfactory.cli.drive import drive
from swfactory.cli.options import (
    Gates,
    Pair,
    budget_options,
    merge_budget,
    read_requirement,
    slug,
    view_options,
)
from swfactory.cli.seam import open_factory
from swfactory.cli.status import EXIT_TABLE
from swfactory.config import Settings, load_settings
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.role import MENDER, ROLES, check_role
from swfactory.domain.run import Gate
from swfactory.errors import InputError
from swfactory.models.spec import ModelSpec
from swfactory.report.product import canonical_license

if TYPE_CHECKING:
    from swfactory.runtime.factory import AsyncFactory

__all__ = ["default_output", "outputs", "run"]

_RUNS = 1000
"""Newest runs whose folders are kept free for them."""

_EPILOG = f"""\b
Examples:
  swf run 'A Roman numeral converter. `python main.py 1994` prints MCMXCIV.'
  swf run @requirement.md --output ./roman --license MIT
  swf run '做一个待办事项程序：`python todo.py add 买牛奶` 添加一项' --max-time 20m
  echo 'A dice roller.' | swf run - --quiet
  swf run @requirement.md --gate spec,design
  swf run 'A report of open invoices with our library `ledger`.' --collection our-libs
  swf run @requirement.md --model openai:http://localhost:8000/v1#qwen --role-model reviewer=llama:qwen2.5-coder-1.5b
  swf run @requirement.md --graph my_graph.py:build

{EXIT_TABLE}"""


def default_output(requirement: str, taken: Collection[str] = ()) -> Path:
    """Return a folder below ``./products`` that is named for the requirement and belongs to nobody yet.

    Args:
        requirement: what is wanted.
        taken: absolute folders of other runs, which may not have delivered yet.
    """
    base = Path("products") / slug(requirement)
    path, number = base, 2
    while path.exists() or str(path.absolute()) in taken:
        path, number = base.with_name(f"{base.name}-{number}"), number + 1
    return path


def outputs(factory: AsyncFactory) -> frozenset[str]:
    """Return the folders that runs deliver to."""
    return frozenset(run.output for run in factory.runs(limit=_RUNS))


def _role_models(pairs: tuple[tuple[str, str], ...], graph: str, settings: Settings) -> dict[str, str]:
    models = dict(settings.role_models)
    for role, url in pairs:
        # A graph of the user's own may bring roles of its own.
        if graph == "delivery":
            check_role(role, (*ROLES, MENDER))
        ModelSpec.parse(url)
        models[role] = url
    return models


@click.command(epilog=_EPILOG)
@click.argument("requirement", nargs=-1, required=True)
@click.option("-m", "--model", metavar="URL", help="Model of every role.  [default: llama:qwen2.5-coder-1.5b]")
@click.option(
    "role_models", "--role-model", type=Pair("ROLE", "URL"), multiple=True, help="Model of one role; may be repeated."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the product, new or empty.  [default: ./products/<words of the requirement>]",
)
@click.option("--gate", "gates", type=Gates(), default=(), help="Wait for you after: spec,design,release, or all.")
@budget_options
@click.option("--seed", type=click.IntRange(0), help="Seed of every sample.  [default: 0]")
@click.option("--license", "spdx", metavar="SPDX", help="Licence that the product carries, e.g. MIT or Apache-2.0.")
@click.option("--graph", default="delivery", show_default=True, metavar="PATH.PY:NAME", help="A graph of your own.")
@click.option(
    "-c", "--collection", "collections", metavar="NAME", multiple=True, help="Look things up in it; may be repeated."
)
@click.option("--no-context", is_flag=True, help="Look nothing up, although there is a store.")
@click.option("--no-experience", is_flag=True, help="Neither learn from earlier runs nor teach later ones.")
@click.option("--allow-install", is_flag=True, help="Let the product use third-party packages.")
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bubblewrap", "docker", "podman"]),
    help="Where generated code runs.  [default: auto]",
)
@click.option("--unsafe-local", is_flag=True, help="Run generated code without a sandbox, as you. Dangerous.")
@view_options
def run(
    requirement: tuple[str, ...],
    model: str | None,
    role_models: tuple[tuple[str, str], ...],
    output: Path | None,
    gates: tuple[str, ...],
    max_tokens: int | str | None,
    max_time: float | str | None,
    max_rounds: int | str | None,
    seed: int | None,
    spdx: str | None,
    graph: str,
    collections: tuple[str, ...],
    no_context: bool,
    no_experience: bool,
    allow_install: bool,
    sandbox: str | None,
    unsafe_local: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build a product from REQUIREMENT: a git repository with tests, README and a report.

    REQUIREMENT is the text itself in English or Chinese, @FILE to read it from a file, or - for standard input.
    Examples in it ("`python main.py 1994` prints MCMXCIV") become tests word for word.

    Ctrl-C stops the run where it can go on: `swf resume last`.
    """
    if unsafe_local and sandbox is not None:
        raise InputError(f"--unsafe-local excludes --sandbox {sandbox}", hint="give one of them")
    if no_context and collections:
        raise InputError(f"--no-context excludes --collection {collections[0]}", hint="give one of them")
    wanted = Requirement.parse(read_requirement(requirement), license=canonical_license(spdx) if spdx else None)
    settings = load_settings(
        model=model, seed=seed, sandbox="local" if unsafe_local else sandbox, allow_install=allow_install or None
    )
    ModelSpec.parse(settings.model)
    settings = settings.model_copy(update={"role_models": _role_models(role_models, graph, settings)})
    budget = merge_budget(Budget.of(settings), tokens=max_tokens, seconds=max_time, rounds=max_rounds)
    with open_factory(settings) as factory:
        return drive(
            factory,
            lambda: factory.start(
                wanted,
                output=output or default_output(wanted.text, outputs(factory)),
                graph=graph,
                gates=cast("tuple[Gate, ...]", gates),
                budget=budget,
                collections=() if no_context else collections or None,
                experience=False if no_experience else None,
            ),
            json=as_json,
            quiet=quiet,
        )
