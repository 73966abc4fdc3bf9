"""What is asked of runs: written down before anything works on it, so that nothing asked is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from swfactory.config import Settings, load_settings
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import FINISHED, Event, EventKind, Gate, Run
from swfactory.errors import InputError
from swfactory.ports import Sandbox
from swfactory.runtime.archive import HOSTED, Archive
from swfactory.runtime.bundle import export_run
from swfactory.runtime.decision import Decision, check_document, checked_decision, not_waiting
from swfactory.runtime.experience import Experience
from swfactory.runtime.forking import copy_past, rewind
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.lock import RunLock
from swfactory.runtime.retrieval import wanted_collections
from swfactory.runtime.store import new_run_id
from swfactory.runtime.topology import graph_reference
from swfactory.runtime.wiring import ModelBuilder, Wiring

if TYPE_CHECKING:
    from swfactory.runtime.asking import Library

__all__ = ["Orders", "RunOptions"]

_LEARNING_SECONDS = 20.0

_OF_A_REPLAY = frozenset({"replays", "expect"})


class RunOptions(TypedDict, total=False):
    """What a new run may be told beside its requirement.

    Args:
        output: folder for the product, missing or empty; None for one in the run's own folder.
        graph: ``delivery`` or ``path.py:name``.
        gates: gates that wait for a person.
        model: model URL of every role without one of its own; None for the settings'.
        seed: seed of every sample; None for the settings'.
        budget: bounds; None for the settings'.
        collections: where the roles look things up; None for the settings', empty for nowhere.
        experience: whether it is offered what earlier runs have left, and leaves something itself; None for the
            settings'.
    """

    output: Path | None
    graph: str
    gates: Sequence[Gate]
    model: str | None
    seed: int | None
    budget: Budget | None
    collections: Sequence[str] | None
    experience: bool | None


class Orders(Archive):
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
        data_dir = settings.data_dir.expanduser().absolute()
        self._settings = settings
        self._build_model = build_model
        self._experience = Experience(settings, data_dir)
        self._wiring = Wiring(settings, data_dir, self._recorded, build_model=build_model, sandbox=sandbox)
        super().__init__(data_dir)

    @property
    def settings(self) -> Settings:
        """The settings that new runs begin with."""
        return self._settings

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
            if run.status == "waiting":
                names = ", ".join(gate.gate for gate in self.gates(run.id))
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
            self._note(identifier, "gate", f"{gate}: {answer.decision}", **found.answered(answer))
            run = self._store.get(identifier)
            rest = [item for item in pending if item.id != found.id]
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

    def delete(self, run_id: str, *, wait: bool = False) -> None:
        """Delete a run with its files; a product that was delivered elsewhere stays.

        Args:
            run_id: its id, or what stands for it.
            wait: whether to wait for a finished run that still leaves later ones what it has learnt; not for the event
                loop that runs it.

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
            self._experience.forget(identifier)
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

    def _recorded(self, run_id: str) -> list[Event]:
        return self._store.events(run_id)

    def _note(self, run_id: str, kind: EventKind, text: str, **data: object) -> None:
        """Record an event of a run that no session works on."""
        self._store.append_event(Event(run=run_id, kind=kind, text=text, data=data))

    def _new(self, requirement: Requirement | str, **options: Unpack[RunOptions]) -> Run:
        """The row of a new run, not yet written."""
        settings = self._settings
        seed, collections = options.get("seed"), options.get("collections")
        experience = options.get("experience")
        bounds = Budget(
            max_tokens=settings.max_tokens, max_seconds=settings.max_seconds, max_rounds=settings.max_rounds
        )
        return Run(
            id="",
            requirement=Requirement.parse(requirement) if isinstance(requirement, str) else requirement,
            model=options.get("model") or settings.model,
            graph=graph_reference(options.get("graph", "delivery")),
            seed=settings.seed if seed is None else seed,
            budget=options.get("budget") or bounds,
            gates=tuple(options.get("gates", ())),
            output=_free_output(options.get("output")),
            options={
                "epoch": int(time.time()),
                "sandbox": settings.sandbox,
                "allow_install": settings.allow_install,
                "collections": ",".join(wanted_collections(settings, collections)),
                "collections_asked": bool(collections),
                "experience": settings.experience if experience is None else experience,
                **{f"model.{role}": url for role, url in sorted(settings.role_models.items())},
            },
        )

    def _placed(self, run: Run) -> Run:
        """The row of a new run with its id and its folder, which is made; the row is not yet written."""
        identifier, folder = self._claimed()
        return run.model_copy(update={"id": identifier, "output": run.output or str(folder.product)})

    def _claimed(self) -> tuple[str, RunFolder]:
        """A new id, and its folder, which is made: whoever has made it has the id, in this process or another."""
        while True:
            identifier = new_run_id(time.time())
            folder = self._folder(identifier)
            if folder.claim():
                return identifier, folder

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

    def _forked(self, run_id: str, step: int, changes: Mapping[str, str] | None, output: Path | None) -> Run:
        """The row of a fork, not yet written, with a copy of its origin's past."""
        origin = self.run(run_id)
        documents = {key: check_document(key, text) for key, text in (changes or {}).items()}
        base = self._checkpoint(origin.id, step)
        run = origin.model_copy(
            update={
                "id": "",
                "parent": origin.id,
                "status": "created",
                "output": _free_output(output),
                "options": {k: v for k, v in origin.options.items() if k not in {*_OF_A_REPLAY, HOSTED}},
            }
        )
        return self._branch(origin, run, base.id, documents)

    def _repeated(self, run_id: str) -> Run:
        """The row of a replay, not yet written."""
        origin = self.run(run_id)
        delivered = self._last_delivery(origin.id)
        if delivered is None:
            raise InputError(
                f"run {origin.id!r} has not delivered anything to compare with", hint=f"swf resume {origin.id}"
            )
        own = {key: value for key, value in origin.options.items() if key != HOSTED}
        run = origin.model_copy(
            update={
                "id": "",
                "parent": origin.id,
                "status": "created",
                "output": "",
                "options": {**own, "replays": origin.id, "expect": str(delivered.data["commit"])},
            }
        )
        base = origin.options.get("base")
        return self._branch(origin, run, base, {}) if isinstance(base, str) else self._placed(run)

    def _branch(self, origin: Run, run: Run, checkpoint_id: str, documents: Mapping[str, str]) -> Run:
        """The row of a run with a copy of another one's past, and documents replaced in its state.

        It is written last: a fork that is killed half-way never was, instead of beginning from nothing when resumed.
        """
        identifier, folder = self._claimed()
        base = copy_past(self._folder(origin.id), folder, checkpoint_id, documents)
        options = {**run.options, "base": base}
        output = run.output or str(folder.product)
        return run.model_copy(update={"id": identifier, "output": output, "options": options})


def _hosted(run: Run) -> Run:
    return run.model_copy(update={"options": {**run.options, HOSTED: True}})


def _free_output(output: Path | None) -> str:
    """Return the absolute output folder as text; empty for None.

    Raises:
        InputError: it is a file or a folder with something in it.
    """
    if output is None:
        return ""
    target = output.expanduser().absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{str(target)!r} is not empty", hint="give --output a folder that is missing or empty")
    return str(target)
