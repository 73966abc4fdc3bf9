"""What runs there are, and what became of them: the reading side of a data folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, get_args

from swfactory.domain.delivery import Delivery
from swfactory.domain.run import Event, Run, RunStatus
from swfactory.errors import NotFoundError
from swfactory.locks import lock_holder
from swfactory.runtime.checkpoints import Checkpoint, history
from swfactory.runtime.decision import PendingGate
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.store import RunStore
from swfactory.runtime.wiring import open_workspace
from swfactory.workspace.git import GitWorkspace
from swfactory.workspace.objects import FileObjectStore

__all__ = ["HOSTED", "Archive"]

HOSTED = "hosted"
"""Option of a run that is a worker's: when its process dies, the next worker goes on with it."""

_LEFT_BEHIND: frozenset[RunStatus] = frozenset({"created", "running"})
"""Where the row of a run stands whose process was killed; only its free lock tells it from a live one."""


class Archive:
    """The runs of a data folder.

    Every method that takes a ``run_id`` takes what a person types: a whole id, the unique beginning of one or of its
    last part, or ``last``.

    Args:
        data_dir: the data folder; absolute.

    Raises:
        StoreError: the runs database cannot be used.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._store = RunStore(data_dir / "factory.db")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the runs database."""
        self._store.close()

    def runs(
        self, *, status: RunStatus | None = None, parent: str | None = None, limit: int = 50, before: str | None = None
    ) -> list[Run]:
        """Return runs, newest first.

        Args:
            status: only runs that stand there.
            parent: only forks and replays of this run.
            limit: at most so many.
            before: only runs older than this id, for the next page.
        """
        wanted = None if status in {"queued", "running", "interrupted"} else status
        origin = None if parent is None else self._store.resolve(parent)
        found: list[Run] = []
        while len(found) < limit:
            page = self._store.runs(status=wanted, parent=origin, limit=limit, before=before)
            found += [run for run in map(self._alive, page) if status in {None, run.status}]
            if len(page) < limit:
                break
            before = page[-1].id
        return found[:limit]

    def counts(self) -> dict[RunStatus, int]:
        """Return how many runs stand where; what nobody has stands at 0."""
        counts = dict.fromkeys(get_args(RunStatus), 0) | self._store.counts()
        for status in _LEFT_BEHIND:  # only the lock of each tells where it stands
            counts[status] = 0
            for run in self._store.runs(status=status, limit=-1):
                counts[self._alive(run).status] += 1
        return counts

    def queue(self) -> list[Run]:
        """Return the runs that wait for a worker, in the order in which they are to be taken up."""
        rows = [
            run for status in ("queued", *sorted(_LEFT_BEHIND)) for run in self._store.runs(status=status, limit=-1)
        ]
        return sorted((run for run in map(self._alive, rows) if run.status == "queued"), key=lambda run: run.updated)

    def run(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            NotFoundError: there is no such run.
            InputError: the name could be several runs.
        """
        return self._alive(self._store.get(self._store.resolve(run_id)))

    def events(self, run_id: str, *, after: int = 0, limit: int | None = None) -> list[Event]:
        """Return the events of a run in order; poll with the last ``seq`` to follow one.

        Args:
            run_id: the run.
            after: only events with a higher ``seq``.
            limit: at most so many; None for all.

        Raises:
            NotFoundError: there is no such run.
        """
        return self._store.events(self._store.resolve(run_id), after=after, limit=limit)

    def gates(self, run_id: str) -> tuple[PendingGate, ...]:
        """Return the gates that a run waits at.

        Raises:
            NotFoundError: there is no such run.
        """
        run = self.run(run_id)
        if run.status != "waiting":
            return ()
        pending: dict[str, PendingGate] = {}
        for event in self._store.events(run.id):
            if event.kind == "gate":
                name = str(event.data["gate"])
                pending.pop(name, None)
                if not event.data.get("answered"):
                    pending[name] = PendingGate(
                        gate=name, id=str(event.data["id"]), document=str(event.data.get("document", ""))
                    )
        return tuple(pending.values())

    def history(self, run_id: str) -> list[Checkpoint]:
        """Return the steps of a run, oldest first: what ``fork`` and ``diff`` take.

        Raises:
            NotFoundError: there is no such run, or its files are gone.
        """
        folder = self._folder(self._store.resolve(run_id))
        folder.require()
        return history(folder.checkpoints)

    def document(self, run_id: str, key: str, *, step: int | None = None) -> str:
        """Return a document of a run's state.

        Args:
            run_id: the run.
            key: state key that holds a digest: ``spec``, ``design``, ``report``, ``delivery``.
            step: after which step; None for the newest.

        Raises:
            NotFoundError: there is no such run, step or document.
        """
        run = self.run(run_id)
        steps = self.history(run.id)
        if step is not None:
            steps = [self._checkpoint(run.id, step)]
        digest = steps[-1].values.get(key) if steps else None
        if not isinstance(digest, str) or not digest:
            raise NotFoundError(f"run {run.id!r} has no {key!r} at that point", hint=f"swf show {run.id}")
        return self._objects(run.id).get(digest)

    def delivery(self, run_id: str) -> Delivery | None:
        """Return what a run handed over, or None when it has not, or its graph keeps no such facts.

        Raises:
            NotFoundError: there is no such run.
        """
        run = self.run(run_id)
        delivered = self._last_delivery(run.id)
        digest = delivered.data.get("delivery") if delivered else None
        return Delivery.model_validate_json(self._objects(run.id).get(str(digest))) if digest else None

    def files(self, run_id: str, *, step: int | None = None) -> Mapping[str, str]:
        """Return the files of a product as text by path, which is relative and has forward slashes.

        Args:
            run_id: the run.
            step: after which step; None for the newest.

        Raises:
            NotFoundError: there is no such run or step.
        """
        run = self.run(run_id)
        commit = self._commit(run.id, step)
        return self._workspace(run).tree(commit) if commit else {}

    def product(self, run_id: str, *, step: int | None = None) -> bytes:
        """Return the files of a product as a zip file, below a folder named like the run.

        Args:
            run_id: the run.
            step: after which step; None for the newest.

        Raises:
            NotFoundError: there is no such run or step, or it has no files yet.
        """
        run = self.run(run_id)
        commit = self._commit(run.id, step)
        if not commit:
            raise NotFoundError(f"run {run.id!r} has no files at that point", hint=f"swf show {run.id}")
        return self._workspace(run).zipped(commit, prefix=run.id)

    def diff(self, run_id: str, step: int | None = None) -> str:
        """Return the unified diff of a step, or of the whole product against nothing.

        Raises:
            NotFoundError: there is no such run or step.
        """
        run = self.run(run_id)
        steps = self.history(run.id)
        if step is None:
            commits = [item.commit for item in steps if item.commit]
            return self._workspace(run).diff(None, commits[-1]) if commits else ""
        self._checkpoint(run.id, step)
        after = next(item.commit for item in steps if item.step == step)
        before = next((item.commit for item in reversed(steps) if item.step < step), "")
        return self._workspace(run).diff(before or None, after) if after and after != before else ""

    def _folder(self, run_id: str) -> RunFolder:
        return RunFolder.of(self._data_dir, run_id)

    def _objects(self, run_id: str) -> FileObjectStore:
        return FileObjectStore(self._folder(run_id).objects)

    def _workspace(self, run: Run) -> GitWorkspace:
        return open_workspace(self._folder(run.id), run)

    def _alive(self, run: Run) -> Run:
        if run.status in _LEFT_BEHIND and lock_holder(self._folder(run.id).lock) is None:
            return run.model_copy(update={"status": "queued" if run.options.get(HOSTED) else "interrupted"})
        return run

    def _checkpoint(self, run_id: str, step: int) -> Checkpoint:
        steps = self.history(run_id)
        found = next((item for item in steps if item.step == step), None)
        if found is None:
            known = f"{steps[0].step} to {steps[-1].step}" if steps else "none yet"
            raise NotFoundError(f"run {run_id!r} has no step {step} (it has {known})", hint=f"swf show {run_id}")
        return found

    def _commit(self, run_id: str, step: int | None) -> str:
        """The commit after a step, or the newest; empty when there is none yet."""
        steps = self.history(run_id) if step is None else [self._checkpoint(run_id, step)]
        return next((item.commit for item in reversed(steps) if item.commit), "")

    def _last_delivery(self, run_id: str) -> Event | None:
        events = self._store.events(run_id)
        return next((e for e in reversed(events) if e.kind == "delivery" and "output" in e.data), None)
