"""Runs that are to be: the rows of new ones, of forks and of replays, before anything is written down."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict, Unpack

from swfactory.config import Settings
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Gate, Run
from swfactory.errors import InputError, LimitError
from swfactory.runtime.archive import HOSTED, Archive
from swfactory.runtime.decision import check_document
from swfactory.runtime.forking import copy_past
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.retrieval import collections_of, wanted_collections
from swfactory.runtime.store import new_run_id
from swfactory.runtime.topology import graph_reference

__all__ = ["Drafts", "RunOptions"]

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
        like: a run whose models of roles, collections and experience hold where nothing else is said, instead of the
            settings'. Leave to install stays theirs: who refines a run need not be who gave it.
    """

    output: Path | None
    graph: str
    gates: Sequence[Gate]
    model: str | None
    seed: int | None
    budget: Budget | None
    collections: Sequence[str] | None
    experience: bool | None
    like: Run | None


class Drafts(Archive):
    """The runs of a data folder, and those that may come to them.

    The row of a run is returned, not written: whoever asked for it writes it last, so that a run is there as a whole or
    not at all.

    Args:
        data_dir: the data folder; absolute.
        settings: what a new run begins with where it is told nothing else.

    Raises:
        StoreError: the runs database cannot be used.
    """

    def __init__(self, data_dir: Path, settings: Settings) -> None:
        super().__init__(data_dir)
        self._settings = settings

    @property
    def settings(self) -> Settings:
        """The settings that new runs begin with."""
        return self._settings

    def _new(self, requirement: Requirement | str, **options: Unpack[RunOptions]) -> Run:
        """The row of a new run, not yet written."""
        settings, seed = self._settings, options.get("seed")
        return Run(
            id="",
            requirement=Requirement.parse(requirement) if isinstance(requirement, str) else requirement,
            model=options.get("model") or settings.model,
            graph=graph_reference(options.get("graph", "delivery")),
            seed=settings.seed if seed is None else seed,
            budget=options.get("budget") or Budget.of(settings),
            gates=tuple(options.get("gates", ())),
            output=_free_output(options.get("output")),
            options={"epoch": int(time.time()), "sandbox": settings.sandbox, **self._means(options)},
        )

    def _means(self, told: RunOptions) -> dict[str, str | int | float | bool | None]:
        """What a new run may use: as it is told, else as the run that it is like, else as the settings say."""
        settings, like = self._settings, told.get("like")
        held: Mapping[str, str | int | float | bool | None] = (
            {
                "experience": settings.experience,
                **{f"model.{role}": url for role, url in sorted(settings.role_models.items())},
            }
            if like is None
            else like.options
        )
        collections, experience = told.get("collections"), told.get("experience")
        names = collections if collections is not None or like is None else collections_of(like)
        return {
            "allow_install": settings.allow_install,
            "collections": ",".join(wanted_collections(settings, names)),
            "collections_asked": bool(held.get("collections_asked") if collections is None else collections),
            "experience": held.get("experience") if experience is None else experience,
            **{key: url for key, url in held.items() if key.startswith("model.")},
        }

    def check_room(self) -> None:
        """Let another run be enqueued only while fewer wait for a worker than the settings allow.

        Raises:
            LimitError: there is no room for it.
        """
        bound = self._settings.serve_max_queued
        if self.counts()["queued"] >= bound:
            raise LimitError(
                f"{bound} runs wait for a worker, and there is no room for another", hint="swf runs --status queued"
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


def _free_output(output: Path | None) -> str:
    """Return the absolute output folder as text; empty for None.

    Raises:
        InputError: it is a file or a folder with something in it.
    """
    if output is None:
        return ""
    target = output.expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{str(target)!r} is not empty", hint="give --output a folder that is missing or empty")
    return str(target)
