"""Where a node does its work: asks models within the budget, keeps the account, tells what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langgraph.runtime import Runtime
from pydantic import BaseModel

from swfactory.domain.budget import Usage
from swfactory.domain.call import Message, Reply, Request
from swfactory.domain.execution import Command, Execution
from swfactory.domain.references import Passage, References
from swfactory.domain.run import EventKind
from swfactory.errors import BudgetSpent, FactoryError, PromptTooLong, ReplyError, SandboxError, WorkspaceError
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState
from swfactory.graphs.timeshare import TimeShare
from swfactory.masking import mask_secrets
from swfactory.roles.task import Task, render

__all__ = ["Desk"]

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_SEED_STRIDE = 7919


class Desk:
    """One node's view of its run.

    Args:
        state: the state that the node was given.
        runtime: LangGraph's runtime, with the context in it.
    """

    def __init__(self, state: FactoryState, runtime: Runtime[FactoryContext]) -> None:
        self.state = state
        self.context = runtime.context
        self._write = runtime.stream_writer
        self._started = self.context.clock()
        self._usage: dict[str, Usage] = {}
        self._group = 1
        self._in_flight = 0
        self._time = TimeShare(self.context.clock)
        self._promised = 0
        self._looked_up: dict[tuple[str, int], str] = {}

    def tell(self, kind: EventKind, text: str, *, role: str = "", **data: object) -> None:
        """Report an event; ``data`` holds JSON values only."""
        self._write({"kind": kind, "role": role, "text": text, "data": data})

    def load(self, key: str, model: type[M]) -> M:
        """Read the document that the state refers to under ``key``."""
        return self.read(str(dict(self.state)[key]), model)

    def read(self, digest: str, model: type[M]) -> M:
        """Read a document by digest."""
        return model.model_validate_json(self.context.objects.get(digest))

    def store(self, document: BaseModel) -> str:
        """Keep a document and return its digest."""
        return self.context.objects.put(document.model_dump_json())

    def tree(self, commit: str | None = None) -> dict[str, str]:
        """Files of the current commit, or of another."""
        commit = commit or self.state.get("commit")
        return self.context.workspace.tree(commit) if commit else {}

    def commit(self, changes: Mapping[str, str | None], message: str, *, parent: str | None = None) -> str:
        """Record changes on the current commit, or another, and return the new one."""
        commit = self.context.workspace.commit(parent or self.state.get("commit"), changes, message)
        self.tell("commit", message, commit=commit, files=sorted(changes))
        return commit

    async def look_up(self, query: str, *, max_tokens: int) -> tuple[Passage, ...]:
        """Find passages of the user's own code and documents; none without a store, or when it cannot be read.

        Args:
            query: a requirement, a name, an error message.
            max_tokens: of all passages together.
        """
        if self.context.retriever is None:
            return ()
        if (query, max_tokens) in self._looked_up:  # the samples of a round ask alike
            return self.read(self._looked_up[query, max_tokens], References).passages
        started = self.context.clock()
        try:
            found = References(passages=tuple(await self.context.retriever.retrieve(query, max_tokens=max_tokens)))
        except FactoryError as exc:
            self.tell("note", f"nothing could be looked up: {exc.message}", hint=exc.hint)
            return ()
        digest = self.store(found)
        self.tell(
            "retrieval",
            f"{len(found.passages)} passages found",
            query=self.context.objects.put(query),
            max_tokens=max_tokens,
            passages=digest,
            sources=[passage.source for passage in found.passages],
            seconds=self.context.clock() - started,
        )
        self._looked_up[query, max_tokens] = digest
        return found.passages

    async def run(self, command: Command) -> Execution:
        """Run a program in the sandbox."""
        started = self.context.clock()
        done = await self.context.sandbox.run(command)
        seconds = self.context.clock() - started
        self.tell("execution", f"{command.argv[0]} ran for {seconds:.1f} s", seconds=seconds, verdict=done.verdict)
        if done.verdict != "exited":
            text = f"the sandbox stopped a run: {done.verdict} limit"
            self.tell("finding", text, verdict=done.verdict, argv=list(command.argv))
        return done

    @property
    def spent_tokens(self) -> int:
        """Tokens generated so far, this node's included."""
        accounts = (*self.state.get("usage", {}).values(), *self._usage.values())
        return sum(usage.completion_tokens for usage in accounts)

    @property
    def seconds(self) -> float:
        """Seconds of work in this node."""
        return self.context.clock() - self._started

    def check_budget(self) -> None:
        """Stop when a bound is reached.

        Raises:
            BudgetSpent: tokens or time are used up.
        """
        elapsed = self.state.get("seconds", 0.0) + self.seconds
        if bound := self.context.budget.spent(tokens=self.spent_tokens, seconds=elapsed):
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
        seed = (self.context.seed * _SEED_STRIDE + request.sampling.seed) % 2**31
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
        """Make one call; its tokens are shown as they come, and it is kept with its cost."""
        left = self.context.budget.max_tokens
        if left is not None:
            # Calls at work may use up what was promised to them, and those that are to join them want as much.
            room = (left - self.spent_tokens - self._promised) // max(1, self._group - self._in_flight)
            if room < 1:
                raise BudgetSpent("the run's tokens are used up", hint="tokens")
            if room < request.sampling.max_tokens:
                sampling = request.sampling.model_copy(update={"max_tokens": room})
                request = request.model_copy(update={"sampling": sampling})
        collected: AIMessageChunk | None = None
        model = self.context.model(request.role)
        call = object()
        self._time.start(call)
        self._in_flight += 1
        self._promised += request.sampling.max_tokens
        try:
            async for chunk in model.astream(_messages(request), **_options(request)):
                assert isinstance(chunk, AIMessageChunk | AIMessage)
                collected = chunk if collected is None else collected + chunk
                if text := _text(chunk):
                    self.tell("token", text, role=request.role)
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
            prompt=self.context.objects.put(request.model_dump_json()),
            reply=self.context.objects.put(reply.model_dump_json()),
            finish=reply.finish,
            **usage.model_dump(),
        )
        return reply

    def done(self, update: FactoryState | None = None) -> FactoryState:
        """The node's update, with what it spent and looked up."""
        spent = FactoryState(usage=self._usage, seconds=self.seconds)
        if self._looked_up:
            spent["lookups"] = [*self._looked_up.values()]
        return FactoryState(**{**(update or {}), **spent})


def _messages(request: Request) -> list[BaseMessage]:
    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.content) for message in request.messages]


def _options(request: Request) -> dict[str, Any]:
    sampling = request.sampling
    options: dict[str, Any] = {
        "role": request.role,
        "temperature": sampling.temperature,
        "seed": sampling.seed,
        "max_tokens": sampling.max_tokens,
    }
    if sampling.stop:
        options["stop"] = list(sampling.stop)
    if sampling.json_schema is not None:
        schema = {"name": "reply", "schema": sampling.json_schema, "strict": True}
        options["response_format"] = {"type": "json_schema", "json_schema": schema}
    return options


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


def sandbox_failed(done: Execution) -> SandboxError:
    """The error for a sandbox that runs nothing at all."""
    return SandboxError(f"the sandbox {done.backend!r} ran nothing: {done.stderr[-200:]}", hint="swf doctor")
