"""Calls of a module, as a test engineer proposes them: one line each, and the exception it must raise, if any."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from swfactory.domain.call import Reply
from swfactory.domain.spec import ApiExample
from swfactory.errors import ReplyError

__all__ = ["named_exceptions", "read_snippets", "snippet_schema"]

_EXCEPTION = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")


class _Snippet(BaseModel):
    code: str
    raises: str | None = None


def named_exceptions(text: str) -> tuple[str, ...]:
    """Built-in exceptions that a requirement names, in order."""
    import builtins

    return tuple(dict.fromkeys(name for name in _EXCEPTION.findall(text) if hasattr(builtins, name)))


def snippet_schema(exceptions: Sequence[str], limit: int) -> dict[str, object]:
    """JSON Schema of a reply; only exceptions that the requirement names can be asked for."""
    properties: dict[str, object] = {"code": {"type": "string"}}
    if exceptions:
        properties["raises"] = {"enum": [None, *exceptions]}
    call = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    calls = {"type": "array", "items": call, "maxItems": limit}
    return {"type": "object", "properties": {"calls": calls}, "required": ["calls"], "additionalProperties": False}


def read_snippets(reply: Reply, homes: Mapping[str, str]) -> tuple[ApiExample, ...]:
    """Read calls; what does not parse or calls none of the module's names is left out.

    Args:
        reply: JSON, possibly cut off at its end.
        homes: name to the module that offers it.

    Raises:
        ReplyError: the reply is no list of calls.
    """
    try:
        answer = from_json(reply.text, allow_partial=True)
        items = answer["calls"]
        # The last one may lack its exception, which would turn its meaning round.
        calls = [_Snippet.model_validate(item) for item in (items[:-1] if reply.finish == "length" else items)]
    except (ValueError, TypeError, KeyError, ValidationError) as exc:
        raise ReplyError(f"the calls are not valid: {exc}") from exc
    found = (_example(call, homes) for call in calls)
    return tuple(dict.fromkeys(example for example in found if example is not None))


def _example(call: _Snippet, homes: Mapping[str, str]) -> ApiExample | None:
    try:
        tree = ast.parse(call.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    body = [
        node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
    ]
    used = {node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)}
    imports = [f"from {homes[name]} import {name}" for name in sorted(used & set(homes))]
    if not imports or not any(isinstance(node, ast.Call) for statement in body for node in ast.walk(statement)):
        return None
    lines = [ast.unparse(node) for node in body if not isinstance(node, ast.Assert)]
    if not lines:
        return None
    if call.raises:
        imports = ["import pytest", *imports]
        lines[-1] = f"with pytest.raises({call.raises}):\n    {lines[-1]}"
    return ApiExample(code="\n".join([*imports, "", *lines, ""]))
