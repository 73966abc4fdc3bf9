"""Names of a program's arguments: the ready-made parser takes over those that the program uses."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from swfactory.programs.argument_parser import ARGUMENTS
from swfactory.programs.functions import parse

__all__ = ["name_arguments"]

_COMMAND = re.compile(r'(\w+) = \w+\.add_parser\("([^"]+)"')
_ARGUMENT = re.compile(r'(\w+)\.add_argument\("(\w+)"')
_FLAG = re.compile(r'(\w+)\.add_argument\("--?([\w-]+)"')
_NAMELESS = re.compile(r"(?:text|number)\d*")
"""What an argument is called of which only a value is known."""
_NOT_ARGUMENTS = frozenset(["command", *dir(argparse.Namespace)])


def name_arguments(tree: Mapping[str, str]) -> dict[str, str]:
    """Give arguments that the ready-made parser could not name the names that the program uses for them.

    The requirement shows ``log 2024-03-05 chess``; only the program knows that ``chess`` is a game. Names are
    exchanged when a subcommand uses as many of its own as it has arguments without one, in their order.

    Args:
        tree: sources, path to text.

    Returns:
        All files, the parser with other names.
    """
    parser = tree.get(ARGUMENTS, "")
    modules = [parse(text) for path, text in tree.items() if path.endswith(".py") and path != ARGUMENTS]
    programs = [module for module in modules if module is not None]
    commands = dict(_COMMAND.findall(parser))
    branches = _branches(programs)
    anywhere = list(dict.fromkeys(name for program in programs for name in _uses([program])))
    names: dict[tuple[str, str], str] = {}
    for variable in dict.fromkeys(variable for variable, _ in _ARGUMENT.findall(parser)):
        known = [name for owner, name in _ARGUMENT.findall(parser) if owner == variable]
        options = {flag.replace("-", "_") for owner, flag in _FLAG.findall(parser) if owner == variable}
        used = branches.get(commands.get(variable, ""), [] if commands else anywhere)
        names |= {(variable, old): new for old, new in _matched(known, used, options).items()}
    if not names and commands:
        # The program hands its arguments on as a whole: all that is used against all that is known.
        known = list(dict.fromkeys(name for _, name in _ARGUMENT.findall(parser)))
        options = {flag.replace("-", "_") for _, flag in _FLAG.findall(parser)}
        used = [name for name in anywhere if name not in known]
        free = [name for name in known if name not in anywhere]
        found = _matched(free, used, options)
        names = {(owner, name): found[name] for owner, name in _ARGUMENT.findall(parser) if name in found}
    if not names:
        return dict(tree)
    renamed = _ARGUMENT.sub(
        lambda match: f'{match[1]}.add_argument("{names.get((match[1], match[2]), match[2])}"', parser
    )
    return {**tree, ARGUMENTS: renamed}


def _matched(known: list[str], used: Iterable[str], options: set[str]) -> dict[str, str]:
    """Old name to new one, for the arguments of one call."""
    slots = [name for name in known if _NAMELESS.fullmatch(name)]
    settled = {*known} - {*slots}
    wanted = [name for name in used if name not in settled | options | _NOT_ARGUMENTS]
    # A number is called so rightly; "text" may mean another argument.
    kept = {name for name in wanted if name in slots and name.startswith("number")}
    slots = [name for name in slots if name not in kept]
    wanted = [name for name in wanted if name not in kept]
    if len(slots) != len(wanted) or {*slots} == {*wanted}:
        return {}
    return {old: new for old, new in zip(slots, wanted, strict=True) if old != new}


def _branches(programs: Iterable[ast.Module]) -> dict[str, list[str]]:
    """Subcommand to the arguments that its branch uses, in the order of the text."""
    found: dict[str, list[str]] = {}
    for program in programs:
        for command, body in _choices(program):
            found.setdefault(command, []).extend(_uses(body))
    return {command: list(dict.fromkeys(names)) for command, names in found.items() if names}


def _choices(program: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    for node in ast.walk(program):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and _is_command(node.test.left):
            other = node.test.comparators[0]
            if isinstance(node.test.ops[0], ast.Eq) and isinstance(other, ast.Constant):
                yield str(other.value), node.body
        elif isinstance(node, ast.Match) and _is_command(node.subject):
            for case in node.cases:
                if isinstance(case.pattern, ast.MatchValue) and isinstance(case.pattern.value, ast.Constant):
                    yield str(case.pattern.value.value), case.body


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "command"


def _uses(nodes: Iterable[ast.AST]) -> list[str]:
    found = [
        (inner.lineno, inner.col_offset, inner.attr)
        for node in nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "args"
    ]
    return list(dict.fromkeys(name for *_, name in sorted(found)))
