"""The mender exchanges one wrong line of a function, when it was taught to: swf train finetune/repair/train.yaml.

A whole function as the answer is copied, nearly all of it, and teaches little; a line is the fault itself. What a model
answers that was not taught to mostly fits nowhere, so the factory asks only one that the settings name for this role.
"""

from __future__ import annotations

import re

from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.errors import ReplyError
from swfactory.programs.functions import source_lines
from swfactory.roles.task import Task, render

__all__ = ["ROLE", "answer", "exchange_line", "exchanged", "line_messages"]

ROLE = "mender"
_TOKENS = 160
_PAIR = re.compile(r"^-(?!-)[ \t]?(.*)\n\+(?!\+)[ \t]?(.*)$", re.MULTILINE)


def exchange_line(code: str, output: str, *, temperature: float = 0.0, seed: int = 0) -> Task[str]:
    """Ask for the wrong line of a function and what belongs in its place; the reply is read to the mended function.

    Args:
        code: the function.
        output: what its failing tests say.
        temperature: 0 is greedy.
        seed: seed of the sample.
    """
    sampling = Sampling(temperature=temperature, seed=seed, max_tokens=_TOKENS)

    def read(reply: Reply) -> str:
        mended = exchanged(code, reply.text)
        if mended is None or mended.strip() == code.strip():
            raise ReplyError("it names no line of the function, or changes nothing")
        return mended

    return Task(Request(role=ROLE, messages=line_messages(code, output), sampling=sampling), read, retries=0)


def line_messages(code: str, output: str) -> tuple[Message, Message]:
    """Return the turns that ask for a line; training and use must have the same.

    Args:
        code: the function.
        output: what its failing tests say.
    """
    asked = render("mend_line", code=code.strip(), output=output.strip())
    return Message(role="system", content=render("system_mender")), Message(role="user", content=asked)


def answer(wrong: str, right: str) -> str:
    """Return the reply that exchanges a line.

    Args:
        wrong: the line as it is; its indentation is left out, because it stays.
        right: the line as it should be.
    """
    return f"- {wrong.strip()}\n+ {right.strip()}"


def exchanged(code: str, reply: str) -> str | None:
    """Return the function with a reply's line in it; None when the reply names no line of it.

    A line that occurs several times is exchanged where it stands first.

    Args:
        code: the function.
        reply: of a model.
    """
    lines = source_lines(code)
    places = [line.strip() for line in lines]
    for wrong, right in _PAIR.findall(reply):
        if wrong.strip() and wrong.strip() in places:
            at = places.index(wrong.strip())
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            return "\n".join([*lines[:at], indent + right.strip(), *lines[at + 1 :]]) + "\n"
    return None
