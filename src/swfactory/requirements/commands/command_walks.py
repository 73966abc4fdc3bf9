"""The literal commands of a requirement as one session: none may crash or be misunderstood."""

from __future__ import annotations

import re
from collections.abc import Iterable

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.argument_values import with_values
from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.commands.exit_statuses import may_fail, stated_status
from swfactory.requirements.commands.printed import output_of
from swfactory.requirements.commands.quoted_commands import literal_argv, quoted_commands
from swfactory.requirements.text.failures import tells_of_failure
from swfactory.requirements.text.keeping import MAKES, keeps_data

__all__ = ["command_walk"]

_SOUGHT = re.compile(r"\b(?:WORD|TEXT|QUERY|TERM)\b|(?<= )(?:关键[词字]|单?词|文[本字])$")
_ANY_CASE = re.compile(r"\bany case\b|case[- ]insensitiv|ignor\w+ case|不区分大小写|大小写不敏感", re.IGNORECASE)
_REMOVES = frozenset(("cancel", "clear", "close", "delete", "drop", "pop", "remove", "reset", "rm"))


def command_walk(text: str, program: str) -> CommandExample | None:
    """All literal commands of a requirement in its order, as one session: none may crash or be misunderstood.

    The first one succeeds, and so does one that speaks only of what was given or shown before it, unless it is said
    to fail in some cases. Where data is kept, the first one is typed with values in place of its placeholders.

    Args:
        text: the requirement.
        program: path of the program that the commands start.

    Returns:
        The session; None when the requirement shows no command that is meant to succeed, or one alone and its output:
        that is an example already.
    """
    steps: dict[tuple[str, ...], Step] = {}
    known: set[str] = set()
    keeps, begun = keeps_data(text), None
    for command, said in quoted_commands(text):
        argv = literal_argv(command, text) or literal_argv(_searching(command, steps, said), text)
        if argv is None and keeps and not steps:  # what the others are about has to be put in
            argv = begun = literal_argv(with_values(command, text), text)
        if argv is not None and argv[1] == program and not (stated_status(said) or tells_of_failure(said)):
            words = argv[3:] if re.fullmatch(r"[a-z][a-z-]+", " ".join(argv[2:3])) else argv[2:]
            given = {word.casefold() for word in words if not word.startswith("-")}
            succeeds = (given <= known or not steps) and not may_fail(said)
            steps.setdefault(argv, Step(argv=argv, exit_code=0 if succeeds else None))
            if succeeds or argv[2:3] == () or argv[2] in MAKES:
                known |= given | {word.casefold() for word in (output_of(said) or "").split()}
    if len(steps) == 1 and any(example.steps[0].argv in steps for example in command_examples(text)):
        return None
    if not steps:
        return None
    walk = CommandExample(steps=tuple(steps.values()))
    return walk.model_copy(update={"origin": "stated"}) if _tells_a_story(walk) and begun is None else walk


def _tells_a_story(walk: CommandExample) -> bool:
    """Whether each command finds what it is about: something is put in first, and nothing taken away before the end."""
    names = [step.argv[2] if len(step.argv) > 2 else "" for step in walk.steps]
    return len(names) > 1 and names[0] in MAKES and not _REMOVES & {*names[:-1]}


def _searching(command: str, steps: Iterable[tuple[str, ...]], said: str) -> str:
    """A command that looks for something, with a word that an earlier command has put in."""
    given = next((word for argv in steps for word in argv[3:] if re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", word)), "")
    word = given.split(" ")[0]
    return _SOUGHT.sub(word[0].swapcase() + word[1:] if _ANY_CASE.search(said) else word, command) if word else command
