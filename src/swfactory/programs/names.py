"""Names that mean two things in a program, and the program that has none."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from typing import NamedTuple

from swfactory.programs.functions import first_line, parse, source_lines

__all__ = ["name_date", "name_datetime", "name_locals", "name_main"]


def name_main(source: str) -> str:
    """Make a function of what stands below ``if __name__ == "__main__":``, so that it can be replaced like any other.

    A guard that only calls something stays, and so does one whose variables functions of the module use.
    """
    module = parse(source)
    guard = module.body[-1] if module is not None and module.body else None
    if module is None or not isinstance(guard, ast.If) or ast.unparse(guard.test) != "__name__ == '__main__'":
        return source
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    stored = {n.id for n in ast.walk(guard) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {n.id for node in functions for n in ast.walk(node) if isinstance(n, ast.Name)}
    taken = any(node.name == "main" for node in functions)
    if len(guard.body) < 2 or guard.orelse or taken or stored & used or guard.body[0].lineno == guard.lineno:
        return source
    lines = source_lines(source)
    start = first_line(guard)
    body = lines[guard.lineno : guard.end_lineno]
    call = " " * guard.body[0].col_offset + "main()"
    return "\n".join([*lines[:start], "def main():", *body, "", "", lines[start], call]) + "\n"


def name_locals(source: str, offered: Collection[str] = ()) -> str:
    """Rename local variables that hide a function which was called before they had a value.

    ``for pair in pair(x)`` raises UnboundLocalError: every ``pair`` of the function is the variable. Those that are not
    called get another name.

    Args:
        source: a module.
        offered: names of functions that it may have forgotten to import.
    """
    module = parse(source)
    if module is None:
        return source
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
    outer = {alias.asname or alias.name for node in imports for alias in node.names}
    outer |= {*offered, *(node.name for node in module.body if isinstance(node, ast.FunctionDef))}
    edits: list[_Edit] = []
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
        called = [node for node in calls if isinstance(node, ast.Name) and node.id in outer]
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node not in called]
        for name in {node.id for node in called}:
            first_call = min(node.lineno for node in called if node.id == name)
            stores = [node.lineno for node in names if node.id == name and isinstance(node.ctx, ast.Store)]
            if stores and first_call <= min(stores):
                edits += [_Edit(node, f"{name}_") for node in names if node.id == name]
    return _edited(source, edits)


_OF_MODULE = frozenset(["datetime", "timedelta", "timezone"])
_OF_CLASS = frozenset(["strptime", "strftime", "now", "today", "utcnow", "fromisoformat", "fromtimestamp", "combine"])


def name_datetime(source: str) -> str:
    """Tell the class ``datetime`` from the module of that name, where a program has imported the other one."""
    module = parse(source)
    if module is None or "datetime" not in source:
        return source
    imported = [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
    bound = {(type(node), alias.name) for node in imported for alias in node.names if not alias.asname}
    is_class, is_module = (ast.ImportFrom, "datetime") in bound, (ast.Import, "datetime") in bound
    uses = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "datetime"
    ]
    if is_class and not is_module:
        wrong, new = [node for node in uses if node.attr in _OF_MODULE], ""
    elif is_module and not is_class:
        wrong, new = [node for node in uses if node.attr in _OF_CLASS], "datetime.datetime."
    else:
        return source
    return _edited(source, [_Edit(node, f"{new}{node.attr}") for node in wrong])


_OF_DATE = frozenset(["fromisoformat", "today", "fromtimestamp", "fromordinal", "fromisocalendar"])


def name_date(source: str) -> str:
    """Tell the class ``date`` from a parameter of that name, in a function with both: ``date.fromisoformat(date)``.

    The parameter keeps its name, by which callers may give it.
    """
    module = parse(source)
    if module is None or "date." not in source:
        return source
    of_class: dict[ast.Name, None] = {}
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        if any(argument.arg == "date" for argument in function.args.args):
            calls = [
                node.value for node in ast.walk(function) if isinstance(node, ast.Attribute) and node.attr in _OF_DATE
            ]
            of_class |= dict.fromkeys(node for node in calls if isinstance(node, ast.Name) and node.id == "date")
    imports = (node for node in module.body if isinstance(node, ast.ImportFrom) and node.module == "datetime")
    first = next((node.names[0] for node in imports), None)
    edits = [_Edit(node, "date_" if first else "datetime.date") for node in of_class]
    if first and first.name == "*":
        return source
    if first and edits:
        edits.append(_Edit(first, f"date as date_, {ast.unparse(first)}"))
    return _edited(source, edits)


class _Edit(NamedTuple):
    """A piece of a program, and what is to stand there."""

    node: ast.expr | ast.alias
    text: str


def _edited(source: str, edits: Sequence[_Edit]) -> str:
    """Put other text in place of parts of a program; all stays when one of them is not where it should be."""
    lines = [line.encode() for line in source_lines(source)]
    for node, text in sorted(edits, key=lambda edit: (edit.node.lineno, edit.node.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        # Before Python 3.12, the places of what is inside an f-string could be wrong.
        if node.end_lineno != node.lineno or line[node.col_offset : node.end_col_offset] != ast.unparse(node).encode():
            return source
        lines[node.lineno - 1] = line[: node.col_offset] + text.encode() + line[node.end_col_offset :]
    return "\n".join(line.decode() for line in lines) + "\n" if edits else source
