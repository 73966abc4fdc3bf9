"""Questions about the user's own code and documents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from swfactory.api.access import require
from swfactory.api.schemas import EVENT_STREAM
from swfactory.api.services import Services, services
from swfactory.domain.answer import Answer
from swfactory.errors import FactoryError, InputError

__all__ = ["router"]

router = APIRouter(tags=["rag"], dependencies=[require("run")])


class Question(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(
        min_length=1,
        max_length=20_000,
        pattern=r"\S",
        description="in English or Chinese",
        examples=["How is a customer stored?"],
    )
    collections: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] | None = Field(
        default=None, min_length=1, max_length=20, description="where to look; null for the server's"
    )
    thread: str | None = Field(
        default=None,
        max_length=40,
        description="conversation that it goes on with, and that is kept",
        examples=["our-lib"],
    )


class Source(BaseModel):
    """A passage that was found."""

    number: int = Field(description="what statements cite it by")
    source: str = Field(examples=["our-lib/docs/ops.md:3"])
    text: str
    cited: bool


class AnswerView(BaseModel):
    """What the sources say to a question."""

    question: str
    answer: str = Field(description="empty where the sources do not say it", examples=["Logs are kept for 90 days.[1]"])
    supported: bool = Field(description="whether the sources say anything to it")
    sources: list[Source]
    left_out: list[str] = Field(description="sentences of the model that no source supports")

    @classmethod
    def of(cls, answer: Answer) -> AnswerView:
        """Return an answer as it is sent."""
        cited = answer.cited
        return cls(
            question=answer.question,
            answer=answer.text,
            supported=bool(answer.statements),
            sources=[
                Source(number=number, source=passage.source, text=passage.text, cited=number in cited)
                for number, passage in enumerate(answer.passages, start=1)
            ],
            left_out=list(answer.dropped),
        )


@router.post(
    "/ask",
    summary="Ask the store",
    response_model=AnswerView,
    responses={200: {"content": {"text/event-stream": {"itemSchema": EVENT_STREAM}}}},
)
async def ask(
    asked: Question, parts: Annotated[Services, Depends(services)], request: Request
) -> AnswerView | Response:
    """Answer a question from the store, with sources: a sentence that no source supports is left out.

    With `Accept: text/event-stream` it tells meanwhile what happens: `retrieval`, `token`, and last `answer`.
    """
    events = _events(parts, asked)
    if "text/event-stream" in request.headers.get("accept", ""):
        first = await anext(events)  # what cannot be asked is refused with a status, not within a stream
        return EventSourceResponse(_stream(first, events), ping=15, sep="\n")
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return AnswerView.of(event)
    raise InputError("there was no answer", hint="ask again")


async def _events(parts: Services, asked: Question) -> AsyncGenerator[dict[str, Any] | Answer]:
    library = await asyncio.to_thread(parts.factory.library, asked.collections)
    try:
        async for event in library.ask(asked.question, thread=asked.thread):
            yield event
    finally:
        await asyncio.to_thread(library.close)


async def _stream(
    first: dict[str, Any] | Answer, rest: AsyncGenerator[dict[str, Any] | Answer]
) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(rest):
            yield _frame(first)
            async for event in rest:
                yield _frame(event)
    except FactoryError as exc:
        yield ServerSentEvent(json.dumps({"message": exc.message, "hint": exc.hint}), event="error", sep="\n")


def _frame(event: dict[str, Any] | Answer) -> ServerSentEvent:
    if isinstance(event, Answer):
        return ServerSentEvent(AnswerView.of(event).model_dump_json(), event="answer", sep="\n")
    return ServerSentEvent(json.dumps(event, default=str), event=str(event.get("kind", "note")), sep="\n")
