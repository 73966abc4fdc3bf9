"""A chat model that answers from a script, strictly, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from swfactory.domain.call import Message, Request
from swfactory.errors import FactoryError

__all__ = ["Script", "ScriptedChatModel"]

Script = Sequence[str | FactoryError] | Callable[[Request], str]
"""Replies in order, an error standing for a call that fails; or a function of the request."""


class ScriptedChatModel(BaseChatModel):
    """Answers from a script, word by word, honouring ``stop`` and ``max_tokens``; a token is a word.

    A sequence is used up in the order of the calls, and one call too many is an ``AssertionError``, which no handler
    of ours catches. A function is asked each time and keeps no state, so it serves runs that are killed and resumed.

    Args:
        script: replies in order, or a function from request to reply.
        pause: seconds between two words, for tests of cancellation; what a call says it took is their sum, so that
            a report of a run is the same each time.

    Example:
        >>> model = ScriptedChatModel(["hello"])
        >>> model.invoke("hi", role="engineer").text
        'hello'
        >>> [request.role for request in model.requests]
        ['engineer']
    """

    script: Any = Field(repr=False)
    pause: float = Field(default=0.0, ge=0)
    _requests: list[Request] = PrivateAttr(default_factory=list)
    _words_sent: int = PrivateAttr(default=0)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, script: Script, *, pause: float = 0.0) -> None:
        super().__init__(script=script, pause=pause)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far, in order."""
        return tuple(self._requests)

    @property
    def words_sent(self) -> int:
        """Words that were sent so far, those of cancelled calls included."""
        return self._words_sent

    @property
    def _llm_type(self) -> str:
        return "swfactory-scripted"

    def assert_finished(self) -> None:
        """Raise AssertionError when replies of the script were never asked for."""
        if not callable(self.script) and len(self._requests) != len(self.script):
            raise AssertionError(f"{len(self._requests)} calls came, and the script has {len(self.script)} replies")

    def _chunks(
        self, messages: Sequence[BaseMessage], stop: Sequence[str] | None, options: Mapping[str, Any]
    ) -> Iterator[ChatGenerationChunk]:
        turns = [Message.of(message.type, message.text) for message in messages]
        request = Request.from_options(turns, {**options, "stop": stop})
        words, finish = _sample(self._next(request), request)
        for word in words:
            self._words_sent += 1
            yield ChatGenerationChunk(message=AIMessageChunk(content=word))
        read = sum(len(_words(turn.content)) for turn in turns)
        usage = UsageMetadata(
            input_tokens=read,
            output_tokens=len(words),
            total_tokens=read + len(words),
            input_token_details=InputTokenDetails(cache_read=0),
        )
        info = {"finish_reason": finish, "model_name": "scripted", "seconds": round(len(words) * self.pause, 3)}
        last = AIMessageChunk(content="", usage_metadata=usage, response_metadata=info, chunk_position="last")
        yield ChatGenerationChunk(message=last, generation_info={"finish_reason": finish})

    def _next(self, request: Request) -> str:
        with self._lock:
            number = len(self._requests)
            self._requests.append(request)
        if callable(self.script):
            reply = self.script(request)
        elif number < len(self.script):
            reply = self.script[number]
        else:
            last = request.messages[-1].content
            raise AssertionError(
                f"the script has {len(self.script)} replies; call {number + 1} is of {request.role!r}: {last[-500:]!r}"
            )
        if isinstance(reply, FactoryError):
            raise reply
        return str(reply)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages, stop, kwargs):
            if run_manager and chunk.text:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages, stop, kwargs):
            await asyncio.sleep(self.pause)
            if run_manager and chunk.text:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _sample(reply: str, request: Request) -> tuple[list[str], str]:
    """Cut the reply where the request's sampling ends it, and say why it ended."""
    sampling = request.sampling
    ends = [at for mark in sampling.stop if (at := reply.find(mark)) >= 0]
    words = _words(reply[: min(ends)] if ends else reply)
    if len(words) > sampling.max_tokens:
        return words[: sampling.max_tokens], "length"
    return words, "stop"
