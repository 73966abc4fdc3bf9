"""What a program's commands do when each is a call of a method: written without a model.

``rename OLD NEW`` beside ``rename(old, new)`` leaves nothing to think about; a small model checks in the program once
more what the method checks, otherwise, and swallows what it raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from swfactory.programs.argument_parser import Parameter
from swfactory.requirements.commands.command_notes import command_notes
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.interfaces.records import Record

__all__ = ["Glue", "glue"]

_NUMBER = re.compile(r"^prints? (?:a|the) (?:number|count)$|^prints? how many\b")
_ONE_EACH = re.compile(r"^(?:prints? )?one (\w+) per line$")
_LINES = re.compile(r"^(?:prints? )?lines `([^`{}]+)`(?: sorted by (\w+))?$")
_HOLDER = re.compile(r"[A-Z][A-Z_]+")


@dataclass(frozen=True)
class Glue:
    """A command that is a call of a method.

    Args:
        method: its name.
        body: lines of the command's function.
        answer: what the method has to return for that, as an order; empty when it does not matter.
    """

    method: str
    body: tuple[str, ...]
    answer: str = ""


def glue(
    text: str, commands: Mapping[str, Sequence[Parameter]], methods: Sequence[Method], subject: str
) -> dict[str, Glue]:
    """Find the commands that are calls of an object's methods.

    Args:
        text: the requirement.
        commands: subcommand to what it gets.
        methods: of the object's class, without ``__init__``.
        subject: what the program calls the object.

    Returns:
        Subcommand to what it does; those that do more, or nobody knows what, are left out.
    """
    notes = command_notes(text, commands)
    records = {record.name: record for method in methods for _, record in method.records.values()}
    found: dict[str, Glue] = {}
    for command, method in _pairs(commands, methods).items():
        call = f"{subject}.{method.name}({_given(commands[command], method)})"
        said = [note.partition(": ")[2] or note for note in notes.get(command, [])]
        made = _made(method.name, call, said, list(records.values()))
        if made is not None:
            found[command] = made
    return found


def _pairs(commands: Mapping[str, Sequence[Parameter]], methods: Sequence[Method]) -> dict[str, Method]:
    """The method of each command: that of its name, or the only one left that takes the same."""
    plain = [method for method in methods if not (method.name.startswith("__") or method.class_method)]
    pairs: dict[str, Method] = {}
    for command, parameters in commands.items():
        for method in plain:
            named = re.match(rf"{re.escape(command.replace('-', '_'))}(?:_|$)", method.name)
            if named and _fits(parameters, method):
                pairs.setdefault(command, method)
    for command, parameters in commands.items():
        left = [method for method in plain if method not in pairs.values() and _fits(parameters, method)]
        rivals = [name for name in commands if name not in pairs and _names(commands[name]) == _names(parameters)]
        if command not in pairs and len(left) == len(rivals) == 1 and parameters:
            pairs[command] = left[0]
    return pairs


def _names(parameters: Sequence[Parameter]) -> list[str]:
    return [parameter.name for parameter in parameters]


def _fits(parameters: Sequence[Parameter], method: Method) -> bool:
    """Whether a method takes what a command gets, one by one or as a record."""
    needed = required(method.parameters)
    return needed == _names(parameters) or (
        len(needed) == 1 and needed[0] in method.records and [*_record(method).fields] == _names(parameters)
    )


def _record(method: Method) -> Record:
    return method.records[required(method.parameters)[0]][1]


def _given(parameters: Sequence[Parameter], method: Method) -> str:
    given = ", ".join(_names(parameters))
    return given if required(method.parameters) == _names(parameters) else f"{_record(method).name}({given})"


def _made(method: str, call: str, said: Sequence[str], records: Sequence[Record]) -> Glue | None:
    if not said:
        return Glue(method, (call,))
    if len(said) > 1:
        return None
    if _NUMBER.search(said[0]):
        return Glue(method, (f"print({call})",), "return a number")
    if (each := _ONE_EACH.search(said[0])) and not iskeyword(each[1]):
        return Glue(method, (f"for {each[1]} in {call}:", f"    print({each[1]})"))
    lines = _LINES.search(said[0])
    return (
        next(filter(None, (_listed(method, call, lines[1], lines[2], record) for record in records)), None)
        if lines
        else None
    )


def _listed(method: str, call: str, shape: str, order: str | None, record: Record) -> Glue | None:
    """Lines that show fields of a record; None when they show something else."""
    shown = {name.lower() for name in _HOLDER.findall(shape)}
    one = record.name.lower()
    if iskeyword(one) or not shown or not shown | ({order} if order else set()) <= {*record.fields}:
        return None
    line = _HOLDER.sub(lambda match: f"{{{one}.{match[0].lower()}}}", shape)
    items = f"sorted({call}, key=lambda {one}: {one}.{order})" if order else call
    literal = f'"{line}"' if '"' not in line else repr(line)
    return Glue(method, (f"for {one} in {items}:", f"    print(f{literal})"), f"return a list of {record.name}")
