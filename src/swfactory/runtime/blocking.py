"""The factory of programs without an event loop: runs go on in a thread, the caller waits where it wants to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from swfactory.config import Settings
from swfactory.domain.answer import Answer
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run
from swfactory.ports import Sandbox
from swfactory.runtime.archive import Archive
from swfactory.runtime.decision import Choice, Decision, PendingGate
from swfactory.runtime.drafts import RunOptions
from swfactory.runtime.sessions import Sessions
from swfactory.runtime.wiring import ModelBuilder

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["EventStream", "Factory", "RunHandle"]


class EventStream:
    """The events of a session, for ``for`` and for ``async for`` alike.

    Args:
        portal: into the event loop of the factory.
        handle: the run in that loop.
    """

    def __init__(self, portal: BlockingPortal, handle: AsyncRunHandle) -> None:
        self._portal = portal
        self._handle = handle

    def __iter__(self) -> Iterator[Event]:
        events = self._handle.events()
        while (event := self._portal.call(_next, events)) is not None:
            yield event

    async def __aiter__(self) -> AsyncIterator[Event]:
        events = self._handle.events()
        while (event := await asyncio.wrap_future(self._portal.start_task_soon(_next, events))) is not None:
            yield event


async def _next(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)


class RunHandle:
    """A run that this program works on; made by ``Factory``.

    A session begins when the handle is made (unless the run waits at a gate) and with every ``answer``. It ends when
    the run is delivered, fails, is stopped or reaches a gate.

    Args:
        portal: into the event loop of the factory.
        handle: the run in that loop.
        archive: the factory.
    """

    def __init__(self, portal: BlockingPortal, handle: AsyncRunHandle, archive: Archive) -> None:
        self._portal = portal
        self._handle = handle
        self._archive = archive

    @property
    def archive(self) -> Archive:
        """The runs that this one is among: its events, steps and files are found there."""
        return self._archive

    @property
    def run(self) -> Run:
        """The row of the run as it stands."""
        return self._handle.run

    @property
    def gates(self) -> tuple[PendingGate, ...]:
        """The gates that the run waits at."""
        return self._handle.gates

    def events(self) -> EventStream:
        """Return the events of the current session, from its beginning to its end.

        Events of kind ``token`` are live only and have ``seq`` 0. Leaving the loop early does not stop the run.
        """
        return EventStream(self._portal, self._handle)

    def result(self) -> Run:
        """Wait for the end of the session and return the run as it then stands.

        Raises:
            FactoryError: the run failed; it can be resumed once the cause is mended.
        """
        return self._portal.call(self._handle.result)

    def answer(self, gate: str, decision: Decision | Choice, *, comment: str = "", document: str = "") -> None:
        """Answer a gate and go on.

        Args:
            gate: name of the gate.
            decision: approve, reject with a comment, or an edited document; a ``Decision`` holds all three.
            comment: why; a rejection's comment goes back to the role.
            document: the edited document as JSON text; for ``edit`` only.

        Raises:
            InputError: the run does not wait at that gate, or the answer cannot be used.
            BusyError: another process works on the run.
        """

        async def answer() -> None:
            await self._handle.answer(gate, decision, comment=comment, document=document)

        self._portal.call(answer)

    def stop(self) -> None:
        """Ask the run to stop where it can go on; ``result`` waits until it has."""
        self._portal.call(self._handle.stop)


class Factory(Sessions):
    """Starts, resumes, forks, replays and keeps runs; ``AsyncFactory`` does so in an event loop.

    ```python
    with Factory() as factory:
        run = factory.start("`python main.py NAME` prints `hello NAME`.")
        for event in run.events():
            print(event.text)
        print(run.result().output)
    ```

    Runs go on in a thread while the program does something else. Leaving the ``with`` block stops those that are at
    work; they can be resumed.

    Args:
        settings: the merged settings; None for those of the settings file and the environment.
        build_model: makes chat models; None for those of ``swfactory.models``.
        sandbox: runs generated code; None for the one that the settings name.

    Raises:
        ConfigError: the settings cannot be used.
        StoreError: the data folder or the runs database cannot be used.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        build_model: ModelBuilder | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        super().__init__(settings, build_model=build_model, sandbox=sandbox)
        self._thread = ExitStack()
        self._portal: BlockingPortal | None = None
        self._handles: list[AsyncRunHandle] = []

    def start(self, requirement: Requirement | str, **options: Unpack[RunOptions]) -> RunHandle:
        """Start a new run; it works while the program goes on.

        Args:
            requirement: what is wanted.
            options: see ``RunOptions``.

        Raises:
            InputError: the output folder is not empty, or the graph does not exist.
            NotFoundError: there is no such collection.
            StoreError: the run cannot be written.
        """
        run = self._store.create(self._placed(self._new(requirement, **options)))
        return self._opened(lambda: self._begin(run, f"started with {run.model}"))

    def resume(self, run_id: str, *, budget: Budget | None = None) -> RunHandle:
        """Go on with a run that was interrupted, killed, failed, waits at a gate, or has spent its budget.

        A run that waits at a gate is not set going: answer it with ``RunHandle.answer``.

        Args:
            run_id: the run.
            budget: new bounds of the whole run, what is spent included; None leaves them.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run is finished, or its budget is spent and the new one is no larger.
            BusyError: another process works on it.
        """
        return self._opened(lambda: self._resumed(run_id, budget))

    def fork(
        self, run_id: str, *, step: int, changes: Mapping[str, str] | None = None, output: Path | None = None
    ) -> RunHandle:
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
        text = f"forked from {run.parent} after step {step}"
        return self._opened(lambda: self._begin(run, text, parent=run.parent, step_number=step))

    def replay(self, run_id: str) -> RunHandle:
        """Run a finished run again from its recorded calls, without a model; it must reach the same commit.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run has not delivered anything yet.
        """
        run = self._store.create(self._repeated(run_id))
        return self._opened(lambda: self._begin(run, f"replays {run.parent}", parent=run.parent))

    def ask(self, question: str, *, collections: Sequence[str] | None = None, thread: str | None = None) -> Answer:
        """Answer a question from the store.

        Args:
            question: in English or Chinese.
            collections: where to look; None for those of the settings.
            thread: name of a conversation that it goes on with, and that is kept; None for a question of its own.

        Raises:
            NotFoundError: there is no such collection, or nothing is stored.
            InputError: the question is empty, or the thread's name cannot be used.
            BusyError: another process works on the thread.
        """

        async def ask() -> Answer:
            return await self._answered(question, collections=collections, thread=thread)

        return self._loop().call(ask)

    def close(self) -> None:
        """Stop the runs that are at work, and close the runs database and what the runs have opened."""
        if self._portal is not None:
            self._portal.call(_stop_all, self._handles)
        self._thread.close()
        self._portal = None
        super().close()

    def _loop(self) -> BlockingPortal:
        if self._portal is None:
            from anyio.from_thread import start_blocking_portal

            self._portal = self._thread.enter_context(start_blocking_portal(name="factory"))
        return self._portal

    def _opened(self, begin: Callable[[], AsyncRunHandle]) -> RunHandle:
        portal = self._loop()
        handle = portal.call(begin)
        self._handles.append(handle)
        return RunHandle(portal, handle, self)


async def _stop_all(handles: Sequence[AsyncRunHandle]) -> None:
    for handle in handles:
        handle.stop()
    await asyncio.gather(*(handle.result() for handle in handles), return_exceptions=True)
