"""The checkpoint saver of the runtime; imports LangGraph, so import it late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

__all__ = ["FactorySaver"]

_ERROR = "__error__"
_ERROR_SOURCE = "__error_source_node__"


class FactorySaver(AsyncSqliteSaver):
    """Keeps no half results of a node that failed or was cancelled.

    LangGraph saves what such a node had written so far beside its error, and takes the node for finished when the run
    is resumed. Cut off between its update and the routing behind it, it would lose the routing, and the run would end
    there as if it were done.
    """

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Store what a node wrote, or only its error if it has one and no error handler takes over."""
        channels = {channel for channel, _ in writes}
        if _ERROR in channels and _ERROR_SOURCE not in channels:
            writes = [write for write in writes if write[0] in WRITES_IDX_MAP]
        await super().aput_writes(config, writes, task_id, task_path)
