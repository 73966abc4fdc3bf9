"""llama.cpp in this process: one server a model file, shared by everyone who asks for the same one."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from swfactory.errors import ModelError, ModelRefused, ModelUnavailable, PromptTooLong
from swfactory.models.loading import POOL_CONTEXTS, EngineOptions
from swfactory.models.loading import load_server as _load

__all__ = ["Engine", "EngineOptions", "Job", "acquire_engine", "close_engines", "free_cores", "release_engine"]

_GATHER_SECONDS = 0.01
"""How long a call waits for its siblings: the same prompt with the next seed."""

_BYTES_PER_TOKEN = 2.5
"""A cautious guess for admission; code and English have more bytes in a token, Chinese about as many."""


_TOKENS_SECONDS = 60.0


@dataclass(eq=False)
class Job:
    """One call under way.

    Args:
        body: request in the form of OpenAI's chat completions, without ``seed``, ``n`` and ``stream``.
        seed: seed of the sampler.
        deliver: gets each chunk as a dict, then None at the end or the error; called from another thread.
    """

    body: Mapping[str, Any]
    seed: int
    deliver: Callable[[dict[str, Any] | ModelError | None], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    finished: bool = False

    def finish(self, error: ModelError | None = None) -> None:
        """Deliver the end, once."""
        if not self.finished:
            self.finished = True
            self.deliver(error)

    @property
    def dropped(self) -> bool:
        """Whether nobody waits for more of it."""
        return self.finished or self.cancelled.is_set()


class Engine:
    """One llama.cpp server, without its network side.

    Calls that arrive together and differ in consecutive seeds only go out as one request: the prompt is read once
    and the samples are drawn in one batch. The samples are those that each seed would give alone.
    """

    def __init__(self, options: EngineOptions) -> None:
        self.options = options
        self._key = secrets.token_hex(32)  # the network side is this process's own
        self._server = _load(options, self._key)
        self._gate = threading.Condition()
        self._gathering: dict[str, list[Job]] = {}
        self._running: set[Job] = set()
        self._free_slots = options.parallel
        self._free_tokens = options.context * POOL_CONTEXTS
        self._closed = False

    @property
    def active(self) -> int:
        """Calls under way, those that wait for a slot included."""
        with self._gate:
            return len(self._running)

    def submit(self, job: Job) -> None:
        """Start a call; never blocks.

        Raises:
            ModelUnavailable: the engine was closed.
        """
        key = json.dumps(job.body, sort_keys=True)
        with self._gate:
            if self._closed:
                raise self._gone()
            self._running.add(job)
            if key in self._gathering:
                self._gathering[key].append(job)
                return
            self._gathering[key] = [job]
        threading.Thread(target=self._lead, args=(key,), name="swf-llama", daemon=True).start()

    def cancel(self, job: Job) -> None:
        """Stop a call: within a token when it is generating, within a batch when it is reading its prompt."""
        job.cancelled.set()
        with self._gate:
            self._gate.notify_all()

    def complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request of OpenAI's completions at once, beside the calls that are submitted.

        Args:
            request: its body; ``prompt`` may be a list of token ids.

        Raises:
            ModelRefused: the request cannot be served.
            ModelUnavailable: the engine was closed, or llama.cpp failed.
        """
        answers: list[dict[str, Any]] = []

        def take(answer: dict[str, Any]) -> bool:
            answers.append(answer)
            return self._closed

        if self._closed:
            raise self._gone()
        try:
            self._server.handle_completions({**request, "stream": False}, take)
        except ValueError as exc:
            raise ModelRefused(f"the model cannot serve the request: {exc}", hint="look at the request") from exc
        except RuntimeError as exc:
            raise ModelUnavailable(f"the model stopped: {exc}", hint="swf doctor") from exc
        if not answers:
            raise ModelUnavailable("the model gave no answer", hint="swf doctor")
        if "error" in answers[-1]:
            raise _translate(answers[-1]["error"])
        return answers[-1]

    def tokens(self, text: str) -> list[int]:
        """Cut a text into the model's tokens, with those that it begins texts with.

        Args:
            text: of any length.

        Returns:
            Token ids.

        Raises:
            ModelUnavailable: the engine was closed, or llama.cpp failed.
        """
        import httpx

        server = self._server
        if server is None:
            raise self._gone()
        try:
            # The binding has no call for it; proxies are for what leaves the machine.
            with httpx.Client(trust_env=False, timeout=_TOKENS_SECONDS) as client:
                answer = client.post(
                    f"{server.listening_address}/tokenize",
                    json={"content": text, "add_special": True},
                    headers={"Authorization": f"Bearer {self._key}"},
                )
            return [int(token) for token in answer.raise_for_status().json()["tokens"]]
        except (httpx.HTTPError, KeyError, ValueError) as exc:
            raise ModelUnavailable(f"the model cut no text into tokens: {exc}", hint="swf doctor") from exc

    def close(self) -> None:
        """Stop every call and free the memory."""
        with self._gate:
            self._closed = True
            for job in self._running:
                job.cancelled.set()
            self._gate.notify_all()
            self._gate.wait_for(lambda: not self._running)
            self._server = None

    def _gone(self) -> ModelUnavailable:
        return ModelUnavailable(f"the model {self.options.path.name!r} was closed", hint="swf resume RUN")

    def _lead(self, key: str) -> None:
        threading.Event().wait(_GATHER_SECONDS)
        with self._gate:
            jobs = self._gathering.pop(key)
        first, *others = _batches(jobs, self.options.parallel)
        for batch in others:
            threading.Thread(target=self._run, args=(batch,), name="swf-llama", daemon=True).start()
        self._run(first)

    def _run(self, batch: list[Job]) -> None:
        slots, tokens = len(batch), self._cost(batch)
        with self._gate:
            self._gate.wait_for(lambda: self._fits(slots, tokens) or all(job.dropped for job in batch))
            self._free_slots -= slots
            self._free_tokens -= tokens
        error: ModelError | None = None
        try:
            error = None if all(job.dropped for job in batch) else self._generate(batch)
            if self._closed:
                error = error or self._gone()
        finally:
            with self._gate:
                self._free_slots += slots
                self._free_tokens += tokens
                self._running.difference_update(batch)
                self._gate.notify_all()
            for job in batch:
                job.finish(error)

    def _fits(self, slots: int, tokens: int) -> bool:
        alone = self._free_slots == self.options.parallel
        return alone or (self._free_slots >= slots and self._free_tokens >= tokens)

    def _cost(self, batch: Sequence[Job]) -> int:
        body = batch[0].body
        prompt = sum(len(message["content"].encode()) for message in body["messages"]) / _BYTES_PER_TOKEN
        return int(prompt) + len(batch) * int(body["max_tokens"])

    def _generate(self, batch: list[Job]) -> ModelError | None:
        route = _Route(batch)
        request = {**batch[0].body, "seed": batch[0].seed, "stream": True}
        request |= {"stream_options": {"include_usage": True}, "return_progress": True}
        if len(batch) > 1:
            request["n"] = len(batch)
        try:
            self._server.handle_chat_completions(request, route)
        except ValueError as exc:
            return ModelRefused(
                f"the model cannot serve the request: {exc}", hint="look at the schema and the messages"
            )
        except RuntimeError as exc:
            return ModelUnavailable(f"the model stopped: {exc}", hint="swf doctor")
        return route.error


class _Route:
    """The server's callback: hands each chunk to its job and tells the server when to stop."""

    def __init__(self, batch: list[Job]) -> None:
        self._batch = batch
        self._ended = 0
        self.error: ModelError | None = None

    def __call__(self, chunk: dict[str, Any]) -> bool:
        if "error" in chunk:
            self.error = _translate(chunk["error"])
            return True
        for choice in chunk.get("choices", ()):
            job = self._batch[choice["index"]]
            if not job.dropped:
                job.deliver({**chunk, "choices": [choice]})
            if choice.get("finish_reason"):
                self._ended = choice["index"]
        if chunk.get("usage"):  # follows the last chunk of its choice at once, and does not name it
            job = self._batch[self._ended]
            if not job.dropped:
                job.deliver(chunk)
            job.finish()
        return all(job.dropped for job in self._batch)


def _batches(jobs: Sequence[Job], most: int) -> list[list[Job]]:
    """Split into runs of consecutive seeds, each at most ``most`` long."""
    batches: list[list[Job]] = []
    for job in sorted(jobs, key=lambda job: job.seed):
        for batch in batches:
            if len(batch) < most and batch[-1].seed + 1 == job.seed:
                batch.append(job)
                break
        else:
            batches.append([job])
    return batches


def _translate(error: Mapping[str, Any]) -> ModelError:
    message = str(error.get("message", error))
    if error.get("type") == "exceed_context_size_error":
        return PromptTooLong(
            f"the prompt of {error.get('n_prompt_tokens')} tokens does not fit the context of {error.get('n_ctx')}",
            hint="give the model more, e.g. SWF_CONTEXT=16384, or ask for less at once",
        )
    if int(error.get("code", 500)) < 500:
        return ModelRefused(f"the model refused the request: {message}", hint="look at the schema and the messages")
    return ModelUnavailable(f"the model failed: {message}", hint="fewer calls at once, or more with SWF_CONTEXT")


def free_cores() -> int:
    """Cores that this process may use: its affinity, and the quota of its control group."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    return cores


_lock = threading.Lock()
_engines: dict[EngineOptions, Engine] = {}


def acquire_engine(options: EngineOptions) -> Engine:
    """Return the process's engine of these options; load it when nobody has yet.

    Raises:
        ConfigError: an adapter file is missing.
        MissingExtraError: xllamacpp is not installed.
        ModelUnavailable: llama.cpp cannot load the file.
    """
    with _lock:
        if options not in _engines:
            _engines[options] = Engine(options)
        return _engines[options]


def release_engine(options: EngineOptions) -> bool:
    """Free the memory of an engine that nobody calls; the next use loads it again.

    Returns:
        Whether it was freed: not when it has calls under way, or was not loaded.
    """
    with _lock:
        engine = _engines.get(options)
        if engine is None or engine.active:
            return False
        del _engines[options]
    engine.close()
    return True


def close_engines() -> None:
    """Stop every call and free every model of this process; the next use loads again."""
    with _lock:
        engines = list(_engines.values())
        _engines.clear()
    for engine in engines:
        engine.close()


atexit.register(close_engines)
