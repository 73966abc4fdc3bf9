"""Parts of one program in place of another's: what two candidates each got right, joined without asking a model.

A small model rarely writes every function of a program right at once, but among a few samples most functions are
right somewhere. Exchanging them and running the tests costs no tokens (genetic improvement: Weimer et al. 2009, ICSE,
doi:10.1109/ICSE.2009.5070536).
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swfactory.programs.functions import first_line, functions_of, parse, source_lines

__all__ = ["crossings", "graft"]


def crossings(best: Mapping[str, str], donor: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield copies of ``best`` in which one file, then one function or method, comes from ``donor``.

    Args:
        best: sources of the product to improve, path to text.
        donor: sources of another one; files that only one of them has stay as they are.

    Yields:
        Whole products, the larger exchanges first.
    """
    shared = [path for path in best if path in donor and donor[path].strip() and best[path] != donor[path]]
    if len(shared) > 1 or set(best) - set(shared):
        for path in shared:
            yield {**best, path: donor[path]}
    for path in shared:
        for fragment in _fragments(best[path], donor[path]):
            if (text := graft(best[path], fragment)) is not None:
                yield {**best, path: text}


def graft(source: str, fragment: str) -> str | None:
    """Put the definitions of a fragment into a program, in place of those of the same name.

    A method may come inside its class or alone. Imports and definitions that the program lacks are added; other
    statements of the fragment are left out.

    Args:
        source: the program.
        fragment: definitions, e.g. the corrected functions that a model answers with.

    Returns:
        The new program; the fragment itself when it leaves nothing of the program over; None when one of the two, or
        what comes of them, does not parse.
    """
    tree, other = parse(source), parse(fragment)
    if tree is None or other is None:
        return None
    if _covers(other, tree):
        return fragment
    edits = _edits(_Source(tree, source_lines(source)), other, source_lines(fragment))
    lines = source_lines(source)
    # What a fragment defines twice, it means as it says last.
    last = {(start, end): new for start, end, new in edits if end > start}
    inserted = [edit for edit in edits if edit[0] == edit[1]]
    for start, end, new in sorted([*inserted, *((*at, new) for at, new in last.items())], key=_position, reverse=True):
        lines[start:end] = new
    text = "\n".join(lines) + "\n"
    return text if parse(text) is not None else None


_Edit = tuple[int, int, list[str]]
"""First line and the one after the last, counted from 0, and what takes their place."""


def _position(edit: _Edit) -> tuple[int, int]:
    return edit[:2]


@dataclass(frozen=True)
class _Source:
    tree: ast.Module
    lines: list[str]

    def top(self, name: str) -> ast.stmt | None:
        """The top-level statement that binds a name."""
        return next((node for node in self.tree.body if name in _binds(node)), None)

    def classes(self) -> list[ast.ClassDef]:
        """Top-level classes."""
        return [node for node in self.tree.body if isinstance(node, ast.ClassDef)]

    @property
    def place(self) -> int:
        """Line before which new definitions go: the first definition, below docstring and imports."""
        defs = [first_line(node) for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        return min(defs, default=len(self.lines))


def _edits(source: _Source, other: ast.Module, lines: list[str]) -> list[_Edit]:
    edits: list[_Edit] = []
    added: list[str] = []
    for node in other.body:
        text = lines[first_line(node) : node.end_lineno]
        match node:
            case ast.Import() | ast.ImportFrom():
                added += [] if ast.unparse(node) in {ast.unparse(n) for n in source.tree.body} else text
            case ast.FunctionDef(name=name):
                homes = [] if source.top(name) else [c for c in source.classes() if _method(c, name)]
                if _takes_self(node) and len(homes) == 1:
                    edits += _replaced(_method(homes[0], name), text)
                else:
                    edits, added = _put(source, name, text, edits, added)
            case ast.ClassDef(name=name) if isinstance(own := source.top(name), ast.ClassDef):
                edits += _methods(own, node, lines)
            case ast.ClassDef(name=name):
                edits, added = _put(source, name, text, edits, added)
            case ast.Assign() | ast.AnnAssign():
                edits, added = _put(source, next(iter(_binds(node)), ""), text, edits, added)
    if added:
        edits.append((source.place, source.place, [*added, ""]))
    return edits


def _put(
    source: _Source, name: str, text: list[str], edits: list[_Edit], added: list[str]
) -> tuple[list[_Edit], list[str]]:
    own = source.top(name) if name else None
    return ([*edits, *_replaced(own, text)], added) if own is not None else (edits, [*added, *text])


def _methods(own: ast.ClassDef, other: ast.ClassDef, lines: list[str]) -> list[_Edit]:
    edits: list[_Edit] = []
    assert own.end_lineno is not None
    for node in other.body:
        if isinstance(node, ast.FunctionDef):
            text = lines[first_line(node) : node.end_lineno]
            mine = _method(own, node.name)
            indent = " " * own.body[0].col_offset
            new = ["", *_indented(text, indent)]
            edits += _replaced(mine, text) if mine else [(own.end_lineno, own.end_lineno, new)]
    return edits


def _replaced(own: ast.stmt | None, text: list[str]) -> list[_Edit]:
    assert own is not None
    assert own.end_lineno is not None
    return [(first_line(own), own.end_lineno, _indented(text, " " * own.col_offset))]


def _indented(text: Sequence[str], indent: str) -> list[str]:
    """Lines of a definition as they stand elsewhere."""
    return [indent + line if line else "" for line in textwrap.dedent("\n".join(text)).split("\n")]


def _covers(fragment: ast.Module, tree: ast.Module) -> bool:
    """Whether a fragment is a whole program: it defines all that the program does, and runs if that does."""

    def names(module: ast.Module) -> set[str]:
        kept = {function.name for function in functions_of(module)} | {
            n.name for n in module.body if isinstance(n, ast.ClassDef)
        }
        return kept | ({"__main__"} if any(isinstance(node, ast.If) for node in module.body) else set())

    return names(tree) <= names(fragment)


def _fragments(source: str, donor: str) -> Iterator[str]:
    """Each function and method of the donor that differs, with what it needs and the source lacks."""
    tree, other = parse(source), parse(donor)
    if tree is None or other is None:
        return
    mine = {function.name: ast.unparse(function.node) for function in functions_of(tree)}
    lines = source_lines(donor)
    for function in functions_of(other):
        name, node = function.name, function.node
        if name not in mine or mine[name] == ast.unparse(node):
            continue
        text = lines[first_line(node) : node.end_lineno]
        if "." in name:
            text = [f"class {name.split('.')[0]}:", *_indented(text, "    ")]
        yield "\n".join([*_needed(node, tree, other, lines), *text])


def _needed(part: ast.FunctionDef, tree: ast.Module, donor: ast.Module, lines: list[str]) -> list[str]:
    """Top-level statements of the donor that a part needs and the receiver lacks, directly or through each other."""
    known = {name for node in tree.body for name in _binds(node)}
    wanted = _names(part)
    taken: set[int] = set()
    grown = True
    while grown:
        grown = False
        for number, node in enumerate(donor.body):
            if number not in taken and any(name in wanted and name not in known for name in _binds(node)):
                taken.add(number)
                wanted |= _names(node)
                grown = True
    nodes = [node for number, node in enumerate(donor.body) if number in taken]
    return [line for node in nodes for line in lines[first_line(node) : node.end_lineno]]


def _names(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _method(home: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((n for n in home.body if isinstance(n, ast.FunctionDef) and n.name == name), None)


def _takes_self(node: ast.FunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg in {"self", "cls"}


def _binds(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).split(".")[0] for alias in names}
        case ast.Assign(targets=targets):
            return {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()
