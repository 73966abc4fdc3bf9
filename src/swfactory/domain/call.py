"""One model call: what was asked, how it was sampled, what came back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import Field

from swfactory.domain.budget import Usage
from swfactory.domain.value import Value

__all__ = ["Message", "Reply", "Request", "Sampling"]


class Message(Value):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str

    @classmethod
    def of(cls, kind: str, content: str) -> Self:
        """Make a message from a chat library's own word for the speaker, e.g. LangChain's ``human``."""
        return cls.model_validate({"role": {"human": "user", "ai": "assistant"}.get(kind, kind), "content": content})


class Sampling(Value):
    """How a reply is drawn.

    Args:
        temperature: 0 is greedy.
        seed: seed of the sampler.
        max_tokens: most tokens to generate.
        stop: strings that end the reply.
        json_schema: JSON Schema that the decoder enforces; None for free text.
    """

    temperature: float = Field(default=0.0, ge=0)
    seed: int = Field(default=0, ge=0)
    max_tokens: int = Field(default=1024, gt=0)
    stop: tuple[str, ...] = ()
    json_schema: dict[str, object] | None = None


class Request(Value):
    """A call as a role makes it.

    Args:
        role: factory role that asks, e.g. ``engineer``.
        messages: system message first.
        sampling: how the reply is drawn.
    """

    role: str
    messages: tuple[Message, ...] = Field(min_length=1)
    sampling: Sampling = Sampling()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the request: the key of its reply in a bundle."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def options(self) -> dict[str, Any]:
        """The keyword arguments with which every chat model of ours is called beside the messages."""
        sampling = self.sampling
        options: dict[str, Any] = {
            "role": self.role,
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            "max_tokens": sampling.max_tokens,
        }
        if sampling.stop:
            options["stop"] = list(sampling.stop)
        if sampling.json_schema is not None:
            schema = {"name": "reply", "strict": True, "schema": sampling.json_schema}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        return options

    @classmethod
    def from_options(cls, messages: Iterable[Message], options: Mapping[str, Any]) -> Self:
        """Rebuild the request from a chat model's messages and keyword arguments; the inverse of ``options``.

        Args:
            messages: the conversation.
            options: keyword arguments of the call; those that a request does not have are ignored.
        """
        given = {key: options[key] for key in ("temperature", "seed", "max_tokens") if options.get(key) is not None}
        form = options.get("response_format") or {}
        schema = form.get("json_schema", {}).get("schema") if form.get("type") == "json_schema" else None
        sampling = Sampling(stop=tuple(options.get("stop") or ()), json_schema=schema, **given)
        return cls(role=str(options.get("role") or ""), messages=tuple(messages), sampling=sampling)


class Reply(Value):
    """What the model answered.

    Args:
        text: the reply.
        usage: what it cost.
        finish: ``stop`` when the model ended it, ``length`` when the limit did, or when it only repeated itself.
    """

    text: str
    usage: Usage = Usage()
    finish: Literal["stop", "length"] = "stop"
