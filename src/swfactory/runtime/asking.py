"""Questions about the user's own code and documents, one by one or as a conversation that is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from swfactory.config import Settings
from swfactory.domain.answer import Answer
from swfactory.domain.role import LIBRARIAN
from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.locks import FileLock
from swfactory.runtime.checkpoints import THREAD, open_checkpoints, strict_serializer
from swfactory.runtime.retrieval import Shelves, wanted_collections
from swfactory.runtime.wiring import ModelBuilder
from swfactory.workspace.objects import FileObjectStore

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

__all__ = ["Library", "threads"]

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def threads(data_dir: Path) -> list[str]:
    """Return the names of the conversations that are kept in a data folder."""
    return sorted(path.parent.name for path in (data_dir / "asks").glob("*/checkpoints.db"))


class Library:
    """Answers questions from collections.

    Args:
        settings: the merged settings.
        collections: where to look; None for those of the settings.
        build_model: makes chat models; None for those of ``swfactory.models``.

    Raises:
        NotFoundError: there is no such collection, or nothing is stored.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        collections: Sequence[str] | None = None,
        build_model: ModelBuilder | None = None,
    ) -> None:
        self._settings = settings
        self._data_dir = settings.data_dir
        self._names = wanted_collections(settings, collections)
        if not self._names:
            raise NotFoundError("there is nothing to look in: the store is empty", hint="swf rag add FOLDER")
        self._build_model = build_model
        self._shelves = Shelves(settings, self._data_dir / "packages")

    def close(self) -> None:
        """Close what was opened."""
        self._shelves.close()

    async def ask(self, question: str, *, thread: str | None = None) -> AsyncIterator[dict[str, Any] | Answer]:
        """Answer a question; yield what happens, and last the answer.

        Args:
            question: in English or Chinese.
            thread: name of a conversation that it goes on with, and that is kept; None for a question of its own.

        Yields:
            Events as the nodes tell them (``kind``, ``text``, ``role``, ``data``), then the ``Answer``.

        Raises:
            InputError: the question is empty, or the thread's name cannot be used.
            BusyError: another process works on the thread.
            FactoryError: the model or the store cannot be used.
        """
        if not question.strip():
            raise InputError("the question is empty", hint="swf ask 'How is a customer stored?'")
        from langgraph.checkpoint.memory import InMemorySaver

        from swfactory.graphs.ask import build

        async with AsyncExitStack() as stack:
            if thread is None:
                saver: Any = InMemorySaver(serde=strict_serializer())
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="swf-ask-")))
            else:
                folder, lock = self._thread(thread)
                stack.enter_context(lock)
                saver = await stack.enter_async_context(open_checkpoints(folder / "checkpoints.db"))
            context = await asyncio.to_thread(self._context, folder)  # may load a model
            graph = build().compile(checkpointer=saver)
            config: RunnableConfig = {"configurable": {"thread_id": THREAD}}
            given: Any = {"question": question.strip()}
            async for event in graph.astream(given, config, context=context, stream_mode="custom", durability="sync"):
                yield event
            turns = (await graph.aget_state(config)).values["turns"]
            yield Answer.model_validate_json(context.objects.get(turns[-1]))

    def _thread(self, name: str) -> tuple[Path, FileLock]:
        """Folder of a conversation, and the lock that its one writer holds."""
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be the name of a thread", hint="use small letters, digits and hyphens: our-lib"
            )
        folder = self._data_dir / "asks" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(
                folder / "lock",
                f"conversation {name!r} is being continued",
                hint=f"wait for it, or begin another: swf ask QUESTION --thread {name}-2",
            ).acquire()
        except OSError as exc:
            raise StoreError(
                f"the folder {str(folder)!r} cannot be written: {exc.strerror}", hint="set SWF_DATA_DIR to a folder"
            ) from exc
        return folder, lock

    def _context(self, folder: Path) -> Any:
        from swfactory.graphs.context import CallContext

        settings = self._settings
        build = self._build_model
        if build is None:
            from swfactory.models import create_chat_model

            build = create_chat_model
        url = settings.role_models.get(LIBRARIAN, settings.model)
        return CallContext(
            models={"*": build(url, settings)},
            objects=FileObjectStore(folder / "objects"),
            seed=settings.seed,
            retriever=self._shelves.reader(self._names),
        )
