"""The command line that a requirement describes, as a module with an argparse parser: found without a model.

A small model loses its way when it takes words apart by hand. How the program is called stands in the requirement:
``python main.py add "text" --tag work --tag urgent`` is a subcommand with one argument and an option that repeats.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import keyword
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from swfactory.roles.quotations import PLACEHOLDERS

__all__ = ["ARGUMENTS", "LISTED", "parser_module", "subcommand_of", "words_of_commands"]

ARGUMENTS = "arguments.py"
"""Where the parser goes."""

_SPAN = re.compile(r"`([^`\n]+)`")
_PROGRAM = re.compile(r"^(?:python3?\s+|\./)([\w./-]+\.py)\b\s*(.*)$")
_FLAG = re.compile(r"^--[a-z][\w-]*(?: \S+)?$")
LISTED = re.compile(r"(?<![\w`-])([a-z][a-z-]+)((?: +\[?[A-Z][A-Z_]+\]?(?:\.\.\.)?)+)(?![a-z])")
"""Subcommands named without quotes, e.g. ``lend ISBN MEMBER``: name, placeholders."""
_SUBCOMMAND = re.compile(r"^[a-z][a-z-]+$")
_OPTION = re.compile(r"^--?[A-Za-z][\w-]*$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}-\d{2}(?:-\d{2}(?:T[\d:]+)?)?$")


@dataclass
class _Argument:
    name: str
    example: str = ""
    count: str = ""


@dataclass
class _Option:
    flag: str
    value: str = ""
    repeats: bool = False


@dataclass
class _Form:
    """How one subcommand, or the program itself, is called."""

    arguments: list[_Argument] = field(default_factory=list)
    options: dict[str, _Option] = field(default_factory=dict)


def words_of_commands(text: str, program: str) -> list[list[str]]:
    """Words after the program's name, of every command in back-quotes that calls it.

    Args:
        text: the requirement.
        program: path of the program, e.g. ``main.py``.
    """
    found: list[list[str]] = []
    for span in _SPAN.findall(text):
        match = _PROGRAM.match(span.strip())
        if match is None or match[1].rsplit("/", 1)[-1] != program.rsplit("/", 1)[-1]:
            continue
        try:
            found.append(shlex.split(match[2]))
        except ValueError:
            continue
    return found


def subcommand_of(words: Sequence[str]) -> str:
    """The word that chooses what a program does; empty when the first word is something else."""
    return words[0] if words and _SUBCOMMAND.match(words[0]) else ""


def parser_module(text: str, program: str) -> str:
    """Write a module with ``parse_args()`` for a program that has subcommands or options.

    Args:
        text: the requirement.
        program: path of the program, e.g. ``main.py``.

    Returns:
        Source of the module; empty when plain ``sys.argv`` will do, when the requirement asks for a module of that name
        itself, or when it does not show how the program is called well enough for the parser to understand every
        command that it quotes.
    """
    calls = words_of_commands(text, program)
    forms = _program(text, calls)
    if not forms or re.search(rf"\b{re.escape(ARGUMENTS)}\b", text):
        return ""
    if not all(_understands(forms, words) for words in calls if not _is_pattern(words)):
        return ""
    return _MODULE.format(body="\n".join(f"    {line}" for line in _render(forms)))


_MODULE = '''\
"""Takes the command line apart."""

import argparse


def parse_args() -> argparse.Namespace:
    """Return the arguments; every value is a string, so numbers want int() or float()."""
{body}
    return parser.parse_args()
'''


def _is_pattern(words: list[str]) -> bool:
    """Whether a call shows optional parts rather than one way of calling."""
    return any(word[0] in "[<{" or word.endswith(("...", "…")) for word in words if word)


def _understands(forms: dict[str, _Form], words: list[str]) -> bool:
    """Whether the parser takes a command; built here, so that nothing of the requirement is executed."""
    parser = argparse.ArgumentParser()
    try:
        if "" in forms:
            _fill(parser, forms[""])
        else:
            commands = parser.add_subparsers(dest="command", required=True)
            for name, form in forms.items():
                _fill(commands.add_parser(name), form)
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            parser.parse_args(words)
    except SystemExit as exc:
        return not exc.code  # --help is understood
    except (argparse.ArgumentError, ValueError):
        return False
    return True


def _fill(parser: argparse.ArgumentParser, form: _Form) -> None:
    for name, options, _ in _settings(form):
        parser.add_argument(name, **options)


def _program(text: str, calls: list[list[str]]) -> dict[str, _Form]:
    """How a program is called: a form for each subcommand, or one named with nothing, or none at all."""
    named = [[name, *(f"<{word}>" for word in rest.split())] for name, rest in LISTED.findall(_SPAN.sub(" ", text))]
    alone = [span.split() for span in _SPAN.findall(text) if _FLAG.match(span)]
    heads = list(dict.fromkeys(words[0] for words in calls if words and _SUBCOMMAND.match(words[0])))
    listed = bool(re.search(r"subcommands?|子命令", text))
    if len(heads) > 1 or (listed and named) or _only_head(calls, heads):
        return _forms([*calls, *(named if listed else [])])
    if calls and any(word.strip("[").startswith("--") for words in (*calls, *alone) for word in words):
        form = _form(calls)
        form.options |= _form(alone).options
        return {"": form}
    return {}


def _only_head(calls: list[list[str]], heads: list[str]) -> bool:
    """Whether every call begins with the same plain word, followed by options or values."""
    return len(heads) == 1 and len(calls) > 0 and all(len(w) > 1 and w[0] == heads[0] for w in calls)


def _forms(calls: Iterable[list[str]]) -> dict[str, _Form]:
    grouped: dict[str, list[list[str]]] = {}
    for words in calls:
        if words and _SUBCOMMAND.match(words[0]):
            grouped.setdefault(words[0], []).append(words[1:])
    return {name: _form(rest) for name, rest in grouped.items()}


def _form(calls: Iterable[list[str]]) -> _Form:
    form = _Form()
    counts: set[int] = set()
    for words in calls:
        values, options = _read(words)
        arguments = [_argument(value) for value in values]
        counts.add(len(arguments))
        for flag, option in options.items():
            known = form.options.setdefault(flag, option)
            known.value = known.value or option.value
            known.repeats |= option.repeats
        # Placeholders are better names than what can be told from values.
        if (len(arguments), _placeholders(arguments)) > (len(form.arguments), _placeholders(form.arguments)):
            form.arguments = arguments
    alike = len({argument.name for argument in form.arguments}) == 1
    if alike and len(counts) > 1:
        first = form.arguments[0]
        form.arguments = [_Argument(f"{first.name}s", first.example, "*" if 0 in counts else "+")]
    else:
        form.arguments = _gathered(form.arguments)
    return form


def _placeholders(arguments: Iterable[_Argument]) -> int:
    return sum(not argument.example for argument in arguments)


def _gathered(arguments: list[_Argument]) -> list[_Argument]:
    """Three or more numbers at the end are as many as one likes; equal names are numbered."""
    run = 0
    while run < len(arguments) and arguments[-1 - run].name == "number":
        run += 1
    if run >= 3:
        arguments = [*arguments[:-run], _Argument("numbers", arguments[-run].example, "+")]
    seen: dict[str, int] = {}
    for argument in arguments:
        seen[argument.name] = seen.get(argument.name, 0) + 1
        if seen[argument.name] > 1:
            argument.name = f"{argument.name}{seen[argument.name]}"
    return arguments


def _read(words: list[str]) -> tuple[list[str], dict[str, _Option]]:
    """Tell the options of a call from its other words."""
    options: dict[str, _Option] = {}
    values: list[str] = []
    index = 0
    while index < len(words):
        word = words[index].strip("[]")
        if _OPTION.match(word):
            following = words[index + 1] if index + 1 < len(words) else "-"
            alone = words[index].endswith("]") or following.lstrip("[").startswith("-")
            options[word] = _Option(word, "" if alone else following.strip("[]"), repeats=word in options)
            index += 1 if alone else 2
        else:
            values.append(words[index])
            index += 1
    return values, {flag: option for flag, option in options.items() if flag not in {"-h", "--help"}}


def _argument(value: str) -> _Argument:
    """Name an argument after its placeholder, or after what kind of value stands in its place."""
    bare = value.strip("[]<>{}.…")
    name = re.sub(r"\W+", "_", bare).lower()
    if name and (bare in PLACEHOLDERS or value.startswith(("[", "<", "{"))):
        return _Argument(name, count="+" if value.endswith(("...", "…")) else "")
    return _Argument(_guess(value), example=value)


def _guess(value: str) -> str:
    if _DATE.match(value):
        return "date"
    if _NUMBER.match(value):
        return "number"
    if re.match(r"^[\w./-]+\.[A-Za-z]{1,5}$", value):
        return "file"
    return "text" if " " in value or value == "text" else "value"


def _render(forms: dict[str, _Form]) -> list[str]:
    if not forms:
        return []
    lines = ["parser = argparse.ArgumentParser()"]
    if "" in forms:
        return [*lines, *_added("parser", forms[""])]
    lines.append('commands = parser.add_subparsers(dest="command", required=True)')
    for name, form in forms.items():
        variable = f"{name.replace('-', '_')}_parser"
        lines.append(f'{variable} = commands.add_parser("{name}")')
        lines += _added(variable, form)
    return lines


def _added(variable: str, form: _Form) -> list[str]:
    lines: list[str] = []
    for name, options, example in _settings(form):
        given = "".join(f", {key}={_quoted(value)}" for key, value in options.items())
        shown = "".join(char for char in example if char.isprintable())
        lines.append(f"{variable}.add_argument({_quoted(name)}{given}){f'  # e.g. {shown}' if shown else ''}")
    return lines


def _settings(form: _Form) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Name, keyword arguments and an example value of each argument and option."""
    taken = {"command", *(flag.lstrip("-").replace("-", "_") for flag in form.options)}
    for argument in form.arguments:
        name = f"{argument.name}_" if keyword.iskeyword(argument.name) or argument.name in taken else argument.name
        yield name, {"nargs": argument.count} if argument.count else {}, argument.example
    for option in form.options.values():
        how: dict[str, Any] = {} if option.value else {"action": "store_true"}
        if option.value and option.repeats:
            how = {"action": "append", "default": []}
        yield option.flag, how, "" if option.value in PLACEHOLDERS else option.value


def _quoted(value: object) -> str:
    """Source of a string or list, whatever is in it."""
    return json.dumps(value)
