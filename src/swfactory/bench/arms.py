"""The two ways of building a product that are compared: one prompt, and the factory."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterable, Sequence
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from swfactory.bench.blocks import project_files
from swfactory.bench.overhead import measure
from swfactory.bench.results import write_text
from swfactory.bench.tasks import Task
from swfactory.domain.budget import Budget, Usage
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import FINISHED, Event, Run
from swfactory.domain.value import Value
from swfactory.errors import (
    BusyError,
    ConfigError,
    EnvironmentalError,
    FactoryError,
    Interrupted,
    ModelError,
    ModelUnavailable,
    NotFoundError,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["Arm", "Built", "Factory", "FactoryArm", "SinglePromptArm", "ask", "ask_once", "product_of"]


_REPLY_TOKENS = 3_000
"""Several times what a whole product takes: a greedy small model that gets there only repeats itself."""


class Built(Value):
    """What building a product came to.

    Args:
        status: how it ended.
        usage: what the model calls cost.
        seconds: wall-clock time.
        run: id of the factory's run; empty for none.
        note: what went wrong, if anything did.
    """

    status: str
    usage: Usage = Usage()
    seconds: float = 0.0
    run: str = ""
    note: str = ""


class Arm(Protocol):
    """One way of building products."""

    @property
    def name(self) -> str:
        """The column of the table."""
        ...

    async def build(self, task: Task, folder: Path) -> Built:
        """Build the product of a task in ``folder/product``; called again after an interruption.

        A model that fails at the task is a result. What fails every task alike (a missing model, no sandbox) raises.
        """
        ...


class Factory(Protocol):
    """The part of the runtime's factory that a measurement uses."""

    async def start(
        self,
        requirement: Requirement,
        *,
        output: Path | None,
        seed: int | None,
        budget: Budget | None,
        collections: Sequence[str] | None,
        experience: bool | None,
    ) -> AsyncRunHandle:
        """Start a new run."""
        ...

    async def resume(self, run_id: str) -> AsyncRunHandle:
        """Go on with a run."""
        ...

    def run(self, run_id: str) -> Run:
        """Return a run."""
        ...

    def events(self, run_id: str) -> Iterable[Event]:
        """Return the events of a run."""
        ...


def product_of(folder: Path) -> Path:
    """Where an arm leaves the product."""
    return folder / "product"


async def ask_once(
    model: BaseChatModel, prompt: str, *, seed: int, max_tokens: int, temperature: float = 0.0
) -> tuple[str, Usage]:
    """Send one prompt and return the reply with its cost.

    Args:
        model: chat model.
        prompt: the user's message; there is no system message.
        seed: seed of the sample.
        max_tokens: most tokens to generate.
        temperature: 0 is greedy.
    """
    sampling = Sampling(temperature=temperature, seed=seed, max_tokens=max_tokens)
    request = Request(role="baseline", messages=(Message(role="user", content=prompt),), sampling=sampling)
    reply = await ask(model, request)
    return reply.text, reply.usage


async def ask(model: BaseChatModel, request: Request) -> Reply:
    """Make one call and return the reply with its cost.

    Args:
        model: chat model.
        request: what is asked, and how the reply is drawn.
    """
    started = time.monotonic()
    turns = [(message.role, message.content) for message in request.messages]
    reply = await model.ainvoke(turns, **request.options)
    metadata = reply.usage_metadata
    usage = Usage(calls=1, seconds=time.monotonic() - started)
    if metadata is not None:
        counts = {
            "prompt_tokens": metadata["input_tokens"],
            "cached_tokens": metadata.get("input_token_details", {}).get("cache_read", 0),
            "completion_tokens": metadata["output_tokens"],
        }
        usage = usage.model_copy(update=counts)
    cut = reply.response_metadata.get("finish_reason") == "length"
    return Reply(text=reply.text, usage=usage, finish="length" if cut else "stop")


class SinglePromptArm:
    """The baseline: the whole project from one prompt, greedy, read as kindly as can be.

    Args:
        model: the same model that the factory uses.
        seed: seed of the sample.
        context: tokens that prompt and reply share.
        max_tokens: most tokens to generate; None for 3,000 or what the context leaves.
    """

    name = "baseline"

    def __init__(self, model: BaseChatModel, *, seed: int, context: int, max_tokens: int | None = None) -> None:
        self._model = model
        self._seed = seed
        self._context = context
        self._max_tokens = max_tokens

    async def build(self, task: Task, folder: Path) -> Built:
        """Ask once and write the files of the reply."""
        template = resources("swfactory.bench").joinpath("prompts/baseline.txt").read_text(encoding="utf-8")
        prompt = template.format(requirement=task.requirement)
        # a token is rarely less than two bytes, and the chat template wants a few
        room = min(_REPLY_TOKENS, max(256, self._context - len(prompt.encode()) // 2 - 64))
        started = time.monotonic()
        try:
            reply, usage = await ask_once(
                self._model, prompt, seed=self._seed, max_tokens=min(room, self._max_tokens or room)
            )
        except ModelUnavailable:
            raise
        except ModelError as exc:
            return Built(status="failed", seconds=time.monotonic() - started, note=exc.message)
        seconds = time.monotonic() - started
        write_text(folder / "reply.md", reply)
        files = project_files(reply, task.requirement)
        _write_files(product_of(folder), files)
        note = "" if files else "no file could be read from the reply"
        return Built(status="answered" if files else "unreadable", usage=usage, seconds=seconds, note=note)


def _write_files(product: Path, files: dict[str, str]) -> None:
    shutil.rmtree(product, ignore_errors=True)
    for path, text in files.items():
        if any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in files):
            continue  # a reply can name a path both as a file and as a folder; neither can be trusted then
        write_text(product / path, text)


class FactoryArm:
    """The factory itself. The id of its run is written down at once, so that an interrupted one is resumed.

    Args:
        factory: the composition root, with the settings of the measurement.
        seed: seed of every sample.
        budget: bounds of each run.
        name: the column of the table.
        collections: where the roles look things up; empty, so that no store of the user's changes a measurement.
    """

    def __init__(
        self,
        factory: Factory,
        *,
        seed: int,
        budget: Budget,
        name: str = "factory",
        collections: Sequence[str] = (),
    ) -> None:
        self.name = name
        self._collections = collections
        self._factory = factory
        self._seed = seed
        self._budget = budget

    async def build(self, task: Task, folder: Path) -> Built:
        """Run the factory on the requirement, or go on with its interrupted run."""
        note = ""
        requirement = Requirement.parse(task.requirement)
        run = self._known(requirement, folder)
        if run is None or run.status not in FINISHED:
            handle = await self._begin(requirement, folder, run)
            write_text(folder / "run", handle.run.id)
            run, note = await _finish(handle)
        cost = measure(self._factory.events(run.id))
        return Built(status=run.status, usage=cost.usage, seconds=cost.wall, run=run.id, note=note)

    def _known(self, requirement: Requirement, folder: Path) -> Run | None:
        """The run that was begun in the folder; None when it was of what the task asked for once."""
        try:
            run = self._factory.run((folder / "run").read_text(encoding="utf-8").strip())
        except (FileNotFoundError, NotFoundError):
            return None
        return run if run.requirement == requirement else None

    async def _begin(self, requirement: Requirement, folder: Path, run: Run | None) -> AsyncRunHandle:
        if run is not None:
            return await self._factory.resume(run.id)
        shutil.rmtree(product_of(folder), ignore_errors=True)
        return await self._factory.start(
            requirement,
            output=product_of(folder).absolute(),
            seed=self._seed,
            budget=self._budget,
            collections=self._collections,
            experience=False,  # a task that was solved before would be looked up
        )


async def _finish(handle: AsyncRunHandle) -> tuple[Run, str]:
    """Wait for the run; one that failed at its task is a result, and so is a fault of the factory's own."""
    try:
        (outcome,) = await asyncio.gather(handle.result(), return_exceptions=True)
    except asyncio.CancelledError:
        handle.stop()
        await handle.result()
        raise
    if isinstance(
        outcome, ConfigError | NotFoundError | BusyError | EnvironmentalError | ModelUnavailable | Interrupted
    ):
        raise outcome
    if isinstance(outcome, Exception):
        return handle.run, outcome.message if isinstance(outcome, FactoryError) else repr(outcome)
    if isinstance(outcome, BaseException):
        raise outcome
    if outcome.status not in FINISHED:
        raise Interrupted(f"run {outcome.id!r} stopped as {outcome.status}", hint="the same command goes on with it")
    return outcome, ""
