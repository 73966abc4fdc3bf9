"""What is asked of runs: written down before anything works on it, so that nothing asked is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from swfactory.config import Settings, load_settings
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import FINISHED, Event, EventKind, Run
from swfactory.errors import InputError
from swfactory.ports import Sandbox
from swfactory.runtime.archive import HOSTED
from swfactory.runtime.bundle import export_run
from swfactory.runtime.decision import Decision, checked_decision, not_waiting
from swfactory.runtime.drafts import Drafts, RunOptions
from swfactory.runtime.experience import Experience
from swfactory.runtime.forking import rewind
from swfactory.runtime.lock import RunLock
from swfactory.runtime.wiring import ModelBuilder, Wiring

if TYPE_CHECKING:
    from swfactory.runtime.asking import Library

__all__ = ["Orders"]

_LEARNING_SECONDS = 20.0


class Orders(Drafts):
    """The runs of a data folder, and what they are to do next.

    The methods that begin with ``enqueue`` leave the work to a ``Worker``, in this process or in another one.

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
        settings = settings or load_settings()
        data_dir = settings.data_dir
        self._build_model = build_model
        self._experience = Experience(settings, data_dir)
        self._wiring = Wiring(settings, data_dir, self._events, build_model=build_model, sandbox=sandbox)
        super().__init__(data_dir, settings)

    def enqueue(self, requirement: Requirement | str, **options: Unpack[RunOptions]) -> Run:
        """Write a new run down for a worker.

        Args:
            requirement: what is wanted.
            options: see ``RunOptions``.

        Raises:
            InputError: the output folder is not empty, or the graph does not exist.
            NotFoundError: there is no such collection.
            StoreError: the run cannot be written.
        """
        run = self._placed(self._new(requirement, **options))
        return self._submitted(run, f"accepted, with {run.model}")

    def enqueue_resume(self, run_id: str, *, budget: Budget | None = None) -> Run:
        """Let a worker go on with a run; the arguments are those of ``resume``.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run is finished, waits at a gate, or its budget is spent and the new one is no larger.
            BusyError: a process works on it.
        """
        with self._prepared(run_id, budget) as (run, _):
            if run.status == "waiting" and (gates := self.gates(run.id)):
                names = ", ".join(gate.gate for gate in gates)
                raise InputError(f"run {run.id!r} waits at the gate {names}", hint="answer the gate")
            return self._enqueued(_hosted(run), "to be resumed")

    def enqueue_fork(
        self, run_id: str, *, step: int, changes: Mapping[str, str] | None = None, output: Path | None = None
    ) -> Run:
        """Write a fork down for a worker; the arguments are those of ``fork``."""
        run = self._forked(run_id, step, changes, output)
        return self._submitted(run, f"forked from {run.parent} after step {step}", parent=run.parent, step_number=step)

    def enqueue_answer(self, run_id: str, gate: str, decision: Decision) -> Run:
        """Record the answer to a gate, and let a worker go on with the run.

        Args:
            run_id: the run.
            gate: name of the gate.
            decision: approve, reject with a comment, or an edited document.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run does not wait at that gate, or the edited document cannot be used.
            BusyError: a process works on the run.
        """
        identifier = self._store.resolve(run_id)
        with self._locked(identifier):
            pending = self.gates(identifier)
            found = next((item for item in pending if item.gate == gate), None)
            if found is None:
                raise not_waiting(identifier, gate, pending)
            answer = checked_decision(gate, decision)
            rest = [item for item in pending if item.id != found.id]
            with self._store.transaction():
                self._note(identifier, "gate", f"{gate}: {answer.decision}", **found.answered(answer))
                run = self._store.get(identifier)
                return run if rest else self._store.update(_hosted(run).model_copy(update={"status": "queued"}))

    def once(self, key: str, content: str, order: Callable[[], str]) -> tuple[str, bool]:
        """Carry out an order, unless one of the same key was: then return what was answered to that.

        An order that fails is not kept: it can be given again with the same key.

        Args:
            key: what tells the order from others.
            content: what it says; a digest.
            order: enqueues something, in this thread, and returns the answer.

        Returns:
            The answer, and whether it is an old one.

        Raises:
            InputError: the key was used for an order of another content.
        """
        return self._store.once(key, content, order)

    def stop(self, run_id: str) -> Run:
        """Ask whoever works on a run to stop it where it can go on; one that is still queued is taken back at once.

        The worker looks for the request twice a second; follow the run's events to see it stop.

        Raises:
            NotFoundError: there is no such run.
            InputError: it is not to be worked on.
            BusyError: a worker is just taking it up.
        """
        run = self.run(run_id)
        folder = self._folder(run.id)
        if run.status not in {"queued", "created", "running"}:
            raise InputError(f"run {run.id!r} is not at work ({run.status})", hint=f"swf show {run.id}")
        if run.status == "queued":
            with self._locked(run.id):
                text = f"interrupted; go on with: swf resume {run.id}"
                self._note(run.id, "run", text, status="interrupted", hint=f"swf resume {run.id}")
                return self._store.update(self._store.get(run.id).model_copy(update={"status": "interrupted"}))
        folder.request_stop()
        return run

    def library(self, collections: Sequence[str] | None = None) -> Library:
        """Return what answers questions from the store; the caller closes it.

        Args:
            collections: where to look; None for those of the settings.

        Raises:
            NotFoundError: there is no such collection, or nothing is stored.
        """
        from swfactory.runtime.asking import Library

        return Library(self._settings, collections=collections, build_model=self._build_model)

    def delete(self, run_id: str, *, wait: bool = False) -> str:
        """Delete a run with its files; a product that was delivered elsewhere stays.

        Args:
            run_id: its id, or what stands for it.
            wait: whether to wait for a finished run that still leaves later ones what it has learnt; not for the event
                loop that runs it.

        Returns:
            What is still left of it, in a sentence; empty for nothing.

        Raises:
            NotFoundError: there is no such run.
            BusyError: a process works on it.
        """
        identifier = self._store.resolve(run_id)
        folder = self._folder(identifier)
        lock = RunLock(folder.lock, identifier)
        if folder.root.is_dir():
            finished = self.run(identifier).status in FINISHED
            lock.acquire(_LEARNING_SECONDS if wait and finished else 0.0)
        try:
            folder.remove()
            self._store.delete(identifier)
            return self._experience.forget(identifier)
        finally:
            lock.release()

    def export(self, run_id: str, target: Path) -> Path:
        """Write a run as one zip file that shows and replays it elsewhere; see ``swfactory.runtime.bundle``.

        Raises:
            NotFoundError: there is no such run.
            InputError: the file exists.
            StoreError: it cannot be written.
        """
        run = self.run(run_id)
        commits = [item.commit for item in self.history(run.id) if item.commit]
        return export_run(
            run,
            self._store.events(run.id),
            self._objects(run.id),
            self._workspace(run),
            commits[-1] if commits else None,
            target.expanduser().absolute(),
        )

    def close(self) -> None:
        """Close the runs database and what the runs have opened."""
        self._wiring.close()
        super().close()

    def _events(self, run_id: str) -> list[Event]:
        return self._store.events(run_id)

    def _note(self, run_id: str, kind: EventKind, text: str, **data: object) -> None:
        """Record an event of a run that no session works on."""
        self._store.append_event(Event(run=run_id, kind=kind, text=text, data=data))

    def _submitted(self, run: Run, text: str, **data: object) -> Run:
        """Write a new run down for a worker: whole, or it would be taken for one that was left behind half-way."""
        with self._store.transaction():
            return self._enqueued(self._store.create(_hosted(run)), text, **data)

    def _enqueued(self, run: Run, text: str, **data: object) -> Run:
        self._note(run.id, "run", text, status="queued", **data)
        return self._store.update(run.model_copy(update={"status": "queued"}))

    @contextmanager
    def _locked(self, run_id: str) -> Iterator[RunLock]:
        folder = self._folder(run_id)
        folder.require()
        with RunLock(folder.lock, run_id) as lock:
            yield lock

    @contextmanager
    def _prepared(self, run_id: str, budget: Budget | None) -> Iterator[tuple[Run, RunLock]]:
        """Lock a run that is to go on, with its new bounds; whoever keeps the lock takes it out of the pair."""
        identifier = self._store.resolve(run_id)
        with self._locked(identifier) as lock:
            run = self._store.get(identifier)
            self._folder(run.id).withdraw_stop()  # from here on, one that comes is meant for the session that begins
            if run.status in FINISHED:
                rewind(run, self._folder(run.id), budget)
            if budget is not None:
                run = self._store.update(run.model_copy(update={"budget": budget}))
            yield run, lock


def _hosted(run: Run) -> Run:
    return run.model_copy(update={"options": {**run.options, HOSTED: True}})
