"""A whole reply from a stream of chunks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from langchain_core.messages import AIMessageChunk, BaseMessageChunk, message_chunk_to_message
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

__all__ = ["acollect", "collect"]


def collect(chunks: Iterator[ChatGenerationChunk]) -> ChatResult:
    """Read a stream to its end and return the one generation in it."""
    return _result([chunk.message for chunk in chunks])


async def acollect(chunks: AsyncIterator[ChatGenerationChunk]) -> ChatResult:
    """Read an asynchronous stream to its end and return the one generation in it."""
    return _result([chunk.message async for chunk in chunks])


def _result(messages: list[BaseMessageChunk]) -> ChatResult:
    whole: BaseMessageChunk = AIMessageChunk(content="")
    for message in messages:
        whole = whole + message
    return ChatResult(generations=[ChatGeneration(message=message_chunk_to_message(whole))])
