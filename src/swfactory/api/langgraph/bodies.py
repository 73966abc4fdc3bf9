"""What clients of the dialect send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError

from swfactory.api.translation import Body
from swfactory.domain.budget import Budget
from swfactory.domain.run import Gate
from swfactory.domain.value import Value
from swfactory.errors import InputError

__all__ = [
    "MODES",
    "CheckpointBody",
    "CountBody",
    "HistoryBody",
    "Mode",
    "Options",
    "RunBody",
    "SearchBody",
    "StateBody",
    "ThreadBody",
    "ThreadPatch",
    "checked_modes",
    "checkpoint_id_of",
    "requirement_of",
]

Mode = Literal["values", "updates", "custom", "messages", "messages-tuple", "tasks"]

MODES: tuple[Mode, ...] = get_args(Mode)

_REFUSED = {
    "webhook": "follow the run's stream instead",
    "interrupt_before": "give the gates in the context: spec, design, release",
    "interrupt_after": "give the gates in the context: spec, design, release",
    "after_seconds": "start the run when it is wanted",
}
"""Fields of a run that cannot be honoured, with what to do instead."""


class Options(Value):
    """How a run is to work: the context of a run, or those keys of ``config.configurable``.

    Args:
        gates: gates that wait for a person.
        model: model URL of every role without one of its own.
        seed: seed of every sample.
        budget: bounds of the run.
        collections: where the roles look things up; empty for nowhere.
        experience: whether it is offered what earlier runs have left, and leaves something itself.
    """

    gates: tuple[Gate, ...] = ()
    model: str | None = None
    seed: int | None = Field(default=None, ge=0)
    budget: Budget | None = None
    collections: tuple[str, ...] | None = None
    experience: bool | None = None


class RunBody(Body):
    """What a run is to do; fields that are not listed are ignored, as those that only tune a server."""

    assistant_id: str
    input: Any = None
    command: dict[str, Any] | None = None
    config: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    checkpoint: dict[str, Any] | None = None
    checkpoint_id: str | None = None
    stream_mode: str | list[str] = "values"
    multitask_strategy: Literal["reject", "interrupt", "rollback", "enqueue"] = "reject"
    if_not_exists: Literal["create", "reject"] = "reject"
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["keep", "delete"] = "keep"
    webhook: str | None = None
    interrupt_before: Any = None
    interrupt_after: Any = None
    after_seconds: float | None = None

    def check(self) -> None:
        """Refuse what cannot be honoured.

        Raises:
            InputError: a field asks for something that the factory does not do.
            UnicodeEncodeError: the metadata hold half a surrogate pair.
        """
        for field, instead in _REFUSED.items():
            if getattr(self, field):
                raise InputError(f"{field!r} is not supported", hint=instead)
        if self.on_completion == "delete":
            raise InputError("'on_completion' cannot be 'delete': the product is kept", hint="delete the thread later")
        if self.command is not None and (extra := set(self.command) - {"resume"}):
            raise InputError(f"the command {min(extra)!r} is not supported", hint="command={'resume': ...}")
        checked_modes(self.stream_mode)
        # What cannot be kept must be found before the run begins.
        json.dumps(self.metadata, ensure_ascii=False).encode()

    @property
    def options(self) -> Options:
        """How the run is to work.

        Raises:
            InputError: a value cannot be used, or the context has a key that means nothing here.
        """
        own = (self.config or {}).get("configurable") or {}
        # A client keeps keys of its own in the configurable; in the context they would be a mistake.
        given = {key: own[key] for key in Options.model_fields if key in own} | (self.context or {})
        try:
            return Options.model_validate(given)
        except ValidationError as exc:
            first = exc.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise InputError(
                f"the context's {key!r} cannot be {first['input']!r}: {first['msg']}",
                hint=f"keys: {', '.join(Options.model_fields)}",
            ) from exc


class ThreadBody(Body):
    """A thread to make."""

    thread_id: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    if_exists: Literal["raise", "do_nothing"] = "raise"
    supersteps: list[Any] | None = None
    ttl: Any = None


class ThreadPatch(Body):
    """Metadata to add to a thread."""

    metadata: dict[str, Any] = Field(default_factory=dict)
    ttl: Any = None


class CountBody(Body):
    """Which threads or assistants to count."""

    metadata: dict[str, Any] = Field(default_factory=dict)
    values: dict[str, Any] = Field(default_factory=dict)
    ids: list[str] | None = None
    status: Literal["idle", "busy", "interrupted", "error"] | None = None
    graph_id: str | None = None
    name: str | None = None


class SearchBody(CountBody):
    """Which threads or assistants to list."""

    limit: int = Field(default=10, ge=1, le=1000)
    offset: int = Field(default=0, ge=0)
    sort_by: str | None = None
    sort_order: Literal["asc", "desc"] = "desc"
    select: list[str] | None = None
    extract: dict[str, str] | None = None


class HistoryBody(Body):
    """Which states of a thread to list."""

    limit: int = Field(default=10, ge=1, le=1000)
    before: Any = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    checkpoint: dict[str, Any] | None = None
    select: list[str] | None = None


class CheckpointBody(Body):
    """Which state of a thread to show."""

    checkpoint: dict[str, Any]
    select: list[str] | None = None


class StateBody(Body):
    """Values that a state is to have."""

    values: Any = None
    as_node: str | None = None
    checkpoint: dict[str, Any] | None = None
    checkpoint_id: str | None = None


def checked_modes(given: str | list[str]) -> tuple[str, ...]:
    """Return stream modes as a tuple.

    Raises:
        InputError: one of them cannot be had.
    """
    modes = (given,) if isinstance(given, str) else tuple(given)
    for mode in modes:
        if mode not in MODES:
            raise InputError(f"the stream mode {mode!r} is not supported", hint=f"choose of {', '.join(MODES)}")
    return modes or ("values",)


def checkpoint_id_of(given: object) -> str | None:
    """Return the id in a checkpoint as clients write it: the id itself, a checkpoint, or a config with one."""
    if isinstance(given, Mapping):
        inner = given.get("configurable")
        return checkpoint_id_of(inner if isinstance(inner, Mapping) else given.get("checkpoint_id"))
    return given if isinstance(given, str) and given else None


def requirement_of(given: object) -> str:
    """Return the requirement in the input of a run.

    Args:
        given: ``{"requirement": text}``, or ``{"messages": [...]}`` of a person's messages.

    Raises:
        InputError: there is none in it.
    """
    if isinstance(given, Mapping):
        if isinstance(text := given.get("requirement"), str) and text.strip():
            return _encodable(text)
        messages = given.get("messages")
        said = [_said(item) for item in (messages if isinstance(messages, list) else [messages])]
        if text := "\n\n".join(part for part in said if part):
            return _encodable(text)
    raise InputError("the input holds no requirement", hint='input={"requirement": "..."}, or messages of a user')


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise InputError(f"the requirement is no text: {text[:40]!r}", hint="send UTF-8") from exc
    return text


def _said(message: object) -> str:
    """What a message of a person says; empty for any other."""
    if isinstance(message, str):
        return message.strip()
    if not isinstance(message, Mapping) or message.get("role", message.get("type")) not in {"user", "human"}:
        return ""
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str)).strip()
