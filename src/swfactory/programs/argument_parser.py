"""A parser for the command line that a requirement describes: written without a model.

A small model loses its way when it takes words apart by hand, and forgets to check them. The parser knows how the
program is called, which values are numbers or dates, and with which status a bad one ends the program.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from swfactory.requirements.commands.command_lines import Names, forms_of, words_of_commands
from swfactory.requirements.commands.exit_statuses import exit_statuses
from swfactory.requirements.commands.forms import NUMERIC_PLACEHOLDERS, Form
from swfactory.requirements.commands.placeholders import PLACEHOLDERS

__all__ = ["ARGUMENTS", "Parameter", "nameless", "parameters_of", "parser_module", "understands"]

ARGUMENTS = "arguments.py"
"""Where the parser goes."""


def parser_module(text: str, program: str, names: Names | None = None) -> str:
    """Write a module with ``parse_args()`` for a program that has subcommands or options.

    Args:
        text: the requirement.
        program: path of the program, e.g. ``main.py``.
        names: for arguments that the requirement does not name.

    Returns:
        Source of the module; empty when plain ``sys.argv`` will do, when the requirement asks for a module of that name
        itself, or when it does not show how the program is called well enough for the parser to understand every
        command that it quotes.
    """
    calls = words_of_commands(text, program)
    forms = forms_of(text, calls, names)
    if not forms or re.search(rf"\b{re.escape(ARGUMENTS)}\b", text):
        return ""
    if not all(_understands(forms, _with_values(words)) for words in calls if not _is_pattern(words)):
        return ""
    whole = _asks_for_whole(text)
    body = "\n".join(f"    {line}" for line in _render(forms))
    negative = _NOT_NEGATIVE if _refuses_negatives(text, forms) else ""
    sources = (_CHECKS | {"number": _WHOLE} if whole else _CHECKS).items()
    checks = "".join(source.format(negative=negative) for kind, source in sources if f"type={kind}" in body)
    needed = "from datetime import datetime\n" if "datetime." in checks else ""
    needed += "from math import isfinite\n" if "isfinite" in checks else ""
    return _MODULE.format(imports=needed, status=exit_statuses(text).usual, checks=checks, body=body)


@dataclass(frozen=True)
class Parameter:
    """What a program gets of its command line.

    Args:
        attribute: of what ``parse_args()`` returns.
        type: as Python writes it, e.g. ``list[str]``.
        example: a value that the requirement shows; empty for none.
    """

    attribute: str
    type: str
    example: str

    @property
    def name(self) -> str:
        """What a function calls it."""
        plural = self.type.startswith("list") and not self.attribute.endswith("s")
        return f"{self.attribute}s" if plural else self.attribute

    def __str__(self) -> str:
        shown = f", like {self.example}" if self.example else ""
        type_ = self.type.replace(" | ", " or ").replace("list[", "list of ").removesuffix("]")
        return f"args.{self.attribute} ({type_}{shown})"


def nameless(text: str, program: str) -> dict[str, list[str]]:
    """The arguments of subcommands where two values of one kind have no names of their own.

    One number among words can be told from them without a name, and a name that a model gets wrong misleads.

    Args:
        text: the requirement.
        program: path of the program.

    Returns:
        Subcommand (empty for a program without any) to values that the requirement shows of its arguments, in order.
    """
    if not parser_module(text, program):
        return {}
    forms = forms_of(text, words_of_commands(text, program))
    return {
        command: [argument.example or argument.name.upper() for argument in form.arguments]
        for command, form in forms.items()
        if _confusable(form)
    }


def _confusable(form: Form) -> bool:
    """Whether nothing tells two of its arguments apart."""
    kinds = [argument.kind for argument in form.arguments if argument.nameless]
    return len(set(kinds)) < len(kinds)


def understands(text: str, program: str, words: list[str]) -> bool:
    """Whether the parser takes a command; without a parser nobody knows, and every command may be meant.

    Args:
        text: the requirement.
        program: path of the program.
        words: what follows its name.
    """
    forms = forms_of(text, words_of_commands(text, program)) if parser_module(text, program) else {}
    return not forms or _understands(forms, words)


_POSITIONAL = re.compile(r'add_argument\("(\w+)"')


def parameters_of(text: str, program: str, names: Names | None = None, source: str = "") -> dict[str, list[Parameter]]:
    """Say what ``parse_args()`` returns: shown its source, a small model writes it again.

    Args:
        text: the requirement.
        program: path of the program.
        names: for arguments that the requirement does not name.
        source: the parser as it is in the product, where its arguments may have been renamed; empty for as it was made.

    Returns:
        Subcommand (empty for a program without any) to what it gets, in order; empty when there is no parser.
    """
    made = parser_module(text, program, names)
    if not made:
        return {}
    before, now = _POSITIONAL.findall(made), _POSITIONAL.findall(source)
    renamed = dict(zip(before, now, strict=True)) if len(before) == len(now) else {}
    forms, whole = forms_of(text, words_of_commands(text, program), names), _asks_for_whole(text)
    return {
        command: [
            _parameter(renamed.get(name, name), options, kind, example, whole)
            for name, options, kind, example in _settings(form)
        ]
        for command, form in forms.items()
    }


def _parameter(name: str, options: dict[str, Any], kind: str, example: str, whole: bool) -> Parameter:
    attribute = options.get("dest") or name.lstrip("-").replace("-", "_")
    number = "int" if whole or attribute == "id" else "int | float"
    type_ = "bool" if options.get("action") == "store_true" else number if kind == "number" else "str"
    if options.get("nargs") == "?":
        type_ = f"{type_} | None"
    elif options.get("action") == "append" or options.get("nargs"):
        type_ = f"list[{type_}]"
    elif name.startswith("-") and type_ != "bool" and "default" not in options:
        type_ = f"{type_} | None"
    return Parameter(attribute, type_, "".join(char for char in example if char.isprintable()))


_MODULE = '''\
"""Takes the command line apart."""

import argparse
import sys
{imports}

class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments and exits."""

    def error(self, message):
        print(f"error: {{message}}\\n{{self.format_usage()}}", file=sys.stderr)
        sys.exit({status})

{checks}
def parse_args() -> argparse.Namespace:
    """Return the arguments, checked."""
{body}
    return parser.parse_args()
'''

_NOT_NEGATIVE = """\
    if value < 0:
        raise ValueError(f"{text} is negative")
"""
_WHOLE = '''
def number(text):
    """A whole number."""
    value = int(text)
{negative}\
    return value

'''
_CHECKS = {
    "number": '''
def number(text):
    """An int, or a float when there is a decimal point."""
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{{text}} is not finite")
{negative}\
    return int(text) if text.lstrip("+-").isdigit() else value

''',
    "day": '''
def day(text):
    """The text itself, when it is a date like 2024-01-31."""
    return datetime.strptime(text, "%Y-%m-%d") and text

''',
    "month": '''
def month(text):
    """The text itself, when it is a month like 2024-01."""
    return datetime.strptime(text, "%Y-%m") and text

''',
}
"""What takes a value of a kind; a ValueError of it is an error of the command line."""

_TYPES: dict[str, Callable[[str], object]] = {"number": float, "day": str, "month": str}
_NEGATIVE = re.compile(
    r"\bnegative (?:[\w-]+ )?(?:or [\w-]+ )?(?:amount|price|number|value|quantit|count)"
    r"[^.;]{0,80}?\b(?:exit|error|status)"
    r"|\bnot (?:an? )?non-?negative\b|\bnegative (?:whole )?numbers?\b[^.;]{0,80}?\b(?:exit|error|status)"
    r"|(?:金额|价格|数字|数量|数值)(?:为负|是负数)[^。；]{0,40}(?:退出|错误|报错|状态)|不是非负(?:整)?数",
    re.IGNORECASE,
)

_WHOLE_NUMBERS = re.compile(r"\bwhole numbers?\b|\bintegers?\b|整数", re.IGNORECASE)
_DECIMALS = re.compile(r"\d\.\d|\bdecimals?\b|\bfloats?\b|小数", re.IGNORECASE)


def _asks_for_whole(text: str) -> bool:
    """Whether no number of a requirement has a fraction."""
    return bool(_WHOLE_NUMBERS.search(text)) and not _DECIMALS.search(text)


def _refuses_negatives(text: str, forms: dict[str, Form]) -> bool:
    """Whether every number of the command line is one that may not be negative."""
    several = any(sum(argument.kind == "number" for argument in form.arguments) > 1 for form in forms.values())
    return bool(_NEGATIVE.search(text)) and not several


def _is_pattern(words: list[str]) -> bool:
    """Whether a call shows optional parts rather than one way of calling."""
    return any(word[0] in "[<{" or word.endswith(("...", "…")) for word in words if word)


def _with_values(words: list[str]) -> list[str]:
    """A call with numbers in the place of what stands for them."""
    return ["1" if word in NUMERIC_PLACEHOLDERS else word for word in words]


def _understands(forms: dict[str, Form], words: list[str]) -> bool:
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


def _fill(parser: argparse.ArgumentParser, form: Form) -> None:
    for name, options, kind, _ in _settings(form):
        settings = options | ({"type": _TYPES[kind]} if kind else {})
        parser.add_argument(name, **settings)


def _render(forms: dict[str, Form]) -> list[str]:
    if not forms:
        return []
    lines = ["parser = Parser()"]
    if "" in forms:
        return [*lines, *_added("parser", forms[""])]
    lines.append('commands = parser.add_subparsers(dest="command", required=True)')
    for name, form in forms.items():
        variable = f"{name.replace('-', '_')}_parser"
        lines.append(f'{variable} = commands.add_parser("{name}")')
        lines += _added(variable, form)
    return lines


def _added(variable: str, form: Form) -> list[str]:
    lines: list[str] = []
    for name, options, kind, example in _settings(form):
        given = "".join(f", {key}={_quoted(value)}" for key, value in options.items())
        given += f", type={kind}" if kind else ""
        shown = "".join(char for char in example if char.isprintable())
        lines.append(f"{variable}.add_argument({_quoted(name)}{given}){f'  # e.g. {shown}' if shown else ''}")
    return lines


def _settings(form: Form) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Name, keyword arguments, kind and an example value of each argument and option."""
    taken = {"command", *(flag.lstrip("-").replace("-", "_") for flag in form.options)}
    for argument in form.arguments:
        name = f"{argument.name}_" if keyword.iskeyword(argument.name) or argument.name in taken else argument.name
        yield name, {"nargs": argument.count} if argument.count else {}, argument.kind, argument.example
    for option in form.options.values():
        how: dict[str, Any] = {} if option.value else {"action": "store_true"}
        how |= {"dest": f"{option.flag.lstrip('-')}_"} if keyword.iskeyword(option.flag.lstrip("-")) else {}
        how |= {"choices": [*option.choices]} if option.choices else {}
        how |= {"default": option.default} if option.default else {}
        if option.value and option.repeats:
            how = {"action": "append", "default": []}
        yield option.flag, how, option.kind, "" if option.value in PLACEHOLDERS else option.value


def _quoted(value: object) -> str:
    """Source of a string or list, whatever is in it."""
    return json.dumps(value)
