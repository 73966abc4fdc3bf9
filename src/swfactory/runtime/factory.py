"""The composition root: everything a surface calls, and the only place that puts the parts together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.config import Settings
from swfactory.domain.budget import Budget
from swfactory.domain.delivery import Delivery
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import FINISHED, Event, Gate, Run
from swfactory.domain.spec import Spec
from swfactory.errors import FactoryError, InputError
from swfactory.ports import ObjectStore, Sandbox
from swfactory.runtime.archive import Archive
from swfactory.runtime.bundle import export_run
from swfactory.runtime.checkpoints import branch, copy_checkpoints, history
from swfactory.runtime.decision import Decision, PendingGate, check_document
from swfactory.runtime.experience import Experience, lessons
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.lock import RunLock
from swfactory.runtime.retrieval import wanted_collections
from swfactory.runtime.store import new_run_id
from swfactory.runtime.topology import graph_reference
from swfactory.runtime.wiring import ModelBuilder, Wiring
from swfactory.workspace.git import copy_repository

if TYPE_CHECKING:
    from swfactory.runtime.asking import Library
    from swfactory.runtime.handle import RunHandle

__all__ = ["Factory"]


class Factory(Archive):
    """Starts, resumes, forks, replays and keeps runs.

    Args:
        settings: the merged settings.
        build_model: makes chat models; None for those of ``swfactory.models``.
        sandbox: runs generated code; None for the one that the settings name.

    Raises:
        StoreError: the data folder or the runs database cannot be used.
    """

    def __init__(
        self, settings: Settings, *, build_model: ModelBuilder | None = None, sandbox: Sandbox | None = None
    ) -> None:
        data_dir = settings.data_dir.expanduser().absolute()
        self._settings = settings
        self._build_model = build_model
        self._experience = Experience(settings, data_dir)
        self._wiring = Wiring(settings, data_dir, self._recorded, build_model=build_model, sandbox=sandbox)
        super().__init__(data_dir)

    async def start(
        self,
        requirement: Requirement,
        *,
        output: Path | None = None,
        graph: str = "delivery",
        gates: Sequence[Gate] = (),
        seed: int | None = None,
        budget: Budget | None = None,
        collections: Sequence[str] | None = None,
        experience: bool | None = None,
    ) -> RunHandle:
        """Start a new run.

        Args:
            requirement: what is wanted.
            output: folder for the product, missing or empty; None for one in the run's own folder.
            graph: ``delivery`` or ``path.py:name``.
            gates: gates that wait for a person.
            seed: seed of every sample; None for the settings'.
            budget: bounds; None for the settings'.
            collections: where the roles look things up; None for the settings', empty for nowhere.
            experience: whether it is offered what earlier runs have left, and leaves something itself; None for the
                settings'.

        Raises:
            InputError: the output folder is not empty, or the graph does not exist.
            NotFoundError: there is no such collection.
            StoreError: the run cannot be written.
        """
        settings = self._settings
        reference = graph_reference(graph)
        run = Run(
            id="",
            requirement=requirement,
            model=settings.model,
            graph=reference,
            seed=settings.seed if seed is None else seed,
            budget=budget
            or Budget(max_tokens=settings.max_tokens, max_seconds=settings.max_seconds, max_rounds=settings.max_rounds),
            gates=tuple(gates),
            output=_free_output(output),
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
        return self._begin(self._create(run), f"started with {run.model}")

    async def resume(self, run_id: str, *, budget: Budget | None = None) -> RunHandle:
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
        run = self.run(run_id)
        folder = self._folder(run.id)
        folder.require()
        lock = RunLock(folder.lock, run.id).acquire()
        try:
            run = self._store.get(run.id)
            if run.status in FINISHED:
                self._rewind(run, folder, budget)
            if budget is not None:
                run = self._store.update(run.model_copy(update={"budget": budget}))
            if run.status == "waiting":
                lock.release()
                return self._handle(run, folder, lock, gates=self.gates(run.id))
        except BaseException:
            lock.release()
            raise
        return self._begin(run, "resumed", lock=lock)

    async def fork(
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
        origin = self.run(run_id)
        documents = {key: check_document(key, text) for key, text in (changes or {}).items()}
        base = self._checkpoint(origin.id, step)
        run = origin.model_copy(
            update={
                "id": "",
                "parent": origin.id,
                "status": "created",
                "output": _free_output(output),
                "options": {k: v for k, v in origin.options.items() if k not in {"replays", "expect"}},
            }
        )
        run = self._branch(origin, run, base.id, documents)
        return self._begin(run, f"forked from {origin.id} after step {step}", parent=origin.id, step_number=step)

    async def replay(self, run_id: str) -> RunHandle:
        """Run a finished run again from its recorded calls, without a model; it must reach the same commit.

        Answers at gates are repeated from the record. The result is a new run; it fails with a ``ReplyError`` when it
        reaches another commit.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run has not delivered anything yet.
        """
        origin = self.run(run_id)
        delivered = self._last_delivery(origin.id)
        if delivered is None:
            raise InputError(
                f"run {origin.id!r} has not delivered anything to compare with", hint=f"swf resume {origin.id}"
            )
        run = origin.model_copy(
            update={
                "id": "",
                "parent": origin.id,
                "status": "created",
                "output": "",
                "options": {**origin.options, "replays": origin.id, "expect": str(delivered.data["commit"])},
            }
        )
        base = origin.options.get("base")
        run = self._branch(origin, run, base, {}) if isinstance(base, str) else self._create(run)
        return self._begin(run, f"replays {origin.id}", parent=origin.id)

    def library(self, collections: Sequence[str] | None = None) -> Library:
        """Return what answers questions from the store; the caller closes it.

        Args:
            collections: where to look; None for those of the settings.

        Raises:
            NotFoundError: there is no such collection, or nothing is stored.
        """
        from swfactory.runtime.asking import Library

        return Library(self._settings, collections=collections, build_model=self._build_model)

    def delete(self, run_id: str) -> None:
        """Delete a run with its files; a product that was delivered elsewhere stays.

        Raises:
            NotFoundError: there is no such run.
            BusyError: a process works on it.
        """
        identifier = self._store.resolve(run_id)
        folder = self._folder(identifier)
        lock = RunLock(folder.lock, identifier)
        if folder.root.is_dir():
            lock.acquire()
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

    def _create(self, run: Run) -> Run:
        """Write the row of a new run and make its folder."""
        created = self._store.create(run)
        folder = self._folder(created.id)
        folder.create()
        return (
            created
            if created.output
            else self._store.update(created.model_copy(update={"output": str(folder.product)}))
        )

    def _branch(self, origin: Run, run: Run, checkpoint_id: str, documents: Mapping[str, str]) -> Run:
        """Create a run with a copy of another one's past, and documents replaced in its state.

        The row comes last: a fork that is killed half-way never was, instead of beginning from nothing when resumed.
        """
        source = self._folder(origin.id)
        source.require()
        identifier = new_run_id(time.time())
        folder = self._folder(identifier)
        folder.create()
        try:
            objects = self._objects(identifier)
            objects.adopt(self._objects(origin.id))
            copy_repository(source.workspace, folder.workspace)
            copy_checkpoints(source.checkpoints, folder.checkpoints, checkpoint_id)
            replaced = _credited(documents, folder, checkpoint_id, objects)
            digests = {key: objects.put(text) for key, text in replaced.items()}
            base = branch(folder.checkpoints, checkpoint_id, digests)
        except FactoryError:
            folder.remove()
            raise
        options = {**run.options, "base": base}
        output = run.output or str(folder.product)
        return self._store.create(run.model_copy(update={"id": identifier, "output": output, "options": options}))

    def _rewind(self, run: Run, folder: RunFolder, budget: Budget | None) -> None:
        """Take a run whose budget was spent back to where it was not yet."""
        steps = history(folder.checkpoints)
        spent = steps[-1].values.get("exhausted") if steps else None
        if run.status == "delivered" or not spent:
            raise InputError(
                f"run {run.id!r} is finished ({run.status})", hint=f"swf fork {run.id} --at STEP, or swf show {run.id}"
            )
        if budget is None or budget == run.budget:
            raise InputError(
                f"run {run.id!r} has spent its {spent}", hint=f"swf resume {run.id} with --max-tokens, --max-time, ..."
            )
        base = str(run.options.get("base") or "")
        fresh = [item for item in steps if not item.values.get("exhausted") and item.id >= base]
        if not fresh:
            raise InputError(f"run {run.id!r} had spent its {spent} from the start", hint=f"swf fork {run.id} --at 0")
        branch(folder.checkpoints, fresh[-1].id, {})

    def _begin(self, run: Run, text: str, *, lock: RunLock | None = None, **data: object) -> RunHandle:
        folder = self._folder(run.id)
        held = lock or RunLock(folder.lock, run.id).acquire()
        handle = self._handle(run, folder, held)
        handle.note(text, **data)
        handle.begin()
        return handle

    def _handle(self, run: Run, folder: RunFolder, lock: RunLock, *, gates: tuple[PendingGate, ...] = ()) -> RunHandle:
        from swfactory.runtime.handle import RunHandle

        return RunHandle(
            run,
            store=self._store,
            folder=folder,
            context=self._wiring.context,
            lock=lock,
            gates=gates,
            script=self._script(run),
            learn=self._learn,
        )

    def _learn(self, run: Run, delivery: Delivery | None, tree: Mapping[str, str]) -> str:
        """Keep what a delivered run has taught, unless it is a replay or was told not to."""
        if delivery is None or not run.options.get("experience") or run.options.get("replays"):
            return ""
        return self._experience.keep(run, lessons(run, delivery, tree, self._store.events(run.id)))

    def _script(self, run: Run) -> list[tuple[str, Decision]]:
        """The answers that a replay has still to give."""
        origin = run.options.get("replays")
        if not isinstance(origin, str):
            return []
        answers = [self._answers(identifier) for identifier in (origin, run.id)]
        return answers[0][len(answers[1]) :]

    def _answers(self, run_id: str) -> list[tuple[str, Decision]]:
        given = [e.data for e in self._store.events(run_id) if e.kind == "gate" and e.data.get("answered")]
        fields = tuple(Decision.model_fields)
        return [(str(data["gate"]), Decision.model_validate({key: data[key] for key in fields})) for data in given]


def _credited(
    documents: Mapping[str, str], folder: RunFolder, checkpoint_id: str, objects: ObjectStore
) -> Mapping[str, str]:
    """The documents of a fork, with what a person has added to the specification marked as such."""
    base = next((item for item in history(folder.checkpoints) if item.id == checkpoint_id), None)
    before = base.values.get("spec") if base else None
    if "spec" not in documents or not before:
        return documents
    edition = Spec.model_validate_json(documents["spec"]).edited(Spec.model_validate_json(objects.get(str(before))))
    return {**documents, "spec": edition.model_dump_json()}


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
