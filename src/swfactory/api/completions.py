"""The models and adapters of this machine for any client of OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.responses import JSONResponse, Response

from swfactory.api.chat_bodies import ChatBody
from swfactory.api.model_pool import ModelPool
from swfactory.api.services import Services, services
from swfactory.api.translation import Fault, TranslatingRoute, errors_of
from swfactory.errors import FactoryError
from swfactory.models import create_chat_model
from swfactory.models.offered import OfferedModel, find_offered, offered_models
from swfactory.runtime import ModelBuilder

__all__ = ["completions_router", "router"]

T = TypeVar("T")

_CLIENT_GONE = 499
"""Status of an answer that nobody reads any more, as nginx has it."""

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {"prompt_too_long": "context_length_exceeded", "not_found": "model_not_found"}


_ERRORS = errors_of(
    {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["message", "type", "param", "code"],
                "properties": {"message": {"type": "string"}, "type": {"type": "string"}},
            }
        },
    }
)
_REPLY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "a completion, or its chunks",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/event-stream": {}},
    }
}


class _Route(TranslatingRoute):
    """Errors in OpenAI's form."""

    @staticmethod
    def answer(fault: Fault) -> Response:
        status = 400 if fault.status == 422 else fault.status
        return JSONResponse({"error": _error(fault, status)}, status_code=status, headers=fault.headers)


def _error(fault: Fault, status: int) -> dict[str, Any]:
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    param = fault.param or ("model" if fault.kind == "not_found" else None)
    return {"message": fault.text, "type": kind, "param": param, "code": _CODES.get(fault.kind)}


@dataclass
class _Reply:
    """One reply while it comes.

    Args:
        model: name that the client asked for.
    """

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    finish: str = "stop"
    usage: dict[str, Any] | None = None

    def whole(self, text: str) -> dict[str, Any]:
        """Return the reply as one object."""
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        return self._about("chat.completion") | {"choices": [choice], "usage": self.usage}

    def piece(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        """Return a piece of the reply."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._about("chat.completion.chunk") | {"choices": [choice]}

    def account(self) -> dict[str, Any]:
        """Return the piece that says what the reply has cost."""
        return self._about("chat.completion.chunk") | {"choices": [], "usage": self.usage}

    def _about(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


async def _texts(pool: ModelPool, url: str, body: ChatBody, longest: int, reply: _Reply) -> AsyncGenerator[str, None]:
    """Yield the text of a reply as it comes; its account is in ``reply`` at the end."""
    chat, options = body.chat, body.options(longest)
    async with pool.use(url) as model, aclosing(_closable(model.astream(chat, **options))) as chunks:
        async for chunk in chunks:
            reply.finish = chunk.response_metadata.get("finish_reason") or reply.finish
            if usage := chunk.usage_metadata:
                cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
                reply.usage = {
                    "prompt_tokens": usage["input_tokens"],
                    "completion_tokens": usage["output_tokens"],
                    "total_tokens": usage["total_tokens"],
                    "prompt_tokens_details": {"cached_tokens": cached},
                }
            if chunk.text:
                yield chunk.text


def _closable(chunks: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    assert isinstance(chunks, AsyncGenerator)
    return chunks


async def _pieces(texts: AsyncGenerator[str, None], reply: _Reply, account: bool) -> AsyncGenerator[dict[str, Any]]:
    async with aclosing(texts):
        async for text in texts:
            yield reply.piece({"content": text})
    yield reply.piece({}, reply.finish)
    if account:
        yield reply.account()


async def _events(
    first: dict[str, Any], rest: AsyncGenerator[dict[str, Any]], reply: _Reply
) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(rest):
        yield _event(reply.piece({"role": "assistant", "content": ""}))
        yield _event(first)
        try:
            async for piece in rest:
                yield _event(piece)
        except FactoryError as exc:  # the status is long sent
            fault = Fault.of(exc)
            yield _event({"error": _error(fault, fault.status)})
            return
        yield ServerSentEvent("[DONE]")


def _event(data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False))


async def _joined(texts: AsyncGenerator[str, None]) -> str:
    async with aclosing(texts):
        return "".join([text async for text in texts])


async def _while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """Do some work for as long as its client is there; None when the client has gone."""
    task, gone = asyncio.create_task(work), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for item in (task, gone):
            item.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _shown(model: OfferedModel) -> dict[str, Any]:
    return {"id": model.name, "object": "model", "created": model.created, "owned_by": "swfactory"}


def completions_router(build: ModelBuilder = create_chat_model, *, most: int = 1) -> APIRouter:
    """Return the routes ``/v1/models`` and ``/v1/chat/completions``.

    Args:
        build: makes the chat model of a model URL.
        most: local models that are kept loaded.
    """
    routes = APIRouter(route_class=_Route, tags=["openai"], prefix="/v1", responses=_ERRORS)

    @routes.get("/models")
    def list_models(parts: Annotated[Services, Depends(services)]) -> dict[str, Any]:
        """List the models that are offered."""
        return {"object": "list", "data": [_shown(model) for model in offered_models(parts.settings)]}

    @routes.get("/models/{name:path}")
    def show_model(name: str, parts: Annotated[Services, Depends(services)]) -> dict[str, Any]:
        """Show a model."""
        return _shown(find_offered(name, parts.settings))

    @routes.post("/chat/completions", response_class=Response, responses=_REPLY)
    async def complete(request: Request, body: ChatBody, parts: Annotated[Services, Depends(services)]) -> Response:
        """Let a model answer a conversation, at once or as a stream."""
        body.check()
        offered = await asyncio.to_thread(find_offered, body.model, parts.settings)
        reply = _Reply(body.model)
        state = request.app.state
        if not hasattr(state, "chat_models"):
            state.chat_models = ModelPool(build, parts.settings, most=most)
        texts = _texts(state.chat_models, offered.url, body, parts.settings.context // 2, reply)
        if not body.stream:
            text = await _while_connected(request, _joined(texts))
            return Response(status_code=_CLIENT_GONE) if text is None else JSONResponse(reply.whole(text))
        pieces = _pieces(texts, reply, bool(body.stream_options and body.stream_options.include_usage))
        # The status tells whether the model could answer at all, so it waits for the first piece.
        first = await _while_connected(request, anext(pieces))
        if first is None:
            await pieces.aclose()
            return Response(status_code=_CLIENT_GONE)
        return EventSourceResponse(_events(first, pieces, reply))

    return routes


router = completions_router()
