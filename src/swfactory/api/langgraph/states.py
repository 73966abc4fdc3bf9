"""The states of a run as LangGraph's clients read them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from swfactory.api.langgraph.names import assistant_id
from swfactory.domain.run import Event, Run
from swfactory.errors import NotFoundError
from swfactory.report.documents import document_text
from swfactory.runtime import AsyncFactory, Checkpoint, Decision, PendingGate

__all__ = ["States", "active_steps", "empty_state", "interrupt_of", "iso", "selected"]

_DOCUMENTS = ("spec", "design", "suite", "report", "delivery")
"""State keys whose value is the digest of a JSON document."""
_SPOKEN = {"spec": "spec", "design": "design", "report": "release"}
"""Documents that are told as messages of a conversation, with the gate that shows them."""


def iso(seconds: float) -> str:
    """Return a time in ISO 8601, UTC.

    Args:
        seconds: since the epoch, UTC.
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def interrupt_of(gate: PendingGate) -> dict[str, Any]:
    """Return a gate as an interrupt; ``response_schema`` says what ``command={"resume": ...}`` may hold."""
    shown = {"gate": gate.gate, "document": gate.document, "text": document_text(gate.gate, gate.document)}
    return {"id": gate.id, "value": shown, "response_schema": Decision.model_json_schema()}


def active_steps(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the nodes that have begun and not ended: those at work, those cut off, and those that wait at a gate."""
    active: dict[str, None] = {}
    for event in events:
        if event.kind != "step":
            continue
        if event.data.get("phase") == "finish":
            active.pop(event.step, None)
        else:
            active[event.step] = None
    return tuple(active)


def selected(item: Mapping[str, Any], fields: Sequence[str] | None) -> dict[str, Any]:
    """Return the wanted fields of an item; ``values.KEY`` stands for one of its values.

    Args:
        item: all of it.
        fields: names; None for every field.
    """
    if not fields:
        return dict(item)
    keys = {field.removeprefix("values.") for field in fields if field.startswith("values.")}
    chosen = {key: value for key, value in item.items() if key in fields}
    if keys and "values" not in chosen:
        chosen["values"] = {key: value for key, value in item["values"].items() if key in keys}
    return chosen


def empty_state(thread: str) -> dict[str, Any]:
    """Return the state of a thread that was not started yet."""
    return {
        "values": {},
        "next": [],
        "tasks": [],
        "interrupts": [],
        "metadata": {},
        "created_at": None,
        "checkpoint": _checkpoint(thread, None),
        "parent_checkpoint": None,
    }


def _checkpoint(thread: str, identifier: str | None) -> dict[str, Any]:
    return {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": identifier, "checkpoint_map": None}


class States:
    """The states of one run, as they are when this is made; reading them blocks.

    Args:
        factory: the runs.
        thread: id of the thread that the run is.
        run: the run.
        files: whether the values hold the files of the product.

    Raises:
        NotFoundError: the run was deleted.
    """

    def __init__(self, factory: AsyncFactory, thread: str, run: Run, *, files: bool = True) -> None:
        self.run = run
        self.steps: list[Checkpoint] = factory.history(run.id)
        self.gates = factory.gates(run.id)
        self._factory = factory
        self._thread = thread
        self._with_files = files
        self._events = factory.events(run.id)
        self._documents: dict[str, str] = {}
        self._files: dict[str, dict[str, str]] = {}

    @property
    def interrupts(self) -> list[dict[str, Any]]:
        """The gates that the run waits at."""
        return [interrupt_of(gate) for gate in self.gates]

    def newest(self) -> dict[str, Any]:
        """Return the state as it is now."""
        if self.steps:
            return self.state(len(self.steps) - 1)
        waits = ["__start__"] if self.run.under_way else []
        started = {"values": self.values(None), "next": waits, "created_at": iso(self.run.created)}
        return empty_state(self._thread) | started | {"metadata": self._metadata(None)}

    def at(self, checkpoint: str) -> dict[str, Any]:
        """Return the state at a checkpoint.

        Raises:
            NotFoundError: the run has no such checkpoint.
        """
        return self.state(self.position(checkpoint))

    def position(self, checkpoint: str) -> int:
        """Return where a checkpoint stands in ``steps``.

        Raises:
            NotFoundError: the run has no such checkpoint.
        """
        for position, step in enumerate(self.steps):
            if step.id == checkpoint:
                return position
        raise NotFoundError(f"thread {self._thread!r} has no checkpoint {checkpoint!r}", hint="read its history")

    def state(self, position: int) -> dict[str, Any]:
        """Return the state after a step.

        Args:
            position: of the step in ``steps``.
        """
        step, last = self.steps[position], position == len(self.steps) - 1
        later = () if last else self.steps[position + 1].nodes or ("__start__",)
        tasks = self._tasks() if last else [_task(step.id, node) for node in later]
        parent = self.steps[position - 1].id if position else None
        return {
            "values": self.values(step),
            "next": [task["name"] for task in tasks],
            "tasks": tasks,
            "interrupts": self.interrupts if last else [],
            "metadata": self._metadata(step),
            "created_at": iso(step.time),
            "checkpoint": _checkpoint(self._thread, step.id),
            "parent_checkpoint": _checkpoint(self._thread, parent) if parent else None,
        }

    def values(self, step: Checkpoint | None) -> dict[str, Any]:
        """Return the values after a step: what was asked, the documents, counters and verdicts, and the files.

        Args:
            step: one of ``steps``; None for a run that has none yet.
        """
        run = self.run
        values: dict[str, Any] = {"requirement": run.requirement.text, "run": run.id, "output": run.output}
        texts: dict[str, str] = {}
        for key, value in (step.values if step else {}).items():
            if key in _DOCUMENTS and value and step:
                texts[key] = self._document(key, str(value), step.step)
                values[key] = _parsed(texts[key])
            else:
                values[key] = value
        values["messages"] = self._messages(texts)
        if self._with_files:
            values["files"] = self._files_of(step)
        return values

    def updates(self, position: int) -> dict[str, Any]:
        """Return what a step has changed.

        Args:
            position: of the step in ``steps``.
        """
        after = self.values(self.steps[position])
        before = self.values(self.steps[position - 1]) if position else {}
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        if "files" in changed:
            old = before.get("files", {})
            changed["files"] = {path: text for path, text in changed["files"].items() if old.get(path) != text}
        return changed

    def _tasks(self) -> list[dict[str, Any]]:
        """What is to be done next, with the gates that hold it up; nothing when the run is over."""
        if self.run.status in {"delivered", "partial", "exhausted"}:
            return []
        nodes = active_steps(self._events) or self.steps[-1].next  # stopped between two nodes, none has begun
        step = self.steps[-1].id
        tasks = [_task(step, node) for node in nodes]
        for number, gate in enumerate(self.gates):
            if number >= len(tasks):
                tasks.append(_task(step, gate.gate))
            tasks[number]["interrupts"] = [interrupt_of(gate)]
        if self.run.status == "failed" and tasks:
            tasks[-1]["error"] = self.error["message"]
        return tasks

    @property
    def error(self) -> dict[str, str]:
        """Why the run failed; both empty when it did not."""
        if self.run.status != "failed":
            return {"error": "", "message": ""}
        last = next((e for e in reversed(self._events) if e.kind == "run" and e.data.get("status") == "failed"), None)
        name = str(last.data.get("error") or "FactoryError") if last else "FactoryError"
        return {"error": name, "message": last.text if last else f"run {self.run.id!r} failed"}

    def _metadata(self, step: Checkpoint | None) -> dict[str, Any]:
        graph = self.run.graph
        known = {"graph_id": graph, "assistant_id": assistant_id(graph), "thread_id": self._thread, "run": self.run.id}
        if step is None:
            return known
        return known | {"step": step.step, "source": "input" if step.step < 0 else "loop", "nodes": list(step.nodes)}

    def _document(self, key: str, digest: str, step: int) -> str:
        if digest not in self._documents:
            self._documents[digest] = self._factory.document(self.run.id, key, step=step)
        return self._documents[digest]

    def _files_of(self, step: Checkpoint | None) -> dict[str, str]:
        commit = step.commit if step else ""
        if not commit or step is None:
            return {}
        if commit not in self._files:
            self._files[commit] = dict(self._factory.files(self.run.id, step=step.step))
        return self._files[commit]

    def _messages(self, texts: Mapping[str, str]) -> list[dict[str, Any]]:
        """The run as a conversation, for clients that show one."""
        messages = [{"type": "human", "id": f"{self.run.id}-requirement", "content": self.run.requirement.text}]
        for key, gate in _SPOKEN.items():
            if key in texts:
                name = f"{self.run.id}-{key}-{uuid.uuid5(uuid.NAMESPACE_OID, texts[key]).hex[:8]}"
                messages.append({"type": "ai", "id": name, "name": key, "content": document_text(gate, texts[key])})
        return messages


def _task(step: str, node: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{step} {node}")),
        "name": node,
        "error": None,
        "interrupts": [],
        "checkpoint": None,
        "state": None,
        "result": None,
    }


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a graph of the user's own may keep anything there
        return text
