"""A chat model that answers from a run's bundle instead of from weights."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field, ValidationError

from swfactory.domain.call import Message, Reply, Request
from swfactory.errors import ConfigError, ModelRefused
from swfactory.models.streamed import StreamedChatModel

__all__ = ["ReplayChatModel"]

_CALLS = "calls.jsonl"


class ReplayChatModel(StreamedChatModel):
    """Answers each request with the reply that was recorded for it.

    Args:
        replies: reply by the digest of its request.
        source: where they come from, for messages.
    """

    replies: Mapping[str, Reply] = Field(repr=False)
    source: str = "a bundle"

    @classmethod
    def open(cls, bundle: Path) -> Self:
        """Read ``calls.jsonl`` of a bundle: one object a line, ``{"request": DIGEST, "reply": {...}}``.

        A request that was made twice, because its node was re-run, keeps its last reply.

        Args:
            bundle: folder or ``.zip``.

        Raises:
            ConfigError: there is no such bundle, or it is damaged.
        """
        replies: dict[str, Reply] = {}
        for number, line in enumerate(_lines(bundle), start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                replies[record["request"]] = Reply.model_validate(record["reply"])
            except (ValueError, KeyError, TypeError) as exc:
                reason = f"{exc.error_count()} wrong fields" if isinstance(exc, ValidationError) else repr(exc)
                raise ConfigError(
                    f"line {number} of {_CALLS} in {str(bundle)!r} is damaged: {reason}",
                    hint="swf export RUN out.zip  makes a new bundle",
                ) from exc
        return cls(replies=replies, source=str(bundle))

    @property
    def _llm_type(self) -> str:
        return "swfactory-replay"

    def _reply(self, messages: Iterable[BaseMessage], stop: list[str] | None, options: Mapping[str, Any]) -> Reply:
        turns = [Message.of(message.type, message.text) for message in messages]
        request = Request.from_options(turns, {**options, "stop": stop})
        reply = self.replies.get(request.digest)
        if reply is None:
            raise ModelRefused(
                f"the run diverged: {self.source!r} has no reply to "
                f"request {request.digest[:12]!r} of {request.role!r}",
                hint="replay with the same version, settings, seed and sandbox as the recorded run",
            )
        return reply

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._reply(messages, stop, kwargs)
        yield _account(reply)  # first, because a reply that was cut off is cut off again
        for line in reply.text.splitlines(keepends=True):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=line))
            if run_manager:
                run_manager.on_llm_new_token(line, chunk=chunk)
            yield chunk
        last = AIMessageChunk(content="", chunk_position="last")
        yield ChatGenerationChunk(message=last, generation_info={"finish_reason": reply.finish})


def _account(reply: Reply) -> ChatGenerationChunk:
    usage = UsageMetadata(
        input_tokens=reply.usage.prompt_tokens,
        output_tokens=reply.usage.completion_tokens,
        total_tokens=reply.usage.prompt_tokens + reply.usage.completion_tokens,
        input_token_details=InputTokenDetails(cache_read=reply.usage.cached_tokens),
    )
    info = {"finish_reason": reply.finish, "model_name": "replay", "seconds": reply.usage.seconds}
    return ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=usage, response_metadata=info))


def _lines(bundle: Path) -> Iterator[str]:
    hint = "swf export RUN out.zip  makes a bundle"
    try:
        if bundle.is_dir():
            yield from (bundle / _CALLS).read_text(encoding="utf-8").split("\n")
        else:
            with zipfile.ZipFile(bundle) as archive:
                yield from archive.read(_CALLS).decode().split("\n")
    except FileNotFoundError as exc:
        raise ConfigError(f"there is no bundle {str(bundle)!r}", hint=hint) from exc
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile) as exc:
        raise ConfigError(f"{str(bundle)!r} is not a bundle: {exc}", hint=hint) from exc
