"""Benchmark tasks: a requirement the factory is given, and checks that it never sees."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from swfactory.domain.design import safe_path
from swfactory.domain.value import Value
from swfactory.errors import InputError, NotFoundError, PathEscapeError

__all__ = ["Check", "Level", "Task", "load_tasks", "select_tasks"]

Level = Literal["easy", "medium", "hard"]

_COMMAND_SECONDS, _PYTEST_SECONDS = 10.0, 60.0


def _word(value: Any) -> Any:
    # YAML reads an unquoted 12 or true as a number or truth value; on a command line they are words
    return str(value) if isinstance(value, bool | int | float) else value


Word = Annotated[str, BeforeValidator(_word)]


class Check(Value):
    """One black-box check; exactly one of ``run`` and ``py`` is given.

    Args:
        run: argv, ``python`` standing for the interpreter.
        py: a script with the product's root on the import path.
        rc: expected exit status.
        exact: the whole expected standard output, compared stripped; None when not checked.
        out: strings that must occur in standard output, in any case.
        not_out: strings that must not.
        err: strings that must occur in standard error, in any case.
        timeout: seconds; None for 10, and 60 for pytest.
    """

    run: tuple[Word, ...] | None = Field(default=None, min_length=1)
    py: str | None = Field(default=None, min_length=1)
    rc: int = 0
    exact: Word | None = None
    out: tuple[Word, ...] = ()
    not_out: tuple[Word, ...] = ()
    err: tuple[Word, ...] = ()
    timeout: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_kind(self) -> Check:
        if (self.run is None) == (self.py is None):
            raise ValueError("a check has either 'run' or 'py'")
        return self

    @property
    def fresh(self) -> bool:
        """Whether it starts from a fresh copy of the product, as the product's own tests do."""
        return self.run is not None and "pytest" in self.run

    @property
    def seconds(self) -> float:
        """Time limit in seconds."""
        return self.timeout or (_PYTEST_SECONDS if self.fresh else _COMMAND_SECONDS)


class Task(Value):
    """A requirement and its checks.

    Args:
        id: unique name, usable as a folder name.
        level: how hard it is.
        requirement: what the factory is given, as a user would write it.
        files: data files laid in the product's root before the checks, path to text.
        checks: run in order; what one writes, the next one finds.
    """

    id: Word = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    level: Level
    requirement: str = Field(min_length=1)
    files: dict[str, str] = Field(default_factory=dict)
    checks: tuple[Check, ...] = Field(min_length=1)

    @field_validator("requirement")
    @classmethod
    def _strip(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("the requirement is empty")
        return text.strip()

    @field_validator("files")
    @classmethod
    def _confined(cls, files: dict[str, str]) -> dict[str, str]:
        try:
            return {safe_path(path): text for path, text in files.items()}
        except PathEscapeError as exc:
            raise ValueError(exc.message) from exc

    @property
    def digest(self) -> str:
        """SHA-256 of the task: a result counts for the task that it was measured on only."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_tasks(path: Path) -> tuple[Task, ...]:
    """Read a task file.

    Args:
        path: a YAML list of tasks.

    Raises:
        InputError: it cannot be read or parsed, or a task is malformed; the message names the task and the key.
    """
    hint = f"edit {path}; benchmarks/README.md describes the format"
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"cannot read the task file {str(path)!r}: {exc}", hint="swf bench TASKS.yaml") from exc
    except yaml.YAMLError as exc:
        raise InputError(f"{str(path)!r} is not valid YAML: {exc}", hint=hint) from exc
    if not isinstance(entries, list) or not entries:
        raise InputError(f"{str(path)!r} is not a list of tasks", hint=hint)
    tasks: list[Task] = []
    for number, entry in enumerate(entries, 1):
        name = str(entry.get("id", f"number {number}")) if isinstance(entry, dict) else f"number {number}"
        try:
            task = Task.model_validate(entry)
        except ValidationError as exc:
            first = exc.errors()[0]
            key = ".".join(str(part) for part in first["loc"]) or "itself"
            raise InputError(f"task {name!r} in {str(path)!r}, key {key!r}: {first['msg']}", hint=hint) from exc
        if any(task.id == other.id for other in tasks):
            raise InputError(f"task {name!r} in {str(path)!r}, key 'id': it occurs twice", hint=hint)
        tasks.append(task)
    return tuple(tasks)


def select_tasks(tasks: Sequence[Task], ids: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks of those ids, in the file's order; all of them when no id is given.

    Raises:
        NotFoundError: an id names no task.
    """
    known = [task.id for task in tasks]
    for wanted in ids:
        if wanted not in known:
            raise NotFoundError(f"there is no task {wanted!r}", hint=f"--only takes some of: {', '.join(known)}")
    return tuple(task for task in tasks if not ids or task.id in ids)
