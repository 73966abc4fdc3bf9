"""Driving a run from the terminal: events to the view, signals to the run, gates to the person."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swfactory.cli.gates import ask, how_to_answer
from swfactory.cli.live import View, make_view
from swfactory.cli.status import ExitStatus, status_of_run
from swfactory.domain.delivery import Delivery
from swfactory.domain.run import FINISHED, Event, Run
from swfactory.errors import FactoryError
from swfactory.report.facts import facts_of
from swfactory.report.progress import MACHINE, Progress, clean, clock
from swfactory.runtime.decision import Decision, PendingGate

if TYPE_CHECKING:
    from swfactory.runtime.factory import AsyncFactory
    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["drive", "final_lines", "interactive"]

_TICK_SECONDS = 0.25


def interactive() -> bool:
    """Whether there is a person to ask: both ends of the terminal are one."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def drive(
    factory: AsyncFactory,
    begin: Callable[[], Awaitable[AsyncRunHandle]],
    *,
    json: bool,
    quiet: bool,
    past: Iterable[Event] = (),
    answer: tuple[str, Decision] | None = None,
) -> ExitStatus:
    """Work on a run until it ends, pauses or is interrupted; show it; return the exit status.

    Args:
        factory: the factory of the run.
        begin: starts or resumes the run.
        json: print events as JSON lines and nothing else.
        quiet: print the final lines only.
        past: events of earlier sessions, so that the numbers go on from theirs.
        answer: gate and decision to begin with, for a run that waits.
    """
    return asyncio.run(_drive(factory, begin, json=json, quiet=quiet, past=past, answer=answer))


async def _drive(
    factory: AsyncFactory,
    begin: Callable[[], Awaitable[AsyncRunHandle]],
    *,
    json: bool,
    quiet: bool,
    past: Iterable[Event],
    answer: tuple[str, Decision] | None,
) -> ExitStatus:
    handle = await begin()
    progress = _progress_of(handle.run, past)
    view = make_view(progress, json=json, quiet=quiet)
    try:
        if answer is not None:
            await handle.answer(*answer)
        run = await _sessions(handle, view, progress, asks=interactive() and not json)
    except FactoryError as exc:
        if handle.run.id not in exc.hint:
            exc.hint = f"{exc.hint}\nthen go on with: swf resume {handle.run.id}".strip()
        raise
    finally:
        view.close()
    if not json:
        delivery = factory.delivery(run.id) if run.status in FINISHED else None
        for line in final_lines(run, delivery, handle.gates, seconds=progress.elapsed(time.time())):
            click.echo(line)
    return status_of_run(run.status)


def _progress_of(run: Run, past: Iterable[Event]) -> Progress:
    heading = " ".join(run.requirement.text.split())
    progress = Progress(budget=run.budget, title=f"{run.id}  {heading}")
    for event in past:
        progress.apply(event)
    progress.worked = sum(role.seconds for role in progress.roles.values())
    progress.started, progress.active, progress.gate = time.time(), MACHINE, ""
    progress.step, progress.tail = "getting ready", ""
    return progress


async def _sessions(handle: AsyncRunHandle, view: View, progress: Progress, *, asks: bool) -> Run:
    """Follow session after session; a session ends at every gate."""
    while True:
        if handle.run.status != "waiting" or not handle.gates:
            async with _signals(handle, view):
                run = await _follow(handle, view)
        else:
            run = handle.run
        if run.status != "waiting" or not asks:
            return run
        view.pause()
        gate = handle.gates[0]
        asked = time.time()
        try:
            decision = ask(gate)
        except click.Abort:
            click.echo()
            return run
        progress.pause(time.time() - asked)
        await handle.answer(gate.gate, decision)


async def _follow(handle: AsyncRunHandle, view: View) -> Run:
    async with _ticking(view):
        try:
            async for event in handle.events():
                view.show(event)
        except BaseException:
            # The view broke, for example because the reader of a pipe left: the run stops where it can go on.
            handle.stop()
            with contextlib.suppress(FactoryError):
                await handle.result()
            raise
    return await handle.result()


@contextlib.asynccontextmanager
async def _ticking(view: View) -> AsyncIterator[None]:
    async def tick() -> None:
        while True:
            view.tick()
            await asyncio.sleep(_TICK_SECONDS)

    task = asyncio.create_task(tick())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def _signals(handle: AsyncRunHandle, view: View) -> AsyncIterator[None]:
    """Turn the first Ctrl-C or SIGTERM into a stop, and the second into an end at once: nothing finished is lost."""
    loop = asyncio.get_running_loop()
    told = False

    def stop() -> None:
        nonlocal told
        if told:
            view.close()
            os._exit(ExitStatus.INTERRUPTED)
        told = True
        view.pause()
        click.echo("stopping after what is under way; once more to stop at once", err=True)
        handle.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def final_lines(
    run: Run, delivery: Delivery | None, gates: tuple[PendingGate, ...] = (), *, seconds: float
) -> list[str]:
    """Return the last lines of a run: what came of it, where it is, how to run it or to go on.

    Args:
        run: the run as it stands.
        delivery: its delivery; None when there is none, as with a graph that makes none.
        gates: the gates that it waits at.
        seconds: time of work.
    """
    if run.status == "waiting":
        return [f"run {run.id}", *how_to_answer(run, gates)]
    if run.status not in FINISHED:
        return [f"run {run.id} {run.status}; go on with: swf resume {run.id}"]
    folder = _shown(run.output)
    if delivery is None:
        return [f"{run.status}", f"product  {folder}", f"time     {clock(seconds)}"]
    facts = facts_of(delivery)
    lines = [clean(f"{delivery.title}: {facts.verdict} ({facts.passed}/{facts.total} tests)")]
    label = {"unmet": "not met    ", "unchecked": "not checked"}
    lines += [
        f"  {label.get(line.criterion.verdict, '')}  {clean(line.criterion.id + ' ' + line.criterion.text)}"
        for line in facts.open
    ]
    lines += [f"product  {folder}"]
    if delivery.run_command:
        lines.append(f"run it   cd {shlex.quote(folder)} && {clean(facts.run)}")
    if (Path(run.output) / "REPORT.md").exists():
        lines.append(f"report   {folder}/REPORT.md")
    lines += [
        f"cost     {facts.sum.usage.completion_tokens:,} tokens in {clock(seconds)}, run {run.id}, seed {run.seed}",
    ]
    if run.status == "exhausted":
        lines.append(f"more     swf resume {run.id} {_more(run, delivery)}".rstrip())
    return lines


def _more(run: Run, delivery: Delivery) -> str:
    budget = run.budget
    match delivery.exhausted:
        case "tokens" if budget.max_tokens:
            return f"--max-tokens {2 * budget.max_tokens}"
        case "time" if budget.max_seconds:
            return f"--max-time {2 * budget.max_seconds:g}"
        case "rounds" | "stall" if budget.max_rounds is not None:
            return f"--max-rounds {2 * budget.max_rounds + 2}"
        case _:
            return "--max-tokens none --max-rounds none"


def _shown(folder: str) -> str:
    """The folder as a person in the working folder would type it."""
    path, here = Path(folder), Path.cwd()
    return f"./{path.relative_to(here)}" if path.is_relative_to(here) and path != here else folder
