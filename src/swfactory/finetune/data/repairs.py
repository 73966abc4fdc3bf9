"""The mender's task as rows: a function and its failing tests, answered by one wrong line and the right one."""

from __future__ import annotations

import re

from swfactory.finetune.rows import Message
from swfactory.roles.mender import line_messages

__all__ = ["code_of_prompt", "repair_prompt"]

_BLOCK = re.compile(r"```python\n(.*?)\n```", re.DOTALL)


def repair_prompt(code: str, output: str) -> tuple[Message, ...]:
    """Return the turns that ask for a repair, as the mender is asked in the factory.

    Args:
        code: the function.
        output: what pytest said.
    """
    return tuple(Message(role=turn.role, content=turn.content) for turn in line_messages(code, output))


def code_of_prompt(content: str) -> str:
    """Return the function that a turn of ``repair_prompt`` shows; empty when there is none.

    Args:
        content: of the user's turn.
    """
    found = _BLOCK.search(content)
    return found[1] + "\n" if found else ""
