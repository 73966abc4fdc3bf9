"""One model call: what was asked, how it was sampled, what came back."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field

from swfactory.domain.budget import Usage
from swfactory.domain.value import Value

__all__ = ["Message", "Reply", "Request", "Sampling"]


class Message(Value):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


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


class Reply(Value):
    """What the model answered.

    Args:
        text: the reply.
        usage: what it cost.
        finish: ``stop`` when the model ended it, ``length`` when the limit did.
    """

    text: str
    usage: Usage = Usage()
    finish: Literal["stop", "length"] = "stop"
