"""A run's past, copied or rewound, so that another future can follow."""

from __future__ import annotations

from collections.abc import Mapping

from swfactory.domain.budget import Budget
from swfactory.domain.run import Run
from swfactory.domain.spec import Spec
from swfactory.errors import FactoryError, InputError
from swfactory.ports import ObjectStore
from swfactory.runtime.checkpoints import branch, copy_checkpoints, history
from swfactory.runtime.layout import RunFolder
from swfactory.workspace.git import copy_repository
from swfactory.workspace.objects import FileObjectStore

__all__ = ["copy_past", "rewind"]

_OPTIONS = {"stall": "rounds"}
"""What gives a run more of a bound that has another name."""


def copy_past(source: RunFolder, target: RunFolder, checkpoint_id: str, documents: Mapping[str, str]) -> str:
    """Copy a run's files up to a checkpoint into a folder of their own, with documents replaced in the state.

    Args:
        source: folder of the original run, which may be at work.
        target: folder of the copy; made, and removed again when the copy fails.
        checkpoint_id: the newest checkpoint to keep.
        documents: new documents as JSON text by state key.

    Returns:
        The id of the checkpoint that the copy goes on from.

    Raises:
        NotFoundError: the original's files are gone, or there is no such checkpoint.
        StoreError: the copy cannot be written.
    """
    source.require()
    target.create()
    try:
        objects = FileObjectStore(target.objects)
        objects.adopt(FileObjectStore(source.objects))
        copy_repository(source.workspace, target.workspace)
        copy_checkpoints(source.checkpoints, target.checkpoints, checkpoint_id)
        replaced = _credited(documents, target, checkpoint_id, objects)
        digests = {key: objects.put(text) for key, text in replaced.items()}
        return branch(target.checkpoints, checkpoint_id, digests)
    except FactoryError:
        target.remove()
        raise


def rewind(run: Run, folder: RunFolder, budget: Budget | None) -> None:
    """Take a run whose budget was spent back to where it was not yet; one that was taken back already stays there.

    Args:
        run: the finished run.
        folder: its files.
        budget: the bounds that it is to go on with.

    Raises:
        InputError: the run spent no budget, or the new one is no larger.
    """
    steps = history(folder.checkpoints)
    if run.status != "delivered" and steps and steps[-1].next:
        return  # whoever took it back was killed before the row said so
    spent = steps[-1].values.get("exhausted") if steps else None
    if run.status == "delivered" or not spent:
        raise InputError(
            f"run {run.id!r} is finished ({run.status})", hint=f"swf fork {run.id} --at STEP, or swf show {run.id}"
        )
    if budget is None or budget == run.budget:
        ended = "makes no more progress" if spent == "stall" else f"has spent its {spent}"
        option = f"--max-{_OPTIONS.get(spent, spent)}"
        raise InputError(f"run {run.id!r} {ended}", hint=f"swf resume {run.id} {option} NUMBER  gives it more")
    base = str(run.options.get("base") or "")
    fresh = [item for item in steps if not item.values.get("exhausted") and item.id >= base]
    if not fresh:
        raise InputError(f"run {run.id!r} had spent its {spent} from the start", hint=f"swf fork {run.id} --at 0")
    branch(folder.checkpoints, fresh[-1].id, {})


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
