"""``swf bench``."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from swfactory.cli.options import budget_options, merge_budget
from swfactory.cli.seam import open_factory
from swfactory.config import Settings, load_settings
from swfactory.domain.budget import Budget
from swfactory.errors import InputError, Interrupted
from swfactory.models.spec import ModelSpec

if TYPE_CHECKING:
    from swfactory.bench.arms import Arm
    from swfactory.bench.pairs import Answer
    from swfactory.bench.results import Conditions, Entry
    from swfactory.runtime.factory import AsyncFactory

__all__ = ["bench", "default_folder", "run_resumable"]

_EPILOG = """\b
Examples:
  swf bench benchmarks/tasks.yaml
  swf bench benchmarks/tasks.yaml --only roman,bank --no-baseline
  swf bench benchmarks/tasks.yaml --model openai:http://localhost:8000/v1#qwen --seed 1 --out results/qwen-1
  swf bench benchmarks/house/tasks.yaml --corpus benchmarks/house/library
  swf bench humaneval --limit 20
  swf bench HumanEval.jsonl.gz --no-baseline

Results are kept after every task. The same command again goes on where it stopped.
"""


def default_folder(tasks: str, model: str, seed: int, version: str) -> Path:
    """Return the folder of results below ``./.benchmarks`` that these settings share with nothing else.

    Args:
        tasks: the task file, or ``humaneval``; several task files of one name are told apart by their folders' names.
        model: model URL.
        seed: seed of every sample.
        version: version and commit of the factory.
    """
    source = Path(tasks)
    parts = (source.parent.name, source.name.split(".")[0], model, f"seed{seed}", version)
    words = (re.sub(r"[^\w.]+", "-", part).strip("-.") for part in parts)
    return Path(".benchmarks") / "-".join(word for word in words if word)


@click.command(epilog=_EPILOG)
@click.argument("tasks")
@click.option("-m", "--model", metavar="URL", help="Model of every role and of the baseline.")
@click.option("--only", metavar="ID,ID", default="", help="Only these tasks.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many tasks.")
@click.option("--seed", type=click.IntRange(0), help="Seed of every sample.  [default: 0]")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the results.")
@click.option("--baseline/--no-baseline", default=True, help="Measure the single prompt.  [default: yes]")
@click.option(
    "--factory/--no-factory",
    "factory_",
    default=True,
    help="Measure the factory.  [default: yes]",
)
@click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    help="A library and documents of the tasks: measure the factory with and without them.",
)
@click.option("--context/--no-context", default=True, help="Measure the factory with the corpus.  [default: yes]")
@budget_options
def bench(
    tasks: str,
    model: str | None,
    only: str,
    limit: int | None,
    seed: int | None,
    out: Path | None,
    baseline: bool,
    factory_: bool,
    corpus: Path | None,
    context: bool,
    max_tokens: int | str | None,
    max_time: float | str | None,
    max_rounds: int | str | None,
) -> None:
    """Measure the factory beside a single prompt to the same model.

    TASKS is a YAML file of tasks with black-box checks, the word humaneval, or a file in HumanEval's format
    (.jsonl, .jsonl.gz). Products are built as `swf run` builds them and scored inside the sandbox; of HumanEval, the
    factory's part is its engineer, who tests and repairs by the examples in the docstring.
    """
    context = context and corpus is not None
    if not (baseline or factory_ or context):
        raise InputError("--no-baseline and --no-factory leave nothing to measure", hint="give at most one of them")
    if corpus is not None and _is_humaneval(tasks):
        raise InputError(f"HumanEval has no corpus, and {str(corpus)!r} was given", hint="leave out --corpus")
    settings = load_settings(model=model, seed=seed)
    ModelSpec.parse(settings.model)
    from swfactory.bench.machine import factory_commit

    plan = _Plan(
        source=tasks,
        ids=tuple(word.strip() for word in only.split(",") if word.strip()),
        limit=limit,
        settings=settings,
        budget=merge_budget(Budget.of(settings), tokens=max_tokens, seconds=max_time, rounds=max_rounds),
        folder=out or default_folder(tasks, settings.model, settings.seed, factory_commit()),
        corpus=corpus,
        arms=tuple(
            name for name, wanted in (("baseline", baseline), ("factory", factory_), ("context", context)) if wanted
        ),
    )
    with open_factory(settings) as factory:
        run_resumable(_humaneval(plan) if _is_humaneval(tasks) else _tasks(plan, factory))
    click.echo(f"\n{(plan.folder / 'RESULTS.md').read_text(encoding='utf-8')}\nresults  {plan.folder}")


@dataclass(frozen=True)
class _Plan:
    """What to measure: the command line, read."""

    source: str
    ids: tuple[str, ...]
    limit: int | None
    settings: Settings
    budget: Budget
    folder: Path
    corpus: Path | None
    arms: tuple[str, ...]


def _is_humaneval(tasks: str) -> bool:
    return tasks.lower() == "humaneval" or tasks.endswith((".jsonl", ".jsonl.gz"))


def run_resumable(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or until Ctrl-C or SIGTERM, which leave the run under way resumable."""

    async def main() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError as exc:
            raise Interrupted("stopped; what is finished is kept", hint="the same command again goes on") from exc
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    asyncio.run(main())


def _conditions(plan: _Plan) -> Conditions:
    from swfactory.bench.corpus import corpus_digest
    from swfactory.bench.machine import this_machine
    from swfactory.bench.results import Conditions
    from swfactory.models import model_digest

    return Conditions(
        model=plan.settings.model,
        model_digest=model_digest(plan.settings.model, plan.settings),
        role_models=plan.settings.role_models,
        seed=plan.settings.seed,
        budget=plan.budget,
        corpus=corpus_digest(plan.corpus) if plan.corpus else "",
        machine=this_machine(),
    )


async def _tasks(plan: _Plan, factory: AsyncFactory) -> None:
    from swfactory.bench.arms import FactoryArm, SinglePromptArm
    from swfactory.bench.corpus import open_corpus
    from swfactory.bench.results import Entry, ResultFolder
    from swfactory.bench.runner import run_bench
    from swfactory.bench.tasks import load_tasks, select_tasks
    from swfactory.models import create_chat_model
    from swfactory.sandbox import create_sandbox

    settings, budget = plan.settings, plan.budget
    tasks = select_tasks(load_tasks(Path(plan.source)), plan.ids)[: plan.limit]
    results = ResultFolder(plan.folder, _conditions(plan), Entry)
    arms: list[Arm] = []
    if "baseline" in plan.arms:
        chat = create_chat_model(settings.model, settings)
        arms.append(SinglePromptArm(chat, seed=settings.seed, context=settings.context, max_tokens=budget.max_tokens))
    if "factory" in plan.arms:
        arms.append(FactoryArm(factory, seed=settings.seed, budget=budget))
    packages = ""
    if plan.corpus is not None:
        corpus = await open_corpus(settings, plan.corpus, lambda text: click.echo(text, err=True))
        packages = corpus.packages
        if "context" in plan.arms:
            opened = [corpus.collection]
            arms.append(FactoryArm(factory, seed=settings.seed, budget=budget, name="context", collections=opened))
    await run_bench(
        tasks, arms, sandbox=create_sandbox(settings), results=results, report=_print_entry, packages=packages
    )


def _print_entry(entry: Entry, known: bool) -> None:
    score = entry.score
    line = (
        f"{entry.id:<12} {entry.arm:<9} {'solved' if score.solved else 'not solved':<10} "
        f"{score.passed:>3}/{score.total:<3} {entry.usage.completion_tokens:>7,} tokens {entry.seconds:>7.0f} s  "
        f"{entry.status}{' (known)' if known else ''}"
    )
    click.echo(line)
    if entry.note and not known:
        click.echo(f"{'':<12} {entry.note}")


async def _humaneval(plan: _Plan) -> None:
    from swfactory.bench.humaneval import Solver, one_prompt, repaired, run_humaneval
    from swfactory.bench.pairs import Answer
    from swfactory.bench.problems import load_problems, select_problems
    from swfactory.bench.results import ResultFolder
    from swfactory.models import create_chat_model
    from swfactory.sandbox import create_sandbox

    settings = plan.settings
    source = None if plan.source.lower() == "humaneval" else Path(plan.source)
    problems = select_problems(load_problems(source), plan.ids)[: plan.limit]
    results = ResultFolder(plan.folder, _conditions(plan), Answer)
    model, sandbox = create_chat_model(settings.model, settings), create_sandbox(settings)
    solvers: dict[str, Solver] = {}
    if "baseline" in plan.arms:
        solvers["one prompt"] = one_prompt(model, seed=settings.seed)
    if "factory" in plan.arms:
        solvers["test and repair"] = repaired(model, sandbox, seed=settings.seed, budget=plan.budget)
    await run_humaneval(problems, solvers, sandbox=sandbox, results=results, report=_print_answer)


def _print_answer(answer: Answer, known: bool) -> None:
    verdict = "passed" if answer.passed else "failed"
    click.echo(f"{answer.id:<16} {answer.arm:<12} {verdict:<7} {answer.seconds:>6.1f} s{' (known)' if known else ''}")
