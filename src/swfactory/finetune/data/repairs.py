"""The repair task: a function and its failing tests, answered by one wrong line and what belongs in its place.

A whole function as the answer is copied, nearly all of it, and teaches little; a line is the fault itself.
"""

from __future__ import annotations

import re
from importlib.resources import files as resources

from swfactory.finetune.rows import Message

__all__ = ["answer", "apply_answer", "code_of_prompt", "repair_prompt"]

_BLOCK = re.compile(r"```python\n(.*?)\n```", re.DOTALL)
_PAIR = re.compile(r"^-(?!-)[ \t]?(.*)\n\+(?!\+)[ \t]?(.*)$", re.MULTILINE)


def repair_prompt(code: str, output: str) -> tuple[Message, ...]:
    """Return the turns that ask for a repair.

    Args:
        code: the function.
        output: what pytest said.
    """
    system = resources("swfactory.finetune.data").joinpath("prompts/repair_system.txt").read_text("utf-8").strip()
    asked = f"```python\n{code.strip()}\n```\npytest output:\n```\n{output.strip()}\n```"
    return Message(role="system", content=system), Message(role="user", content=asked)


def answer(wrong: str, right: str) -> str:
    """Return the reply that repairs a function.

    Args:
        wrong: the line as it is; its indentation is left out, because it stays.
        right: the line as it should be.
    """
    return f"- {wrong.strip()}\n+ {right.strip()}"


def code_of_prompt(content: str) -> str:
    """Return the function that a turn of ``repair_prompt`` shows; empty when there is none.

    Args:
        content: of the user's turn.
    """
    found = _BLOCK.search(content)
    return found[1] + "\n" if found else ""


def apply_answer(code: str, reply: str) -> str | None:
    """Return the function with a reply's repair in it; None when the reply names no line of it.

    A line that occurs several times is replaced where it stands first.

    Args:
        code: the function.
        reply: of a model.
    """
    lines = code.splitlines()
    places = [line.strip() for line in lines]
    for wrong, right in _PAIR.findall(reply):
        if wrong.strip() and wrong.strip() in places:
            at = places.index(wrong.strip())
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            return "\n".join([*lines[:at], indent + right.strip(), *lines[at + 1 :]]) + "\n"
    return None
