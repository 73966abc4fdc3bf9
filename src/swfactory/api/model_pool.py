"""The chat models that a server keeps loaded: few, each used by one request at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from langchain_core.language_models import BaseChatModel

from swfactory.config import Settings
from swfactory.runtime import ModelBuilder

__all__ = ["ModelPool"]

_REMOTE = "openai:"


@runtime_checkable
class _Unloadable(Protocol):
    def unload(self) -> bool: ...


class ModelPool:
    """Makes chat models when they are wanted and lets go of those that were not used for longest.

    Local models share the machine's cores and memory, so that one call goes on at a time, whichever model it is of.
    Models on servers are not held back. A model that a run of the factory uses as well is loaded again by the run's
    next call when it was let go of here.

    Args:
        build: makes the chat model of a model URL.
        settings: for the builder.
        most: local models that are kept.
    """

    def __init__(self, build: ModelBuilder, settings: Settings, *, most: int = 1) -> None:
        self._build = build
        self._settings = settings
        self._most = most
        self._lock = asyncio.Lock()
        self._local: OrderedDict[str, BaseChatModel] = OrderedDict()
        self._remote: dict[str, BaseChatModel] = {}

    @asynccontextmanager
    async def use(self, url: str) -> AsyncIterator[BaseChatModel]:
        """Have a model for the time of a block; waits for its turn when the model is local.

        Args:
            url: model URL.

        Raises:
            ConfigError: the model cannot be had.
            MissingExtraError: an extra is not installed.
        """
        if url.startswith(_REMOTE):
            if url not in self._remote:
                self._remote[url] = await asyncio.to_thread(self._build, url, self._settings)
            yield self._remote[url]
            return
        async with self._lock:
            model = self._local.pop(url, None)
            if model is None:
                while len(self._local) >= self._most:
                    _, oldest = self._local.popitem(last=False)
                    if isinstance(oldest, _Unloadable):
                        await asyncio.to_thread(oldest.unload)
                model = await asyncio.to_thread(self._build, url, self._settings)
            self._local[url] = model
            yield model
