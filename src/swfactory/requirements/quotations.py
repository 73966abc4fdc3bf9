"""All examples that a requirement quotes word for word: commands, sessions, calls, tables and objects."""

from __future__ import annotations

from swfactory.domain.spec import Example
from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.commands.transcripts import transcript_examples
from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.interfaces.object_examples import object_examples
from swfactory.requirements.interfaces.value_tables import table_examples

__all__ = ["quoted_examples"]


def quoted_examples(text: str) -> tuple[Example, ...]:
    """Find all examples of a requirement.

    Args:
        text: the requirement.
    """
    calls = [example for _, example in api_examples(text)]
    objects = [example for example in object_examples(text) if example not in calls]
    tables = [example for example in table_examples(text) if example not in calls]
    return (*command_examples(text), *transcript_examples(text), *calls, *tables, *objects)
