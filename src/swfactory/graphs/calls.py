"""Calls: models are asked within the budget, things are looked up, the account is kept, events are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.messages.ai import UsageMetadata
from pydantic import BaseModel

from swfactory.domain.budget import Usage
from swfactory.domain.call import Message, Reply, Request
from swfactory.domain.references import Passage, References
from swfactory.domain.run import EventKind
from swfactory.errors import BudgetSpent, FactoryError, PromptTooLong, ReplyError, WorkspaceError
from swfactory.graphs.context import CallContext
from swfactory.graphs.repetition import Repetition
from swfactory.graphs.state import Spent
from swfactory.graphs.timeshare import TimeShare
from swfactory.masking import mask_secrets
from swfactory.roles.task import Task, render

__all__ = ["CallDesk"]

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_SEED_STRIDE = 7919
_BYTES_PER_TOKEN = 3
"""What a prompt is counted as that no server has counted yet when its reply is cut off."""


class CallDesk:
    """Where a node asks models and looks things up.

    Args:
        state: the state that the node was given.
        context: models and stores.
        write: takes events.
    """

    def __init__(self, state: Mapping[str, Any], context: CallContext, write: Callable[[Any], None]) -> None:
        self._known = state
        self._calls = context
        self._write = write
        self._started = self._calls.clock()
        self._usage: dict[str, Usage] = {}
        self._group = 1
        self._in_flight = 0
        self._time = TimeShare(self._calls.clock)
        self._promised = 0
        self._looked_up: dict[tuple[str, int], str] = {}

    def tell(self, kind: EventKind, text: str, *, role: str = "", **data: object) -> None:
        """Report an event; ``data`` holds JSON values only."""
        self._write({"kind": kind, "role": role, "text": text, "data": data})

    def load(self, key: str, model: type[M]) -> M:
        """Read the document that the state refers to under ``key``."""
        return self.read(str(self._known[key]), model)

    def read(self, digest: str, model: type[M]) -> M:
        """Read a document by digest."""
        return model.model_validate_json(self._calls.objects.get(digest))

    def store(self, document: BaseModel) -> str:
        """Keep a document and return its digest."""
        return self._calls.objects.put(document.model_dump_json())

    async def look_up(self, query: str, *, max_tokens: int) -> tuple[Passage, ...]:
        """Find passages of the user's own code and documents; none without a store, or when it cannot be read.

        Args:
            query: a requirement, a name, an error message.
            max_tokens: of all passages together.
        """
        if self._calls.retriever is None:
            return ()
        if (query, max_tokens) in self._looked_up:  # the samples of a round ask alike
            return self.read(self._looked_up[query, max_tokens], References).passages
        started = self._calls.clock()
        try:
            found = References(passages=tuple(await self._calls.retriever.retrieve(query, max_tokens=max_tokens)))
        except FactoryError as exc:
            self.tell("note", f"nothing could be looked up: {exc.message}", hint=exc.hint)
            return ()
        digest = self.store(found)
        self.tell(
            "retrieval",
            f"{len(found.passages)} passages found",
            query=self._calls.objects.put(query),
            max_tokens=max_tokens,
            passages=digest,
            sources=[passage.source for passage in found.passages],
            seconds=self._calls.clock() - started,
        )
        self._looked_up[query, max_tokens] = digest
        return found.passages

    @property
    def spent_tokens(self) -> int:
        """Tokens generated so far, this node's included."""
        accounts = (*self._known.get("usage", {}).values(), *self._usage.values())
        return sum(usage.completion_tokens for usage in accounts)

    @property
    def seconds(self) -> float:
        """Seconds of work in this node."""
        return self._calls.clock() - self._started

    def check_budget(self) -> None:
        """Stop when a bound is reached.

        Raises:
            BudgetSpent: tokens or time are used up.
        """
        elapsed = self._known.get("seconds", 0.0) + self.seconds
        if bound := self._calls.budget.spent(tokens=self.spent_tokens, seconds=elapsed):
            raise BudgetSpent(f"the run's {bound} are used up", hint=bound)

    async def gather(self, work: Sequence[Awaitable[T]]) -> list[T]:
        """Work on several things at once, sharing what is left of the budget; those it is too small for are left out.

        Raises:
            BudgetSpent: it is too small for any.
        """
        self._group = len(work)
        try:
            ended = await asyncio.gather(*work, return_exceptions=True)
        finally:
            self._group = 1
        failed = [end for end in ended if isinstance(end, BaseException)]
        done = [end for end in ended if not isinstance(end, BaseException)]
        for error in failed:
            if not isinstance(error, BudgetSpent) or not done:
                raise error
        return done

    async def ask(self, task: Task[T]) -> T:
        """Ask a model and read its answer; a reply that cannot be used is asked for again, then replaced.

        Raises:
            BudgetSpent: tokens or time are used up.
            ReplyError: no reply could be used and the task has no fallback.
        """
        request = self._with_seed(task.request)
        problem = ReplyError("the model was not asked")
        for attempt in range(task.retries + 1):
            self.check_budget()
            try:
                reply = await self._call(request)
            except PromptTooLong as exc:
                problem = ReplyError(exc.message, hint=exc.hint)
                self.tell("note", f"{request.role}: {exc.message}", role=request.role)
                break
            try:
                return task.read(reply)
            except ReplyError as exc:
                problem = exc
            except WorkspaceError as exc:
                problem = ReplyError(exc.message)
            except (ValueError, KeyError, RecursionError, MemoryError) as exc:  # code nested too deep for the parser
                problem = ReplyError(f"the reply cannot be read: {exc}")
            self.tell("note", f"{request.role}: {problem.message}", role=request.role, attempt=attempt)
            request = self._again(request, reply, problem, attempt)
        if task.fallback is None:
            raise problem
        return task.fallback()

    def _with_seed(self, request: Request) -> Request:
        seed = (self._calls.seed * _SEED_STRIDE + request.sampling.seed) % 2**31
        messages = tuple(
            message.model_copy(update={"content": mask_secrets(message.content, assigned=False).text})
            for message in request.messages
        )
        sampling = request.sampling.model_copy(update={"seed": seed})
        return request.model_copy(update={"sampling": sampling, "messages": messages})

    @staticmethod
    def _again(request: Request, reply: Reply, problem: ReplyError, attempt: int) -> Request:
        """The same question with what was wrong; the bad reply is quoted short, because it may be 100,000 lines."""
        told = (
            Message(role="assistant", content=reply.text[:400] or "(nothing)"),
            Message(role="user", content=render("retry", problem=problem.message[:300])),
        )
        sampling = request.sampling.model_copy(
            update={"seed": request.sampling.seed + attempt + 1, "temperature": max(0.3, request.sampling.temperature)}
        )
        return request.model_copy(update={"messages": (*request.messages[:2], *told), "sampling": sampling})

    async def _call(self, request: Request) -> Reply:
        """Make one call; its tokens are shown as they come, and it is kept with its cost.

        A reply in free form that only repeats itself is cut off, as if its limit had been reached.
        """
        left = self._calls.budget.max_tokens
        if left is not None:
            # Calls at work may use up what was promised to them, and those that are to join them want as much.
            room = (left - self.spent_tokens - self._promised) // max(1, self._group - self._in_flight)
            if room < 1:
                raise BudgetSpent("the run's tokens are used up", hint="tokens")
            if room < request.sampling.max_tokens:
                sampling = request.sampling.model_copy(update={"max_tokens": room})
                request = request.model_copy(update={"sampling": sampling})
        collected: AIMessageChunk | None = None
        pieces = 0
        watch = Repetition() if request.sampling.json_schema is None else None
        model = self._calls.model(request.role)
        call = object()
        self._time.start(call)
        self._in_flight += 1
        self._promised += request.sampling.max_tokens
        try:
            async with contextlib.aclosing(_stream(model, request)) as chunks:
                async for chunk in chunks:
                    collected = chunk if collected is None else collected + chunk
                    if text := _text(chunk):
                        pieces += 1
                        self.tell("token", text, role=request.role)
                        if watch is not None and isinstance(collected, AIMessageChunk) and watch.add(text):
                            collected += _cut(request, collected, pieces)
                            break
        finally:
            self._in_flight -= 1
            self._promised -= request.sampling.max_tokens
            seconds = self._time.stop(call)
        reply = _reply(collected, seconds)
        self._usage[request.role] = self._usage.get(request.role, Usage()) + reply.usage
        usage = reply.usage
        self.tell(
            "call",
            f"{request.role}: {usage.completion_tokens} tokens in {usage.seconds:.1f} s",
            role=request.role,
            request=request.digest,
            prompt=self._calls.objects.put(request.model_dump_json()),
            reply=self._calls.objects.put(reply.model_dump_json()),
            finish=reply.finish,
            **usage.model_dump(),
        )
        return reply

    def spent(self) -> Spent:
        """What the node spent and looked up, for its update."""
        spent = Spent(usage=self._usage, seconds=self.seconds)
        if self._looked_up:
            spent["lookups"] = [*self._looked_up.values()]
        return spent


async def _stream(model: BaseChatModel, request: Request) -> AsyncGenerator[AIMessageChunk]:
    async for chunk in model.astream(_messages(request), **request.options):
        assert isinstance(chunk, AIMessageChunk | AIMessage)  # the whole of it where a model does not stream
        yield chunk


def _cut(request: Request, collected: AIMessageChunk, pieces: int) -> AIMessageChunk:
    """What a model would have said last of a reply that is cut off; what it has told itself counts."""
    cost = collected.usage_metadata or {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    prompt = sum(len(message.content.encode()) for message in request.messages) // _BYTES_PER_TOKEN
    read, written = 0 if cost["input_tokens"] else prompt, 0 if cost["output_tokens"] else pieces
    usage = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
    ended = {} if "finish_reason" in collected.response_metadata else {"finish_reason": "length"}
    return AIMessageChunk(content="", usage_metadata=usage, response_metadata=ended)


def _messages(request: Request) -> list[BaseMessage]:
    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.content) for message in request.messages]


def _text(chunk: AIMessage | AIMessageChunk) -> str:
    return chunk.content if isinstance(chunk.content, str) else chunk.text


def _reply(message: AIMessageChunk | None, seconds: float) -> Reply:
    """Read what LangChain collected; a recorded reply keeps the seconds it was recorded with."""
    if message is None:
        return Reply(text="")
    cost: Any = message.usage_metadata or {}
    metadata = message.response_metadata
    usage = Usage(
        calls=1,
        prompt_tokens=cost.get("input_tokens", 0),
        cached_tokens=(cost.get("input_token_details") or {}).get("cache_read", 0),
        completion_tokens=cost.get("output_tokens", 0),
        seconds=metadata.get("seconds", seconds),
    )
    finish = "length" if metadata.get("finish_reason") == "length" else "stop"
    # A lone surrogate, which a server can send as a JSON escape, could be neither kept nor sent again.
    text = _text(message).encode("utf-8", "replace").decode()
    return Reply(text=text, usage=usage, finish=finish)
