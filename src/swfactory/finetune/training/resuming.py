"""The folder of an unfinished training: one process at a time, its checkpoints, its curve."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from swfactory.errors import InputError, StoreError
from swfactory.finetune.training.curve import Curve
from swfactory.locks import FileLock

__all__ = ["TrainingFolder"]

_WHOLE = "whole"
"""File that a checkpoint gets when all of it is written; one without it was cut off by the end of the process."""


class TrainingFolder:
    """What a killed training leaves, and the next one goes on from.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.curve = Curve(path / "curve.jsonl")

    @property
    def final(self) -> Path:
        """Where the trained weights are put at the end."""
        return self.path / "final"

    @property
    def initial(self) -> Path:
        """Where the first weights are kept, for methods whose result is told as a difference from them."""
        return self.path / "initial"

    @property
    def tensorboard(self) -> Path:
        """Where TensorBoard's event files are kept."""
        return self.path / "tensorboard"

    def checkpoint(self) -> Path | None:
        """The last whole checkpoint, None when there is none."""
        found = [path.parent for path in self.path.glob(f"checkpoint-*/{_WHOLE}")]
        return max(found, key=_step, default=None)

    def mark_whole(self, step: int) -> None:
        """Say that a checkpoint is complete.

        Raises:
            StoreError: the disk refuses it.
        """
        try:
            (self.path / f"checkpoint-{step}" / _WHOLE).write_bytes(b"")
        except OSError as exc:
            raise StoreError(f"the checkpoint of step {step} cannot be kept: {exc}", hint="df -h") from exc

    @contextmanager
    def held(self, identity: str, *, resume: bool) -> Iterator[Path | None]:
        """Hold the folder for one process, and yield the checkpoint to go on from.

        Args:
            identity: of recipe, base and data; a training of others is not gone on with.
            resume: go on with what is there or fail, instead of starting anew when there is nothing.

        Raises:
            BusyError: another process trains here.
            InputError: the folder is of another training, or there is nothing to go on with.
            StoreError: the folder cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(
                self.path / "lock",
                f"{self.path.name!r} is being trained",
                hint="wait for it, or train with --name OTHER",
            ).acquire()
        except OSError as exc:
            raise StoreError(f"{str(self.path)!r} cannot be written: {exc}", hint="df -h") from exc
        with lock:
            yield self._begin(identity, resume=resume)

    def _begin(self, identity: str, *, resume: bool) -> Path | None:
        file = self.path / "identity"
        known = file.read_text(encoding="utf-8") if file.is_file() else ""
        last = self.checkpoint()
        if last is not None and known != identity:
            raise InputError(
                f"{str(self.path)!r} holds step {_step(last)} of a training by another recipe, base or data",
                hint=f"train with --name OTHER, or give that one up:  rm -r {self.path}",
            )
        if resume and last is None:
            raise InputError(f"there is no training {self.path.name!r} to go on with", hint="leave out --resume")
        try:
            self._clear(last)
            file.write_text(identity, encoding="utf-8")
        except OSError as exc:
            raise StoreError(f"{str(self.path)!r} cannot be written: {exc}", hint="df -h") from exc
        self.curve.cut(_step(last) if last else -1)
        return last

    def _clear(self, last: Path | None) -> None:
        """Remove what was cut off, and with no checkpoint everything."""
        for path in self.path.iterdir():
            partial = path.name.startswith("checkpoint-") and not (path / _WHOLE).exists()
            anew = last is None and path.name not in {"lock", "curve.jsonl"}
            if partial or anew or path == self.final:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def remove(self) -> None:
        """Delete the folder; what cannot be deleted is left."""
        shutil.rmtree(self.path, ignore_errors=True)


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])
