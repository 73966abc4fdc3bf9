"""A GGUF model as a LangChain chat model, run by llama.cpp in this process."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field

from swfactory.domain.call import Message, Request
from swfactory.errors import ModelError, ModelRefused, ModelUnavailable
from swfactory.models.bridge import hand_over
from swfactory.models.engine import Engine, EngineOptions, Job, acquire_engine, release_engine
from swfactory.models.streamed import StreamedChatModel

__all__ = ["LlamaChatModel"]


class LlamaChatModel(StreamedChatModel):
    """Streams from a GGUF model; every instance with the same options shares one loaded model.

    A call takes ``temperature``, ``seed``, ``max_tokens``, ``stop`` and ``response_format`` (JSON Schema, enforced by
    a grammar), ``top_p``, and of llama.cpp's own ``id_slot`` (keep a conversation's prefix in this slot) and ``lora``
    (``[{"id": 0, "scale": 1.0}]``, ids in the order of the URL; without it every adapter of the URL applies fully).
    ``role`` is accepted and ignored.

    Args:
        path: model file.
        adapters: LoRA files in GGUF form that are loaded beside it.
        applied: those of them that calls apply; None for all.
        threads: threads of computation.
        context: tokens of context a call.
        parallel: most calls in one batch.
        draft: draft model file.
        ngram: draft tokens from the prompt itself.
    """

    path: Path
    adapters: tuple[Path, ...] = ()
    applied: tuple[Path, ...] | None = None
    threads: int = Field(default=1, gt=0)
    context: int = Field(default=8192, gt=0)
    parallel: int = Field(default=4, gt=0)
    draft: Path | None = None
    ngram: bool = False

    @property
    def _llm_type(self) -> str:
        return "swfactory-llama"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": self.path.name, "adapters": [str(path) for path in self._own], "context": self.context}

    @property
    def _own(self) -> tuple[Path, ...]:
        return self.adapters if self.applied is None else self.applied

    def sharing(self, adapters: tuple[Path, ...]) -> LlamaChatModel:
        """Return this model on the engine that loads these adapters; its calls apply only those that they did.

        Args:
            adapters: LoRA files, this model's among them.
        """
        return self.model_copy(update={"adapters": adapters, "applied": self._own})

    def load(self) -> Engine:
        """Load the model now rather than at the first call.

        Returns:
            What runs it.

        Raises:
            ConfigError: an adapter file is missing.
            MissingExtraError: xllamacpp is not installed.
            ModelUnavailable: llama.cpp cannot load the file.
        """
        return acquire_engine(self._options)

    @property
    def active_calls(self) -> int:
        """Calls under way on the shared model, those of other instances included."""
        return self.load().active

    def unload(self) -> bool:
        """Free the model's memory, unless calls are under way; the next call loads it again.

        Returns:
            Whether it was freed.
        """
        return release_engine(self._options)

    @property
    def _options(self) -> EngineOptions:
        return EngineOptions(
            path=self.path,
            adapters=self.adapters,
            threads=self.threads,
            context=self.context,
            parallel=self.parallel,
            draft=self.draft,
            ngram=self.ngram,
        )

    def _body(self, messages: Sequence[BaseMessage], stop: Sequence[str] | None, options: Mapping[str, Any]) -> Job:
        turns = [Message.of(message.type, message.text) for message in messages]
        sampling = Request.from_options(turns, {**options, "stop": stop}).sampling
        body: dict[str, Any] = {
            "messages": [turn.model_dump() for turn in turns],
            "temperature": sampling.temperature,
            "max_tokens": sampling.max_tokens,
            "cache_prompt": True,
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.json_schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"schema": sampling.json_schema}}
        if options.get("top_p") is not None:
            body["top_p"] = float(options["top_p"])
        if options.get("id_slot") is not None:
            body["id_slot"] = int(options["id_slot"])
        if self.adapters:
            body["lora"] = self.scales(options.get("lora"))
        return Job(body=body, seed=sampling.seed, deliver=_ignore)

    def scales(self, asked: Sequence[Mapping[str, Any]] | None = None) -> list[dict[str, float]]:
        """Say how strongly each loaded adapter counts in a call, in the form of llama.cpp.

        Args:
            asked: the call's ``lora``, where one left out counts 0; None for all that calls apply.

        Raises:
            ModelRefused: there is no such adapter.
        """
        try:
            scales = dict.fromkeys(self._own, 1.0)
            if asked is not None:
                scales = {self._own[int(entry["id"])]: float(entry["scale"]) for entry in asked}
        except (IndexError, KeyError, TypeError, ValueError) as exc:
            raise ModelRefused(
                f"the adapters {asked!r} cannot be applied", hint='lora=[{"id": 0, "scale": 1.0}], ids as in the URL'
            ) from exc
        return [{"id": index, "scale": scales.get(path, 0.0)} for index, path in enumerate(self.adapters)]

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        engine, job = self.load(), self._body(messages, stop, kwargs)
        arrivals: queue.SimpleQueue[dict[str, Any] | ModelError | None] = queue.SimpleQueue()
        job.deliver = arrivals.put
        try:
            engine.submit(job)
        except ModelUnavailable:  # it was freed since it was looked up
            engine = self.load()
            engine.submit(job)
        reader = _Reader(self.path.name)
        try:
            while (item := arrivals.get()) is not None:
                if (chunk := reader.read(item)) is None:
                    continue
                if run_manager and chunk.text:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
            reader.check()
        finally:
            engine.cancel(job)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        loop = asyncio.get_running_loop()
        engine = await loop.run_in_executor(None, self.load)
        job = self._body(messages, stop, kwargs)
        arrivals: asyncio.Queue[dict[str, Any] | ModelError | None] = asyncio.Queue()
        job.deliver = lambda item: hand_over(loop, arrivals, item)
        try:
            engine.submit(job)
        except ModelUnavailable:  # it was freed since it was looked up
            engine = await loop.run_in_executor(None, self.load)
            engine.submit(job)
        reader = _Reader(self.path.name)
        try:
            while (item := await arrivals.get()) is not None:
                if (chunk := reader.read(item)) is None:
                    continue
                if run_manager and chunk.text:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
            reader.check()
        finally:
            engine.cancel(job)


class _Reader:
    """Turns the server's chunks into LangChain's; the last carries usage and finish reason."""

    def __init__(self, model_name: str) -> None:
        self._model_name = model_name
        self._finish = "stop"
        self._complete = False

    def check(self) -> None:
        """Raise unless the last chunk came."""
        if not self._complete:
            raise ModelUnavailable(
                f"the model {self._model_name!r} stopped in the middle of its reply", hint="swf doctor"
            )

    def read(self, item: dict[str, Any] | ModelError) -> ChatGenerationChunk | None:
        if isinstance(item, ModelError):
            raise item
        if usage := item.get("usage"):
            return self._last(usage, item.get("timings") or {})
        choice = item["choices"][0]
        self._finish = choice.get("finish_reason") or self._finish
        text = choice["delta"].get("content")
        return ChatGenerationChunk(message=AIMessageChunk(content=text)) if text else None

    def _last(self, usage: Mapping[str, Any], timings: Mapping[str, Any]) -> ChatGenerationChunk:
        self._complete = True
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
        metadata = UsageMetadata(
            input_tokens=usage["prompt_tokens"],
            output_tokens=usage["completion_tokens"],
            total_tokens=usage["total_tokens"],
            input_token_details=InputTokenDetails(cache_read=cached),
        )
        info = {
            "finish_reason": "length" if self._finish == "length" else "stop",
            "model_name": self._model_name,
            "prompt_per_second": round(float(timings.get("prompt_per_second") or 0.0), 2),
            "predicted_per_second": round(float(timings.get("predicted_per_second") or 0.0), 2),
        }
        message = AIMessageChunk(content="", usage_metadata=metadata, response_metadata=info, chunk_position="last")
        return ChatGenerationChunk(message=message, generation_info={"finish_reason": info["finish_reason"]})


def _ignore(item: object) -> None:
    del item
