"""Calls of a module, as a test engineer proposes them: one line each, and the exception it must raise, if any."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from swfactory.domain.call import Reply
from swfactory.domain.spec import ApiExample
from swfactory.errors import ReplyError

__all__ = ["OUTCOME_SCHEMA", "read_outcome", "read_snippets", "snippet_schema"]

OUTCOME_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"code": {"type": "string"}},
    "required": ["code"],
    "additionalProperties": False,
}
"""JSON Schema of the calls that lead to an outcome."""


class _Snippet(BaseModel):
    code: str
    raises: str | None = None


def snippet_schema(exceptions: Sequence[str], limit: int) -> dict[str, object]:
    """JSON Schema of a reply; only exceptions that the requirement names can be asked for."""
    calls: dict[str, object] = {"type": "array", "items": {"type": "string"}, "maxItems": limit}
    properties: dict[str, object] = {"calls": calls}
    if exceptions:
        fields = {"code": {"type": "string"}, "raises": {"enum": list(exceptions)}}
        error = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
        properties["errors"] = {"type": "array", "items": error, "maxItems": limit}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def read_snippets(
    reply: Reply, homes: Mapping[str, str], raising: Mapping[str, Sequence[str]] | None = None
) -> tuple[ApiExample, ...]:
    """Read calls; what does not parse or calls none of the module's names is left out.

    Args:
        reply: JSON, possibly cut off at its end.
        homes: name to the module that offers it.
        raising: function or method to the exceptions that it may raise by the requirement. Whether it must, is hard to
            say of a call that was only proposed; so both will do.

    Raises:
        ReplyError: the reply is no list of calls.
    """
    try:
        answer = from_json(reply.text, allow_partial=True)
        calls = [_Snippet(code=code) for code in answer["calls"]]
        # The last one may lack its exception, which would turn its meaning round.
        errors = [item for item in answer.get("errors", []) if item.get("raises")]
        calls += [_Snippet.model_validate(item) for item in errors]
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError) as exc:
        raise ReplyError(f"the calls are not valid: {exc}") from exc
    found: list[ApiExample] = []
    said: list[ast.stmt] = []
    for call in calls:
        body = _statements(call.code)
        # A small model goes on with the object of the call before: what a call lacks, the ones before it bring.
        before = said if _lacks(body, homes) or _used(body) & _bound(said) else []
        statements = [*before, *body]
        if not call.raises:
            statements = [_refusable(node, raising or {}) for node in statements]
        example = _example(statements, call.raises, homes)
        if example is not None and example not in found:
            found.append(example)
        if not call.raises:
            said += body
    return tuple(found)


def read_outcome(
    reply: Reply, homes: Mapping[str, str], function: str, value: str, made: str = ""
) -> ApiExample | None:
    """Read the calls that lead to an outcome; None when none of them is a call of the function.

    Args:
        reply: JSON, possibly cut off at its end.
        homes: name to the module that offers it.
        function: whose last call has the value; what comes after it leads nowhere.
        value: source of a literal.
        made: source of the object, where the calls may have begun with one that they did not make; empty for none.

    Raises:
        ReplyError: the reply has no code.
    """
    try:
        body = _statements(from_json(reply.text, allow_partial=True)["code"])
    except (ValueError, TypeError, KeyError) as exc:
        raise ReplyError(f"the calls are not valid: {exc}") from exc
    at, call = next(((at, call) for at, call in reversed([*_calls(body)]) if _called(call) == function), (0, None))
    if call is None:
        return None
    statements = [*body[:at], ast.Expr(call)]
    example = _example(statements, None, homes) or _example([*_making(statements, made), *statements], None, homes)
    if example is None:
        return None
    *before, last, end = example.code.split("\n")
    return ApiExample(code="\n".join([*before, f"assert {last} == {value}", end]))


def _calls(body: Sequence[ast.stmt]) -> Iterator[tuple[int, ast.Call]]:
    """Statements that are a call or keep its value, by their place."""
    for at, statement in enumerate(body):
        if isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Call):
            yield at, statement.value


def _making(body: Sequence[ast.stmt], made: str) -> list[ast.stmt]:
    """The statement that makes the object that the first call is one of; none when it is not that of a name."""
    first = next((call.func for _, call in _calls(body)), None)
    if not made or not isinstance(first, ast.Attribute) or not isinstance(first.value, ast.Name):
        return []
    return ast.parse(f"{first.value.id} = {made}").body


def _statements(code: str) -> list[ast.stmt]:
    """The statements of a call without imports, definitions and asserts; none when it does not parse."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    left_out = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assert
    return [_printed(node) for node in tree.body if not isinstance(node, left_out)]


def _printed(statement: ast.stmt) -> ast.stmt:
    """The value itself where a statement only prints it: what counts is what was answered."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[ast.Name() as value], keywords=[])):
            return ast.Expr(ast.Call(ast.Name("str", ast.Load()), [value], []))
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[value], keywords=[])):
            return ast.Expr(value)
    return statement


def _refusable(statement: ast.stmt, raising: Mapping[str, Sequence[str]]) -> ast.stmt:
    """A call that may be refused, in a block that says so."""
    if not isinstance(statement, ast.Expr):
        return statement
    called = {_called(node) for node in ast.walk(statement) if isinstance(node, ast.Call)}
    refusals = dict.fromkeys(error for name in raising if name in called for error in raising[name])
    if not refusals:
        return statement
    (block,) = ast.parse(f"with contextlib.suppress({', '.join(refusals)}):\n    ...").body
    assert isinstance(block, ast.With)
    block.body = [statement]
    return block


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _names(body: Sequence[ast.stmt]) -> list[ast.Name]:
    return [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)]


def _bound(body: Sequence[ast.stmt]) -> set[str]:
    return {node.id for node in _names(body) if isinstance(node.ctx, ast.Store)}


def _used(body: Sequence[ast.stmt]) -> set[str]:
    """Names that statements use and don't bind."""
    return {node.id for node in _names(body)} - _bound(body)


def _lacks(body: Sequence[ast.stmt], homes: Mapping[str, str]) -> bool:
    """Whether statements use names that neither they nor the module bring."""
    known = {*homes, *homes.values(), "contextlib"}
    return any(not (name in known or hasattr(builtins, name)) for name in _used(body))


def _misses(body: Sequence[ast.stmt], homes: Mapping[str, str]) -> bool:
    """Whether statements take from a module what it does not offer: a method, say, as if it were a function."""
    modules = {*homes.values()} - _bound(body)
    taken = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Attribute)]
    return any(ast.unparse(node.value) in modules and node.attr not in homes for node in taken)


def _example(body: Sequence[ast.stmt], raises: str | None, homes: Mapping[str, str]) -> ApiExample | None:
    """Make an example of statements; the last one must raise, if any must."""
    used = _used(body) - {"contextlib"}  # an object may be called as its module is
    imports = [f"from {homes[name]} import {name}" for name in sorted(used & set(homes))]
    imports += [f"import {module}" for module in sorted(used & {*homes.values()} - set(homes))]
    calls = any(isinstance(node, ast.Call) for statement in body for node in ast.walk(statement))
    if not imports or not calls or _lacks(body, homes) or _misses(body, homes):
        return None
    lines = [ast.unparse(node) for node in body]
    if any(isinstance(node, ast.With) for node in body):
        imports = ["import contextlib", *imports]
    if raises:
        imports = ["import pytest", *imports]
        lines[-1] = f"with pytest.raises({raises}):\n    {lines[-1]}"
    return ApiExample(code="\n".join([*imports, "", *lines, ""]))
