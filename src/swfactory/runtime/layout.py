"""Where a run keeps its things on disk."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from swfactory.errors import NotFoundError, StoreError

__all__ = ["RunFolder"]


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run: ``data_dir/runs/<id>/``.

    Args:
        root: the folder itself.
    """

    root: Path

    @classmethod
    def of(cls, data_dir: Path, run_id: str) -> RunFolder:
        """Return the folder of a run, which need not exist."""
        return cls(data_dir / "runs" / run_id)

    @property
    def lock(self) -> Path:
        """Lock file of the one writer."""
        return self.root / "lock"

    @property
    def stop(self) -> Path:
        """Lies there while somebody wants whoever works on the run to stop."""
        return self.root / "stop"

    @property
    def checkpoints(self) -> Path:
        """Checkpoint database."""
        return self.root / "checkpoints.db"

    @property
    def workspace(self) -> Path:
        """Bare git repository with the history of the product."""
        return self.root / "workspace.git"

    @property
    def objects(self) -> Path:
        """Documents, transcripts and tool output by digest."""
        return self.root / "objects"

    @property
    def calls(self) -> Path:
        """Recorded calls that a replay answers from."""
        return self.root / "calls"

    @property
    def product(self) -> Path:
        """Where the product goes when the user names no folder."""
        return self.root / "product"

    def claim(self) -> bool:
        """Make the folder, and tell whether it is new: ids of one millisecond are told apart by two characters only.

        Raises:
            StoreError: it cannot be made.
        """
        self._make(self.root.parent)
        try:
            self.root.mkdir()
        except FileExistsError:
            return False
        except OSError as exc:
            raise self._no_folder(self.root, exc) from exc
        return True

    def create(self) -> None:
        """Make the folder.

        Raises:
            StoreError: it cannot be made.
        """
        self._make(self.root)

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise self._no_folder(folder, exc) from exc

    @staticmethod
    def _no_folder(folder: Path, exc: OSError) -> StoreError:
        return StoreError(
            f"cannot make the run's folder {str(folder)!r}: {exc.strerror}", hint="set SWF_DATA_DIR to a folder"
        )

    def request_stop(self) -> None:
        """Ask whoever works on the run to stop.

        Raises:
            StoreError: the request cannot be written.
        """
        try:
            self.stop.touch()
        except OSError as exc:
            raise StoreError(f"cannot write {str(self.stop)!r}: {exc.strerror}", hint="check its permissions") from exc

    def withdraw_stop(self) -> None:
        """Forget a request to stop: it is done, or was meant for a session that has ended."""
        with suppress(OSError):  # the worst is a session that stops, and can be resumed
            self.stop.unlink(missing_ok=True)

    def require(self) -> None:
        """Check that the run's files are there.

        Raises:
            NotFoundError: the folder is gone.
        """
        if not self.root.is_dir():
            raise NotFoundError(f"the files of run {self.root.name!r} are gone", hint=f"swf delete {self.root.name}")

    def remove(self) -> None:
        """Delete the folder, hiding it first, so that a kill half-way leaves no half run.

        Raises:
            StoreError: it cannot be deleted.
        """
        hidden = self.root.with_name(f".deleted-{self.root.name}")
        try:
            if self.root.is_dir():
                shutil.rmtree(hidden, ignore_errors=True)
                self.root.rename(hidden)
            if hidden.exists():
                shutil.rmtree(hidden)
        except OSError as exc:
            raise StoreError(f"cannot delete {str(self.root)!r}: {exc.strerror}", hint="check its permissions") from exc
