"""What a reply makes of a faulty module: lines that are exchanged, or functions that are written anew."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from swfactory.bench.blocks import fenced_blocks
from swfactory.errors import ReplyError
from swfactory.programs.crossover import graft
from swfactory.programs.functions import functions_of, parse, source_lines

__all__ = ["patched"]

_HEADER = re.compile(r"(?:---|\+\+\+) \S|@@ ")


def patched(module: str, reply: str) -> str:
    r"""Return the module as a reply means it.

    A reply holds lines of a diff (``-wrong line``, then ``+right line``), or whole functions in a fence. Lines are
    found by their text, where it stands first; when it is found without its indentation only, the new lines are moved
    along.

    Args:
        module: text of the faulty module.
        reply: what the model said.

    Raises:
        ReplyError: it is neither, it does not fit the module, or it changes nothing.

    Example:
        >>> patched("def f(a):\n    return -a\n", "-    return -a\n+    return a")
        'def f(a):\n    return a\n'
    """
    fragment = _functions(module, reply)
    text = _with_imports(module, fragment) if fragment else _exchanged(module, reply)
    if text.strip() == module.strip():
        raise ReplyError("nothing is changed")
    return text


def _functions(module: str, reply: str) -> str:
    """The block that defines most functions of the module; empty when none does."""
    bodies = [block.body for block in fenced_blocks(reply)] or [reply]
    known = _names(module)
    best = max(bodies, key=lambda body: len(_names(body) & known))
    return best if _names(best) & known else ""


def _with_imports(module: str, fragment: str) -> str:
    """The module with the functions in it; its imports stay, which a reply that is asked for functions leaves out."""
    text, tree = graft(module, fragment), parse(module)
    if text is None or tree is None:
        raise ReplyError("the function cannot be put into the module")
    lines = source_lines(module)
    imports = [
        "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    missing = "\n".join(line for line in imports if line not in text)
    return f"{missing}\n\n\n{text}" if missing else text


def _names(text: str) -> set[str]:
    tree = parse(text)
    return set() if tree is None else {function.name for function in functions_of(tree)}


@dataclass(frozen=True)
class _Change:
    """Lines that go, and those that take their place."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def _exchanged(module: str, reply: str) -> str:
    lines = source_lines(module)
    done = 0
    for change in _changes(reply):
        places = _places(lines, change.old)
        if not places and not change.new:
            continue  # the point of a list, or a rule
        if not places:
            raise ReplyError(f"the line {change.old[0].strip()!r} is not in the module")
        place = places[0]
        end = place + len(change.old)
        lines[place:end] = _moved(change, lines[place])
        done += 1
    if not done:
        raise ReplyError(f"neither lines of a diff nor a function of the module are in the reply {reply[:80]!r}")
    return "\n".join(lines) + "\n"


def _changes(reply: str) -> list[_Change]:
    found: list[_Change] = []
    old: list[str] = []
    new: list[str] = []
    for line in [*reply.replace("\r\n", "\n").split("\n"), ""]:
        header = _HEADER.match(line)
        if line.startswith("-") and not header and not new:
            old.append(line[1:])
        elif line.startswith("+") and not header and old:
            new.append(line[1:])
        else:
            if old:
                found.append(_Change(tuple(old), tuple(new)))
            old, new = ([line[1:]] if line.startswith("-") and not header else []), []
    return found


def _places(lines: list[str], old: tuple[str, ...]) -> list[int]:
    """Where lines stand, counted from 0: exactly so, or else apart from their indentation."""
    starts = range(len(lines) - len(old) + 1)
    exact = [at for at in starts if all(lines[at + k].rstrip() == line.rstrip() for k, line in enumerate(old))]
    return exact or [at for at in starts if all(lines[at + k].strip() == line.strip() for k, line in enumerate(old))]


def _moved(change: _Change, stands: str) -> list[str]:
    """The new lines, indented as the first old one stands in the module."""
    shift = _indent(stands) - _indent(change.old[0])
    return [" " * max(0, _indent(line) + shift) + line.strip() for line in change.new]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
