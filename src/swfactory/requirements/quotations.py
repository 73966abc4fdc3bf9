"""All examples that a requirement quotes word for word: commands, sessions, calls, tables and objects."""

from __future__ import annotations

import ast

from swfactory.domain.spec import ApiExample, Example
from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.commands.transcripts import transcript_examples
from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.interfaces.object_examples import object_examples
from swfactory.requirements.interfaces.shown_sessions import session_examples
from swfactory.requirements.interfaces.value_tables import table_examples

__all__ = ["quoted_examples"]


def quoted_examples(text: str) -> tuple[Example, ...]:
    """Find all examples of a requirement.

    Args:
        text: the requirement.
    """
    found: dict[str, ApiExample] = {}
    calls = (example for _, example in api_examples(text))
    for example in (*calls, *table_examples(text), *object_examples(text), *session_examples(text)):
        found.setdefault(ast.dump(ast.parse(example.code)), example)
    return (*command_examples(text), *transcript_examples(text), *found.values())
