"""What clients of OpenAI's chat completions send, as a call of one of our models."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, Field

from swfactory.api.translation import Body
from swfactory.errors import InputError

__all__ = ["ChatBody"]

_SEEDS = 2**31
_ANY_OBJECT: dict[str, Any] = {"type": "object"}

_REFUSED = ("tools", "functions", "logprobs", "logit_bias", "frequency_penalty", "presence_penalty", "audio")
"""Fields that change a reply and are not supported: refused unless they are empty."""


class _Part(BaseModel):
    type: str
    text: str = ""


class _Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[_Part] | None = None
    tool_calls: Any = None

    @property
    def text(self) -> str:
        """What it says.

        Raises:
            InputError: it holds something else than text.
        """
        if self.tool_calls:
            raise InputError("'tool_calls' in a message are not supported", hint="leave them out")
        if isinstance(self.content, list):
            for part in self.content:
                if part.type != "text":
                    raise InputError(f"a part of type {part.type!r} is not supported", hint="send text only")
            return "".join(part.text for part in self.content)
        return self.content or ""

    def as_message(self) -> BaseMessage:
        """Return it in LangChain's form."""
        match self.role:
            case "user":
                return HumanMessage(self.text)
            case "assistant":
                return AIMessage(self.text)
            case _:
                return SystemMessage(self.text)


class _StreamOptions(BaseModel):
    include_usage: bool = False


class _JsonSchema(BaseModel):
    name: str = "reply"
    schema_: dict[str, Any] = Field(alias="schema")


class _ResponseFormat(BaseModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _JsonSchema | None = None

    @property
    def wanted(self) -> dict[str, Any] | None:
        """The schema that the reply is held to; None for free text.

        Raises:
            InputError: the schema is missing.
        """
        if self.type == "text":
            return None
        if self.type == "json_object":
            return _ANY_OBJECT
        if self.json_schema is None:
            raise InputError("'response_format' holds no json_schema", hint="json_schema={'name', 'schema'}")
        return self.json_schema.schema_


_Stop = Annotated[str, Field(min_length=1)]


class ChatBody(Body):
    """A request for a chat completion; fields that are not listed do not change the reply and are ignored."""

    model: str
    messages: list[_Message] = Field(min_length=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, gt=0)
    max_completion_tokens: int | None = Field(default=None, gt=0)
    seed: int | None = Field(default=None, ge=0)
    stop: _Stop | list[_Stop] | None = None
    stream: bool = False
    stream_options: _StreamOptions | None = None
    response_format: _ResponseFormat | None = None
    n: int | None = None
    tools: Any = None
    functions: Any = None
    logprobs: Any = None
    logit_bias: Any = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    audio: Any = None

    def check(self) -> None:
        """Refuse what would give another reply than was asked for.

        Raises:
            InputError: a field asks for something that is not supported.
        """
        if self.n not in {None, 1}:
            raise InputError(f"'n' cannot be {self.n}: one reply a request", hint="ask again with another seed")
        for field in _REFUSED:
            if getattr(self, field):
                raise InputError(f"{field!r} is not supported by the models here", hint="leave it out")

    @property
    def chat(self) -> list[BaseMessage]:
        """The conversation in LangChain's form.

        Raises:
            InputError: a message holds something else than text.
        """
        return [message.as_message() for message in self.messages]

    def options(self, longest: int) -> dict[str, Any]:
        """Return the keyword arguments of the call.

        Args:
            longest: tokens of a reply when the request does not bound it.

        Raises:
            InputError: the response format cannot be used.
        """
        options: dict[str, Any] = {
            "role": "chat",
            "seed": secrets.randbelow(_SEEDS) if self.seed is None else self.seed,
            "max_tokens": self.max_completion_tokens or self.max_tokens or longest,
        }
        options |= {key: value for key in ("temperature", "top_p") if (value := getattr(self, key)) is not None}
        if self.stop:
            options["stop"] = [self.stop] if isinstance(self.stop, str) else self.stop
        if self.response_format and (schema := self.response_format.wanted) is not None:
            form = {"name": "reply", "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": form}
        return options
