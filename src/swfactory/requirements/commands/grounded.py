"""Commands that must succeed: they take a word that the requirement itself gives, on data that has what it names.

A model that makes up a session knows seldom what must come of it. That a query of the requirement's own works where the
data has its names is no guess, so no vote of products that cannot do it counts against such a test.
"""

from __future__ import annotations

import re

from swfactory.domain.spec import CommandExample

__all__ = ["grounded"]

_SPAN = re.compile(r"`([^`\n]+)`")
_NAME = re.compile(r"[A-Za-z_]{2,}")
_STRUCTURE = re.compile(r"[^\w\s-]")
"""A word that is more than a name: what is made of several says what is looked for."""


def grounded(example: CommandExample, text: str) -> CommandExample:
    """Return an example of one command as one that is stated, where it must succeed; any other as it is.

    Args:
        example: a command with the data it works on.
        text: the requirement.
    """
    data = {*_NAME.findall(" ".join([*example.files.values(), example.steps[0].stdin]))}
    given = {*_SPAN.findall(text)}
    if len(example.steps) > 1 or not data:
        return example
    (step,) = example.steps
    asked = [word for word in step.argv[2:] if word in given and word not in example.files and _STRUCTURE.search(word)]
    if not any((names := _NAME.findall(word)) and data.issuperset(names) for word in asked):
        return example
    return example.model_copy(update={"origin": "stated", "steps": (step.model_copy(update={"exit_code": 0}),)})
