"""Rows of training data, in the conversational form that TRL reads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from swfactory.domain.value import Value

__all__ = ["Completion", "Conversation", "Kind", "Message", "Origin", "Preference", "Prompt", "Row"]

Kind = Literal["sft", "preference", "kto", "prompt"]
"""What a data set teaches from: replies, pairs of replies, replies judged alone, or prompts that are rewarded."""


class Message(Value):
    """One turn.

    Args:
        role: who says it.
        content: what is said.
    """

    role: Literal["system", "user", "assistant"]
    content: str


class Origin(Value):
    """Where a row comes from.

    Args:
        source: name of the source in the recipe.
        group: what must not be divided between training and evaluation: a repository, a document, a run.
        path: file within it; empty for none.
        license: SPDX identifier; empty when unknown.
        name: of the function or class that the row is about; empty for none.
        maker: how it was made, e.g. ``docstring_to_body``.
    """

    source: str
    group: str
    path: str = ""
    license: str = ""
    name: str = ""
    maker: str = ""


class Row(Value):
    """What every row has.

    Args:
        origin: where it comes from; None for rows of a file that does not say.
    """

    origin: Origin | None = None


class Conversation(Row):
    """Supervised: the replies are to be learnt.

    Args:
        messages: turns, the last one of the assistant.
    """

    messages: tuple[Message, ...] = Field(min_length=1)


class Preference(Row):
    """A pair of replies to one prompt.

    Args:
        prompt: turns before the reply.
        chosen: the better reply.
        rejected: the worse one.
    """

    prompt: tuple[Message, ...] = Field(min_length=1)
    chosen: tuple[Message, ...] = Field(min_length=1)
    rejected: tuple[Message, ...] = Field(min_length=1)


class Completion(Row):
    """A reply that is good or bad by itself, as KTO learns from.

    Args:
        prompt: turns before the reply.
        completion: the reply.
        label: whether it is desirable.
    """

    prompt: tuple[Message, ...] = Field(min_length=1)
    completion: tuple[Message, ...] = Field(min_length=1)
    label: bool


class Prompt(Row):
    """A prompt whose replies are rewarded by running them.

    Args:
        prompt: turns before the reply.
        tests: pytest module that the code of the reply must pass; empty for none.
        module: file name that the tests import the code from.
    """

    prompt: tuple[Message, ...] = Field(min_length=1)
    tests: str = ""
    module: str = "solution.py"
