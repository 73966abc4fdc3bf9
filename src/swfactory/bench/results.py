"""Results on disk: one file a task and arm, written as soon as it is known, so that a killed run loses nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import Field

from swfactory.bench.machine import Machine
from swfactory.bench.score import Score
from swfactory.domain.budget import Budget, Usage
from swfactory.domain.value import Value
from swfactory.errors import InputError, StoreError

__all__ = ["Conditions", "Entry", "Record", "ResultFolder", "write_text"]

_NOT_COMPARED = frozenset({"machine"})


class Conditions(Value):
    """What a measurement depends on; results made under different ones never share a folder.

    Args:
        model: model URL.
        model_digest: SHA-256 of the model file; empty when a server keeps it.
        role_models: model URL by role, for roles of the factory with a model of their own.
        seed: seed of every sample.
        budget: bounds of each task.
        corpus: SHA-256 of the library and documents of the tasks; empty for none.
        machine: where it was measured.
    """

    model: str
    model_digest: str = ""
    role_models: dict[str, str] = Field(default_factory=dict)
    seed: int = 0
    budget: Budget = Budget()
    corpus: str = ""
    machine: Machine


class Record(Value):
    """One result of one arm.

    Args:
        id: what it is a result of; a folder name.
        digest: SHA-256 of that, as it was when measured.
        arm: way of building.
        factory: version and commit of the factory that it was measured with.
        usage: what the model calls cost.
        seconds: wall-clock time of building, scoring not counted.
        note: what went wrong, if anything did.
    """

    id: str
    digest: str
    arm: str
    factory: str = ""
    usage: Usage = Usage()
    seconds: float = 0.0
    note: str = ""


class Entry(Record):
    """Result of one arm on one task.

    Args:
        status: how building ended.
        score: verdict of the checks.
        run: id of the factory's run; empty for none.
    """

    status: str
    score: Score
    run: str = ""


R = TypeVar("R", bound=Record)


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader, or a rerun after a kill, finds it whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as exc:
        raise StoreError(f"cannot write {str(path)!r}: {exc.strerror}", hint="give another folder: --out DIR") from exc


class ResultFolder(Generic[R]):
    """``<root>/<arm>/<id>/`` holds ``result.json`` and what else belongs to one result.

    Args:
        root: the folder; made when missing.
        conditions: what the results depend on.
        kind: the class of its results.

    Raises:
        InputError: the folder holds results made under other conditions.
        StoreError: it cannot be written.
    """

    def __init__(self, root: Path, conditions: Conditions, kind: type[R]) -> None:
        self.root = root
        self._kind = kind
        self.conditions = conditions
        path = root / "conditions.json"
        if path.exists():
            self._compare(path)
        else:
            write_text(path, conditions.model_dump_json(indent=2) + "\n")

    def _compare(self, path: Path) -> None:
        try:
            known = type(self.conditions).model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as exc:
            raise InputError(
                f"{str(path)!r} is not a folder of results: {exc}", hint="give another one: --out DIR"
            ) from exc
        for key in sorted(type(self.conditions).model_fields.keys() - _NOT_COMPARED):
            old, new = getattr(known, key), getattr(self.conditions, key)
            if old != new:
                raise InputError(
                    f"{str(self.root)!r} holds results with {key} {old!r}, not {new!r}",
                    hint="give another folder: --out OTHER_DIR",
                )

    def folder(self, arm: str, identifier: str) -> Path:
        """Folder of one result."""
        return self.root / arm / identifier

    def get(self, arm: str, identifier: str, digest: str) -> R | None:
        """Return a result, or None when it is missing, damaged or was measured on something else of that name.

        Args:
            arm: the arm.
            identifier: what it is a result of.
            digest: SHA-256 of that, as it is now.
        """
        path = self.folder(arm, identifier) / "result.json"
        try:
            record = self._kind.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if record.digest == digest else None

    def put(self, record: R) -> None:
        """Keep a result.

        Raises:
            StoreError: it cannot be written.
        """
        write_text(self.folder(record.arm, record.id) / "result.json", record.model_dump_json(indent=2) + "\n")

    def write_summary(self, records: Iterable[R], table: str) -> None:
        """Write ``results.json`` and ``RESULTS.md`` of all results.

        Raises:
            StoreError: they cannot be written.
        """
        values = {
            "conditions": self.conditions.model_dump(mode="json"),
            "results": [record.model_dump(mode="json") for record in records],
        }
        write_text(self.root / "results.json", json.dumps(values, ensure_ascii=False, indent=2) + "\n")
        write_text(self.root / "RESULTS.md", table)
