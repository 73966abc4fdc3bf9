"""Numbers that are given once: "prints `saved note N`; a number is never used twice" asks for 2 after 1 was deleted."""

from __future__ import annotations

import re

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.command_lines import forms_of, subcommand_of, words_of_commands
from swfactory.requirements.commands.command_walks import command_walk
from swfactory.requirements.commands.listed_walks import listed_walk
from swfactory.requirements.commands.printed import output_of
from swfactory.requirements.commands.shapes import described_calls
from swfactory.requirements.text.keeping import GIVEN_ONCE, MAKES

__all__ = ["fresh_number_examples"]

_NUMBER = re.compile(r"(?<![\w.])(?:N|ID|NUMBER|1)(?![\w.])")
_EXPLAINED = re.compile(r"\bprints? `([^`\n]*)`,? where (?:N|ID|NUMBER)\b|打印 ?`([^`\n]*)`，其中 ?(?:N|ID|NUMBER)\b")
_HOLDER = re.compile(r"\b[A-Z][A-Z_]+\b|<\w")
_NUMBERS = frozenset(["id", "n", "number"])
_REMOVES = re.compile(r"(?:del|delete|drop|remove|rm)$")


def fresh_number_examples(text: str, program: str) -> tuple[CommandExample, ...]:
    """Put something in, take it away and put it in again: the number that is printed must be another.

    Args:
        text: the requirement.
        program: path of the program.

    Returns:
        One session; none where nothing says that numbers are used once, or what is printed with them.
    """
    walk = (command_walk(text, program) or listed_walk(text, program)) if GIVEN_ONCE.search(text) else None
    maker = walk.steps[0] if walk else None
    name = subcommand_of(maker.argv[2:]) if maker else ""
    forms = forms_of(text, words_of_commands(text, program))
    takers = [
        other
        for other, form in forms.items()
        if _REMOVES.match(other)
        and len(form.arguments) == 1
        and ({form.arguments[0].name, form.arguments[0].kind} & _NUMBERS)
    ]
    said = next((_printed(after) for words, after in described_calls(text) if words[:1] == [name]), "")
    second = _NUMBER.sub("2", said)
    if maker is None or name not in MAKES or not takers or len(_NUMBER.findall(said)) != 1 or _HOLDER.search(second):
        return ()
    taken = Step(argv=("python", program, takers[0], "1"))
    again = maker.model_copy(update={"stdout": f"{second}\n", "exit_code": 0})
    return (CommandExample(origin="stated", steps=(maker, taken, again)),)


def _printed(said: str) -> str:
    """What a command prints of the number that it gives; empty where that is not said word for word."""
    explained = _EXPLAINED.search(said)
    return explained[1] or explained[2] if explained else output_of(said) or ""
