"""Values that stand in the place of placeholders: ``name1`` for NAME, a day for DATE, a number for COUNT."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from swfactory.requirements.commands.command_lines import forms_of, words_of_commands
from swfactory.requirements.commands.forms import Argument, Form
from swfactory.requirements.commands.placeholders import has_placeholder

__all__ = ["argument_value", "is_file", "with_values"]

_FILES = frozenset(["dir", "directory", "file", "files", "folder", "input", "output", "path"])
_DAYS = ("2024-01-10", "2024-02-11")
_MONTHS = ("2024-01", "2024-02")
_NUMBERS = ("2", "3")
_TIMES = ("2024-01-10T08:30", "2024-02-11T09:00")
_BY_NAME = {"date": _DAYS, "day": _DAYS, "month": _MONTHS, "time": _TIMES, "year": ("2024", "2025")}


def is_file(argument: Argument) -> bool:
    """Whether an argument is a file or folder, as far as its name tells.

    Args:
        argument: of a command.
    """
    return argument.name in _FILES or argument.name.endswith("file")


def argument_value(argument: Argument, turn: int) -> str:
    """A value that an argument may have.

    Args:
        argument: its name and kind.
        turn: 0 or 1; each gives another value.
    """
    values = {"number": _NUMBERS, "day": _DAYS, "month": _MONTHS}.get(argument.kind) or _BY_NAME.get(argument.name)
    if values is None:
        return str(turn + 1) if argument.name == "id" else f"{argument.name}{turn + 1}"
    return values[turn]


def with_values(command: str, text: str) -> str:
    """Type a command of a program with subcommands, with values for its placeholders.

    Args:
        command: as the requirement shows it, such as ``python main.py start PROJECT 09:00``.
        text: the requirement.

    Returns:
        The command; as it is when it works on files, or its placeholders are those of options.
    """
    try:
        program, *words = shlex.split(command)[1:]
    except ValueError:
        return command
    forms: Mapping[str, Form] = forms_of(text, words_of_commands(text, program))
    form, given = forms.get(words[0] if words else ""), words[1:]
    if form is None or len(given) != len(form.arguments) or any(one.count or is_file(one) for one in form.arguments):
        return command
    typed = [
        (argument.example or argument_value(argument, 0)) if has_placeholder([word], text) else word
        for word, argument in zip(given, form.arguments, strict=True)
    ]
    return shlex.join(["python", program, words[0], *typed])
