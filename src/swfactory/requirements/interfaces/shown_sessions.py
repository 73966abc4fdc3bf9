"""Sessions with objects that a requirement shows in a block of code: statements, and what each gives.

The value stands in a comment, behind ``==``, or on the next line where there are prompts (as in the standard
library's ``doctest``)::

    cache = LRUCache(2)
    cache.put("a", 1)
    cache.get("a")  # 1
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swfactory.domain.markup import code_blocks
from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.homes import module_of
from swfactory.requirements.text.files import named_files
from swfactory.requirements.text.literals import imports_of, is_value
from swfactory.requirements.text.stated_values import GIVES, stated_value

__all__ = ["session_examples"]

_PROMPT = ">>> "
_GOES_ON = re.compile(r"\.\.\.( |$)")
_STEP = re.compile(r"\(?\d{1,2}[.:)]\s")
"""A remark that numbers the statement."""
_ERROR = re.compile(r"(?:(?:->|=>|→)\s*)?(?:raises?\s+(?:an?\s+)?|抛出\s*|引发\s*)?([A-Z]\w*Error|StopIteration)\b")
_FAILS = re.compile(
    r"(?:(?:->|=>|→)\s*)?(?:(?:Traceback|raises?|throws?|fails?|errors?|[A-Z]\w*Error)\b|抛出|引发|报错|出错)",
    re.IGNORECASE,
)
"""Says that a statement does not get through."""
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):.*^([A-Z]\w*)(?::|$)", re.DOTALL | re.MULTILINE)
_BUILT_IN = frozenset(["bool", "float", "int", "len", "list", "next", "repr", "set", "sorted", "str", "sum", "tuple"])


@dataclass(frozen=True)
class _Entry:
    """A statement, and what is said of it in a comment or shown below it.

    Args:
        node: the statement.
        said: what is said.
        is_shown: whether that is what Python shows, word for word.
    """

    node: ast.stmt
    said: str = ""
    is_shown: bool = False


@dataclass(frozen=True)
class _Statement:
    """A statement taken apart.

    Args:
        expression: what is worked out.
        target: the name that is given its value; empty for none.
        right: source of the value that it is compared with; empty for none.
        is_claim: whether it is true.
        is_printed: whether its text is printed.
    """

    expression: ast.expr
    target: str = ""
    right: str = ""
    is_claim: bool = False
    is_printed: bool = False

    @property
    def source(self) -> str:
        """What is done, without what is said of it."""
        left = ast.unparse(self.expression)
        return f"{self.target} = {left}" if self.target else left

    @property
    def acts(self) -> bool:
        """Whether what follows may depend on it."""
        return bool(self.target) or any(isinstance(n, ast.Call) and not _makes(n) for n in ast.walk(self.expression))

    @property
    def makes(self) -> bool:
        """Whether it makes an object, of which a comment says something else than its value."""
        return _makes(self.expression)


def session_examples(text: str) -> tuple[ApiExample, ...]:
    """Find what the sessions of a requirement give, each value with the statements that lead to it.

    Args:
        text: the requirement.
    """
    found: dict[str, ApiExample] = {}
    for block in code_blocks(text):
        for code in _checks(list(_entries(textwrap.dedent(block.code))), text):
            found.setdefault(code, ApiExample(origin="quoted", code=code))
    return tuple(found.values())


def _entries(code: str) -> Iterator[_Entry]:
    if not re.search(rf"^{_PROMPT}", code, re.MULTILINE):
        yield from _with_comments(code)
        return
    for piece in re.split(rf"^{_PROMPT}", code, flags=re.MULTILINE)[1:]:
        first, *rest = piece.splitlines()
        while rest and _GOES_ON.match(rest[0]):
            first += "\n" + rest.pop(0)[4:]
        shown = "\n".join(rest).split("\n\n")[0].strip()
        entries = list(_with_comments(first))
        if len(entries) != 1:
            return
        yield _Entry(entries[0].node, shown, is_shown=True) if shown else entries[0]


def _with_comments(code: str) -> Iterator[_Entry]:
    """Statements with the comments at the ends of their lines; none where the code is not Python's."""
    try:
        body = ast.parse(code).body
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (SyntaxError, ValueError, MemoryError, RecursionError, tokenize.TokenError):
        return
    comments = {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
    ends = [node.end_lineno or 0 for node in body]
    said = [comments.get(end, "") for end in ends]
    numbered = [comment for comment in said if comment.isdigit()] == [str(n) for n in range(1, len(body) + 1)]
    for node, comment in zip(body, said, strict=True):
        yield _Entry(node, "" if numbered or _STEP.match(comment) else comment)


def _checks(entries: Sequence[_Entry], text: str) -> Iterator[str]:
    """Snippets that end in a check; what can't be followed ends the session, as what is behind may depend on it."""
    known: set[str] = set()
    homes: dict[str, str] = {}
    done: list[str] = []
    for entry in entries:
        if isinstance(entry.node, ast.Import | ast.ImportFrom):
            homes |= _imported(entry.node, text)
            continue
        statement = _taken_apart(entry)
        if statement is None or not _is_known(statement.expression, known, homes, text):
            return
        error = _error(entry.said)
        if _FAILS.match(entry.said) and not error:
            return
        check = f"with pytest.raises({error}):\n    {statement.source}" if error else _check(statement, entry)
        if check and homes:
            yield _snippet(
                [*done, statement.source, check] if statement.target and not error else [*done, check], homes
            )
        if error and statement.target:
            return
        if statement.target:
            known.add(statement.target)
        if not error and statement.acts and (known or not check):  # without objects, calls tell nothing of others
            done.append(statement.source)


def _imported(node: ast.Import | ast.ImportFrom, text: str) -> dict[str, str]:
    """Names that a session imports from a module of the product, and the module."""
    paths = named_files(text)
    modules = {path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in paths}
    modules |= {path.split("/")[0] for path in paths if "/" in path}
    if isinstance(node, ast.ImportFrom) and node.module in modules:
        return {alias.name: node.module or "" for alias in node.names if alias.asname is None}
    return {}


def _taken_apart(entry: _Entry) -> _Statement | None:
    match entry.node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return _Statement(value, target=name)
        case ast.Expr(value=test) | ast.Assert(test=test):
            is_claim = isinstance(entry.node, ast.Assert)
        case _:
            return None
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]) if not entry.said and is_value(
            right
        ):
            return _Statement(left, right=ast.unparse(right))
        case ast.Call(func=ast.Name(id="print"), args=[value], keywords=[]):
            return _Statement(value, is_printed=True)
    return _Statement(test, is_claim=is_claim)


def _is_known(node: ast.expr, known: set[str], homes: dict[str, str], text: str) -> bool:
    """Whether an expression needs nothing but what was made before and what the product offers; adds to the latter."""
    nodes = [*ast.walk(node)]
    called = {one.func.id for one in nodes if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    for name in sorted({one.id for one in nodes if isinstance(one, ast.Name)} - known - {*homes}):
        if name in _BUILT_IN or imports_of(name):
            continue
        home = module_of(text, name) if name in called and not hasattr(builtins, name) else None
        if home is None:
            return False
        homes[name] = home
    return not any(isinstance(one, ast.Lambda | ast.Await | ast.NamedExpr) for one in nodes)


def _makes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1].isupper()


def _error(said: str) -> str:
    """The built-in exception that is said or shown to be raised; empty for none."""
    match = _TRACEBACK.match(said) or _ERROR.match(said)
    kind = getattr(builtins, match[1], None) if match else None
    return match[1] if match and isinstance(kind, type) and issubclass(kind, Exception) else ""


def _check(statement: _Statement, entry: _Entry) -> str:
    """An assertion of what is said of a statement; empty where that is nothing that can be checked."""
    left = statement.target or ast.unparse(statement.expression)
    if isinstance(statement.expression, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.IfExp) and not statement.target:
        left = left if statement.is_claim else f"({left})"
    if statement.is_claim:
        return f"assert {left}"
    if statement.is_printed:
        shown = entry.said if entry.is_shown or stated_value(entry.said) == entry.said else ""
        shown = shown if entry.is_shown else shown.strip("\"'")
        return f"assert str({left}) == {shown!r}" if shown else ""
    gives = GIVES.match(entry.said)
    value = statement.right or stated_value(entry.said[gives.end() if gives else 0 :])
    if value:
        return "" if statement.makes and not statement.right else f"assert {left} == {value}"
    is_repr = entry.is_shown and not re.search(r"\n|\.\.\.|<", entry.said)
    return f"assert repr({left}) == {entry.said!r}" if is_repr else ""


def _snippet(lines: Sequence[str], homes: dict[str, str]) -> str:
    code = "\n".join([*lines, ""])
    named = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    own = "".join(f"from {home} import {name}\n" for name, home in sorted(homes.items()) if name in named)
    return f"{'import pytest' + chr(10) if 'pytest.raises' in code else ''}{imports_of(code)}{own}\n{code}"
