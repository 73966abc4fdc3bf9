"""The checkpoints of a run: opened, listed, branched and pruned.

Every run has a database of its own, so that deleting, copying and shrinking one touches no other.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from swfactory.domain.value import Value
from swfactory.errors import NotFoundError, StoreError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import CheckpointTuple
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
    from langgraph.checkpoint.sqlite import SqliteSaver

    from swfactory.runtime.saver import FactorySaver

__all__ = [
    "THREAD",
    "Checkpoint",
    "branch",
    "copy_checkpoints",
    "history",
    "open_checkpoints",
    "prune",
    "strict_serializer",
]

THREAD = "run"
"""Thread id of every run: a database holds one, and a fork's copy needs no renaming."""

_DOMAIN = ("budget", "call", "delivery", "design", "execution", "report", "requirement", "run", "spec")


_BRANCH = "branch:to:"
"""Begins the name of the channel that sets a node going; it has a value until the node has run."""


class Checkpoint(Value):
    """A point that a run can be taken up from.

    Args:
        step: number in the run; -1 is the input, 0 the start.
        id: checkpoint id.
        time: seconds since the epoch, UTC.
        nodes: nodes that finished in this step.
        next: nodes that are to run after it; empty at the end.
        commit: commit of the workspace after it; empty before the first.
        values: the state's scalars by key: digests of documents, counters, verdicts.
    """

    step: int
    id: str
    time: float
    nodes: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    commit: str = ""
    values: dict[str, Any] = Field(default_factory=dict)


def strict_serializer() -> JsonPlusSerializer:
    """Return a serializer that builds nothing from a checkpoint but plain data and the domain's values.

    A checkpoint database can come from somebody else; LangGraph's default would import and call whatever it names.
    """
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read once, when langgraph is imported
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    allowed = []
    for name in _DOMAIN:
        module = importlib.import_module(f"swfactory.domain.{name}")
        values = (getattr(module, item) for item in module.__all__)
        allowed += [
            (module.__name__, value.__name__)
            for value in values
            if isinstance(value, type) and issubclass(value, Value)
        ]
    return JsonPlusSerializer(allowed_msgpack_modules=allowed)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as exc:
        raise StoreError(
            f"the checkpoints {str(path)!r} cannot be used: {exc}", hint="free some disk space; swf doctor"
        ) from exc


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncIterator[FactorySaver]:
    """Open the checkpoints of a run for a graph to run on.

    Raises:
        StoreError: the database cannot be opened or is damaged.
    """
    serde = strict_serializer()
    import aiosqlite

    from swfactory.runtime.saver import FactorySaver

    with _translated(path):
        async with aiosqlite.connect(path, timeout=30) as connection:
            saver = FactorySaver(connection, serde=serde)
            try:
                await connection.execute("PRAGMA synchronous=FULL")
                await saver.setup()
                yield saver
            finally:
                # A cancelled graph may still be writing. Closed between a statement and its commit, the connection
                # would keep the database locked for as long as anything refers to it.
                async with saver.lock:
                    await connection.rollback()
                    await connection.close()


@contextmanager
def _saver(path: Path) -> Iterator[SqliteSaver]:
    serde = strict_serializer()
    from langgraph.checkpoint.sqlite import SqliteSaver

    with _translated(path):
        connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        try:
            saver = SqliteSaver(connection, serde=serde)
            saver.setup()
            yield saver
        finally:
            connection.close()


def _config(checkpoint_id: str | None = None) -> RunnableConfig:
    keys = {"thread_id": THREAD, "checkpoint_ns": ""}
    return {"configurable": keys if checkpoint_id is None else keys | {"checkpoint_id": checkpoint_id}}


def _chain(saver: SqliteSaver) -> list[CheckpointTuple]:
    """The newest checkpoint and its ancestors, oldest first: what was left behind by a rewind is not in it."""
    found = {str(item.checkpoint["id"]): item for item in saver.list(_config())}
    chain: list[CheckpointTuple] = []
    wanted = max(found, default=None)
    while wanted is not None and (item := found.get(wanted)) is not None:
        chain.append(item)
        wanted = item.parent_config["configurable"]["checkpoint_id"] if item.parent_config else None
    return chain[::-1]


def _ran(item: CheckpointTuple, parent: CheckpointTuple | None) -> tuple[str, ...]:
    """The nodes of a step: those that have seen newer channel versions than at the parent."""
    seen = item.checkpoint["versions_seen"]
    before = parent.checkpoint["versions_seen"] if parent else {}
    return tuple(node for node in seen if not node.startswith("__") and seen[node] != before.get(node))


def history(path: Path) -> list[Checkpoint]:
    """Return the checkpoints of a run, oldest first; a branch's own copy counts as its original.

    Raises:
        StoreError: the database cannot be read.
    """
    if not path.exists():
        return []
    with _saver(path) as saver:
        chain = _chain(saver)
    steps: dict[int, Checkpoint] = {}
    parent: CheckpointTuple | None = None
    for item in chain:
        number = int(item.metadata.get("step", 0))
        values = item.checkpoint["channel_values"]
        nodes = _ran(item, parent)
        if not nodes and number in steps:  # the copy that a rewind or fork made of its base
            nodes = steps[number].nodes
        commit = values.get("commit")
        steps[number] = Checkpoint(
            step=number,
            id=str(item.checkpoint["id"]),
            time=datetime.fromisoformat(item.checkpoint["ts"]).timestamp(),
            nodes=nodes,
            next=tuple(key.removeprefix(_BRANCH) for key in values if key.startswith(_BRANCH)),
            commit=commit if isinstance(commit, str) else "",
            values={key: value for key, value in values.items() if _plain(key, value)},
        )
        parent = item
    return list(steps.values())


def _plain(key: str, value: object) -> bool:
    return not key.startswith(("__", _BRANCH)) and (value is None or isinstance(value, str | int | float))


def branch(path: Path, checkpoint_id: str, changes: Mapping[str, Any]) -> str:
    """Make a copy of a checkpoint, with changed state, the newest; the next run goes on from there.

    What was to run next stays what it was: the routing of the step is not repeated.

    Args:
        path: checkpoint database of the run.
        checkpoint_id: the checkpoint to go on from.
        changes: new values by state key.

    Returns:
        The id of the copy.

    Raises:
        NotFoundError: there is no such checkpoint.
    """
    from langgraph.checkpoint.base.id import uuid6

    with _saver(path) as saver:
        found = saver.get_tuple(_config(checkpoint_id))
        if found is None:
            raise NotFoundError(f"no checkpoint {checkpoint_id!r}", hint="swf show last")
        copy = found.checkpoint.copy()
        copy["id"] = str(uuid6(clock_seq=-1))
        copy["channel_values"] = {**copy["channel_values"], **changes}
        versions = dict(copy["channel_versions"])
        newest: Any = max(versions.values(), default=None)
        versions.update({key: saver.get_next_version(newest, None) for key in changes})
        copy["channel_versions"] = versions
        saver.put(found.config, copy, {**found.metadata, "source": "fork"}, {key: versions[key] for key in changes})
    return copy["id"]


def copy_checkpoints(source: Path, target: Path, checkpoint_id: str) -> None:
    """Copy a checkpoint and its ancestors into a database of their own, without any pending results.

    Args:
        source: checkpoint database of the original run; may be in use.
        target: database to make.
        checkpoint_id: the newest checkpoint to keep.
    """
    with _translated(target):
        origin = sqlite3.connect(source, timeout=30)
        copy = sqlite3.connect(target, timeout=30)
        try:
            origin.backup(copy)
            # Ids are ordered by time. Pending results belong to the original: a gate asks again, a node runs again.
            copy.execute("DELETE FROM checkpoints WHERE checkpoint_id > ?", (checkpoint_id,))
            copy.execute("DELETE FROM writes")
            copy.commit()
            copy.execute("VACUUM")
        finally:
            copy.close()
            origin.close()


def prune(path: Path) -> None:
    """Shrink the checkpoints of a finished run to one a step, so that any step can still be forked.

    Drops pending results, subgraphs and what rewinds left behind, and gives the space back.

    Raises:
        StoreError: the database cannot be written.
    """
    with _saver(path) as saver:
        keep = [(item.checkpoint["id"],) for item in _chain(saver)]
        connection = saver.conn
        connection.execute("CREATE TEMP TABLE keep (id TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO keep VALUES (?)", keep)
        connection.execute(
            "DELETE FROM checkpoints WHERE checkpoint_ns != '' OR checkpoint_id NOT IN (SELECT id FROM keep)"
        )
        connection.execute("DELETE FROM writes")
        connection.commit()
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
