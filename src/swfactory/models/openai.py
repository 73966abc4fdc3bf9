"""Any server that speaks OpenAI's chat completions, with retries and errors of our own."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai.chat_models.base import BaseChatOpenAI
from pydantic import Field, SecretStr

from swfactory.errors import ModelError, ModelRefused, ModelUnavailable, PromptTooLong
from swfactory.models.streamed import StreamedChatModel

__all__ = ["OpenAIChatModel", "openai_chat_model"]

_FAULTS = (openai.OpenAIError, httpx.HTTPError)
_TIMEOUT = (10.0, 300.0, 60.0, 60.0)
"""Seconds to connect, read, write and wait for a connection; a long prompt on a slow server is read before the first
token. A tuple, because LangChain shares its connections only among clients whose timeout can be hashed."""
_NOT_FORWARDED = frozenset({"role", "id_slot", "lora"})


class OpenAIChatModel(StreamedChatModel, BaseChatOpenAI):
    """LangChain's adapter with our conventions: streaming always, ``role`` kept back, errors translated.

    It is the base class rather than ``ChatOpenAI`` because that one renames ``max_tokens`` to a field that most other
    servers do not know.

    Args:
        attempts: tries of one call in all; only faults that may pass are tried again.
        patience: seconds before the second try; doubles with each.
    """

    attempts: int = Field(default=4, gt=0)
    patience: float = Field(default=0.5, ge=0)

    @property
    def _llm_type(self) -> str:
        return "swfactory-openai"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        options = _options(kwargs)
        for attempt in range(1, self.attempts + 1):
            started = finished = False
            try:
                for chunk in super()._stream(messages, stop, run_manager, **options):
                    started = True
                    finished = finished or "finish_reason" in (chunk.generation_info or {})
                    yield chunk
            except _FAULTS as exc:
                error = self._translate(exc)
                if started or attempt == self.attempts or not isinstance(error, ModelUnavailable):
                    raise error from exc
                time.sleep(self._delay(attempt))
            else:
                if not finished:
                    raise self._broken_off()
                return

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        options = _options(kwargs)
        for attempt in range(1, self.attempts + 1):
            started = finished = False
            try:
                async for chunk in super()._astream(messages, stop, run_manager, **options):
                    started = True
                    finished = finished or "finish_reason" in (chunk.generation_info or {})
                    yield chunk
            except _FAULTS as exc:
                error = self._translate(exc)
                if started or attempt == self.attempts or not isinstance(error, ModelUnavailable):
                    raise error from exc
                await asyncio.sleep(self._delay(attempt))
            else:
                if not finished:
                    raise self._broken_off()
                return

    def _delay(self, attempt: int) -> float:
        return self.patience * float(2 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  # spread, not a secret

    def _broken_off(self) -> ModelUnavailable:
        # A closed connection is a regular end in HTTP/1.0 manner; only the finish reason tells a whole reply.
        return ModelUnavailable(
            f"the model server {self.openai_api_base} broke off in the middle of its reply",
            hint="is it still running?  then swf resume RUN",
        )

    def _translate(self, exc: Exception) -> ModelError:
        server = self.openai_api_base
        if isinstance(exc, openai.APIStatusError):
            text = f"the model server {server} answered {exc.status_code}: {exc.message}"
            if exc.status_code in (401, 403):
                return ModelRefused(text, hint="set SWF_OPENAI_API_KEY to a key of this server")
            if exc.status_code == 404:
                return ModelRefused(text, hint=f"look at {server}/models for the name after '#'")
            if exc.status_code in (408, 409, 429) or exc.status_code >= 500:
                return ModelUnavailable(text, hint="try again later, then swf resume RUN")
            if exc.code == "context_length_exceeded" or "context length" in str(exc.message):
                return PromptTooLong(text, hint="ask for less at once, or serve the model with a longer context")
            return ModelRefused(text, hint="a shorter prompt, or a server that knows the option it names")
        if isinstance(exc, (openai.APIConnectionError, httpx.HTTPError)):
            text = f"the model server {server} cannot be reached: {exc.__cause__ or exc}"
            return ModelUnavailable(text, hint=f"is it running?  curl {server}/models")
        return ModelRefused(f"the model server {server} sent what cannot be read: {exc}", hint="swf doctor")


def _options(kwargs: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in kwargs.items() if key not in _NOT_FORWARDED}
    if form := options.pop("response_format", None):
        # As a plain field of the body: the client's own handling raises, and loses the text, when the reply is cut.
        options["extra_body"] = {**options.get("extra_body", {}), "response_format": form}
    return options


def openai_chat_model(base_url: str, name: str) -> OpenAIChatModel:
    """Make the chat model of a server; the key comes from ``SWF_OPENAI_API_KEY``.

    Args:
        base_url: for example ``http://127.0.0.1:8000/v1``.
        name: model's name on the server.
    """
    return OpenAIChatModel(
        model=name,
        base_url=base_url,
        api_key=SecretStr(os.environ.get("SWF_OPENAI_API_KEY") or "none"),
        max_retries=0,
        stream_usage=True,
        timeout=_TIMEOUT,
        # LangChain's guard waits for each chunk with asyncio.wait_for, which before Python 3.12 loses a cancellation
        # when a chunk is already there; the read timeout does the same work.
        stream_chunk_timeout=None,
    )
