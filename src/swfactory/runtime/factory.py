"""The factory of asynchronous programs: it sets runs going in the event loop that calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from swfactory.domain.answer import Answer
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.runtime.drafts import RunOptions
from swfactory.runtime.sessions import Sessions

if TYPE_CHECKING:
    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["AsyncFactory"]


class AsyncFactory(Sessions):
    """Starts, resumes, forks, replays and keeps runs; ``Factory`` does so for programs without an event loop.

    ```python
    with AsyncFactory() as factory:
        run = await factory.start("`python main.py NAME` prints `hello NAME`.")
        async for event in run.events():
            print(event.text)
        print((await run.result()).output)
    ```

    Args:
        settings: the merged settings; None for those of the settings file and the environment.
        build_model: makes chat models; None for those of ``swfactory.models``.
        sandbox: runs generated code; None for the one that the settings name.

    Raises:
        ConfigError: the settings cannot be used.
        StoreError: the data folder or the runs database cannot be used.
    """

    async def start(self, requirement: Requirement | str, **options: Unpack[RunOptions]) -> AsyncRunHandle:
        """Start a new run.

        Args:
            requirement: what is wanted.
            options: see ``RunOptions``.

        Raises:
            InputError: the output folder is not empty, or the graph does not exist.
            NotFoundError: there is no such collection.
            StoreError: the run cannot be written.
        """
        run = self._store.create(self._placed(self._new(requirement, **options)))
        return self._begin(run, f"started with {run.model}")

    async def resume(self, run_id: str, *, budget: Budget | None = None) -> AsyncRunHandle:
        """Go on with a run that was interrupted, killed, failed, waits at a gate, or has spent its budget.

        A run that waits at a gate is not set going: answer it with ``AsyncRunHandle.answer``.

        Args:
            run_id: the run.
            budget: new bounds of the whole run, what is spent included; None leaves them.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run is finished, or its budget is spent and the new one is no larger.
            BusyError: another process works on it.
        """
        return self._resumed(run_id, budget)

    async def fork(
        self, run_id: str, *, step: int, changes: Mapping[str, str] | None = None, output: Path | None = None
    ) -> AsyncRunHandle:
        """Start a new run from a step of another one, with documents changed. The other run stays as it is.

        Args:
            run_id: the run to fork.
            step: number of the step after which the new run goes on, as ``history`` lists it.
            changes: new documents as JSON text by state key (``spec``, ``design``, ``report``).
            output: folder for the product; None for one in the new run's own folder.

        Raises:
            NotFoundError: there is no such run or step.
            InputError: a document cannot be used, or the output folder is not empty.
        """
        run = self._store.create(self._forked(run_id, step, changes, output))
        return self._begin(run, f"forked from {run.parent} after step {step}", parent=run.parent, step_number=step)

    async def replay(self, run_id: str) -> AsyncRunHandle:
        """Run a finished run again from its recorded calls, without a model; it must reach the same commit.

        Answers at gates are repeated from the record. The result is a new run; it fails with a ``ReplyError`` when it
        reaches another commit.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run has not delivered anything yet.
        """
        run = self._store.create(self._repeated(run_id))
        return self._begin(run, f"replays {run.parent}", parent=run.parent)

    async def ask(
        self, question: str, *, collections: Sequence[str] | None = None, thread: str | None = None
    ) -> Answer:
        """Answer a question from the store; ``library`` gives what happens meanwhile, too.

        Args:
            question: in English or Chinese.
            collections: where to look; None for those of the settings.
            thread: name of a conversation that it goes on with, and that is kept; None for a question of its own.

        Raises:
            NotFoundError: there is no such collection, or nothing is stored.
            InputError: the question is empty, or the thread's name cannot be used.
            BusyError: another process works on the thread.
        """
        return await self._answered(question, collections=collections, thread=thread)

    async def take(self, run_id: str) -> AsyncRunHandle:
        """Work on a run that was enqueued, or that a worker left behind; for ``Worker``.

        Raises:
            NotFoundError: there is no such run.
            BusyError: another process works on it.
        """
        return self._resumed(run_id, None, text="taken up")
