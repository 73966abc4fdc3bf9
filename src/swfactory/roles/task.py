"""A question to a model and how to read its answer: what every role hands to the graph."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pydantic import BaseModel

from swfactory.domain.call import Message, Reply, Request, Sampling

__all__ = ["Task", "ask", "render", "resolved", "schema_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Task(Generic[T]):
    """One question of a role.

    Args:
        request: what is asked, and how the reply is drawn.
        read: turns the reply into a value; raises ReplyError when it cannot be used.
        fallback: the value when every try fails; None when there is none, and the error is raised.
        retries: further tries, each told what was wrong with the last.
    """

    request: Request
    read: Callable[[Reply], T]
    fallback: Callable[[], T] | None = None
    retries: int = 1


@cache
def _templates() -> Environment:
    folder = files("swfactory") / "prompts"
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - prompts are plain text, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data"] = _as_data
    return environment


_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions|prompts?|rules)\b"
    r"|\byou are now (?:an? |the )?\w*(?:bot|gpt|assistant)\b|\b(?:reveal|print|repeat|show)\b.{0,20}\bsystem prompt\b"
    r"|(?:忽略|无视|忘记).{0,12}(?:指令|指示|提示)",
    re.IGNORECASE | re.DOTALL,
)
"""What a document says to a model and not to its readers; a small model follows it, however it is quoted."""
_LEFT_OUT = "[left out: orders to whoever answers]"


def _as_data(text: str) -> str:
    """Retrieved text that cannot step out of the element it is quoted in, without the paragraphs that give orders."""
    parts = re.split(r"(\n\s*\n)", text)
    text = "".join(_LEFT_OUT if _ORDER.search(part) else part for part in parts)
    return re.sub(r"<(?=\s*/?\s*passage\b)", "&lt;", text, flags=re.IGNORECASE).strip("\n")


def render(name: str, **variables: Any) -> str:
    """Render ``prompts/<name>.j2``.

    Raises:
        jinja2.UndefinedError: the template names a variable that was not given.
    """
    return _templates().get_template(f"{name}.j2").render(**variables).strip()


def ask(role: str, prompt: str, sampling: Sampling, **variables: Any) -> Request:
    """Build a request from a prompt template.

    Every role shares the system message and begins with the requirement, so that the model's prefix cache serves what
    the roles have in common.
    """
    return Request(
        role=role,
        messages=(
            Message(role="system", content=render("system")),
            Message(role="user", content=render(prompt, **variables)),
        ),
        sampling=sampling,
    )


def schema_of(model: type[BaseModel]) -> dict[str, object]:
    """JSON Schema of a reply."""
    return resolved(model.model_json_schema())


def resolved(schema: dict[str, Any]) -> dict[str, object]:
    """A schema with references resolved and prose left out: small decoders compile it faster."""
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {
                key: (
                    {name: resolve(value) for name, value in inner.items()} if key == "properties" else resolve(inner)
                )
                for key, inner in node.items()
                if key not in {"title", "description", "default"}
                or not isinstance(inner, str | int | float | bool | None)
            }
        return [resolve(item) for item in node] if isinstance(node, list) else node

    plain: dict[str, object] = resolve(schema)
    return plain
