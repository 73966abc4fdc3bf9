"""Options that several commands share, and the types that read them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from swfactory.domain.budget import Budget
from swfactory.errors import InputError

__all__ = [
    "UNBOUNDED",
    "Bound",
    "Duration",
    "Gates",
    "Pair",
    "budget_options",
    "merge_budget",
    "read_requirement",
    "slug",
    "view_options",
]

F = TypeVar("F", bound=Callable[..., Any])

UNBOUNDED: Final = "none"
"""What is typed to lift a bound; None means that the option was not given."""

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s?)?", re.IGNORECASE)
_GATES = ("spec", "design", "release")


class Bound(click.ParamType[int | str]):
    """A whole number from ``least`` up, or ``none``.

    Args:
        least: the smallest number allowed.
    """

    name = "number"

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """Read the number."""
        text = str(value).strip().lower().replace(",", "").replace("_", "")
        if text == UNBOUNDED:
            return UNBOUNDED
        if not re.fullmatch(r"\d+", text) or int(text) < self._least:
            self.fail(f"{value!r} is not a whole number from {self._least} up, nor 'none' for no bound.", param, ctx)
        return int(text)


class Duration(click.ParamType[float | str]):
    """A time such as ``90``, ``90s``, ``10m``, ``1h30m``, or ``none``; becomes seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """Read the time."""
        text = str(value).strip().lower()
        if text == UNBOUNDED:
            return UNBOUNDED
        match = _DURATION.fullmatch(text)
        seconds = (
            sum(float(part or 0) * unit for part, unit in zip(match.groups(), (3600, 60, 1), strict=True))
            if match
            else 0
        )
        if not seconds:
            self.fail(f"{value!r} is not a time above zero: write 90, 90s, 10m, 1h30m, or 'none'.", param, ctx)
        return seconds


class Gates(click.ParamType[tuple[str, ...]]):
    """Gates by name, with commas between them."""

    name = "gates"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read the names; ``all`` stands for every gate."""
        if isinstance(value, tuple):
            return value
        names = [name.strip().lower() for name in str(value).split(",") if name.strip()]
        if names == ["all"]:
            return _GATES
        for name in names:
            if name not in _GATES:
                self.fail(f"{name!r} is no gate: choose from {', '.join(_GATES)}, or 'all'.", param, ctx)
        return tuple(gate for gate in _GATES if gate in names)


class Pair(click.ParamType[tuple[str, str]]):
    """``KEY=VALUE``.

    Args:
        key: what the key is called in messages.
        value: what the value is called in messages.
    """

    def __init__(self, key: str, value: str) -> None:
        self.name = f"{key}={value}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Split at the first ``=``."""
        if isinstance(value, tuple):
            return value
        key, equals, rest = str(value).partition("=")
        if not equals or not key.strip() or not rest.strip():
            self.fail(f"{value!r} is not {self.name}.", param, ctx)
        return key.strip(), rest.strip()


def budget_options(command: F) -> F:
    """Add ``--max-tokens``, ``--max-time`` and ``--max-rounds``."""
    for option in (
        click.option(
            "--max-rounds",
            type=Bound(0),
            help="Repair rounds, or 'none'; half as many in vain end repair too.  [default: 6]",
        ),
        click.option(
            "--max-time", type=Duration(), help="Time of work: 90, 90s, 10m, 1h30m, or 'none'.  [default: none]"
        ),
        click.option("--max-tokens", type=Bound(1), help="Tokens the model may generate, or 'none'.  [default: 12000]"),
    ):
        command = option(command)
    return command


def view_options(command: F) -> F:
    """Add ``--json`` and ``--quiet``."""
    command = click.option("-q", "--quiet", is_flag=True, help="Print the final lines only.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print events, one JSON object a line.")(command)


def merge_budget(
    base: Budget, *, tokens: int | str | None, seconds: float | str | None, rounds: int | str | None
) -> Budget:
    """Return ``base`` with the bounds that were typed.

    Args:
        base: what holds where an option was not given.
        tokens: value of ``--max-tokens``.
        seconds: value of ``--max-time``.
        rounds: value of ``--max-rounds``.
    """
    typed = {"max_tokens": tokens, "max_seconds": seconds, "max_rounds": rounds}
    changes = {key: None if value == UNBOUNDED else value for key, value in typed.items() if value is not None}
    return base.model_copy(update=changes)


def read_requirement(words: Sequence[str]) -> str:
    """Return the requirement that the words of the command line mean.

    Args:
        words: the text itself, ``-`` for standard input, or ``@file``.

    Raises:
        InputError: it is empty, or the file cannot be read.
    """
    text = " ".join(words)
    if text == "-":
        source = "standard input"
        if sys.stdin.isatty():
            click.echo("Type the requirement; end it with Ctrl-D on a line of its own.", err=True)
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise InputError("standard input is not UTF-8 text", hint="convert it: iconv -t UTF-8") from exc
    elif text.startswith("@"):
        source = repr(text[1:])
        try:
            text = Path(text[1:]).expanduser().read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8 text"
            raise InputError(
                f"cannot read the requirement from {source}: {reason}", hint="swf run @requirement.md"
            ) from exc
    else:
        source = "the command line"
    if not text.strip():
        raise InputError(
            f"the requirement from {source} is empty", hint="swf run 'what you need, in a sentence or more'"
        )
    return text


_FILLER = re.compile(
    "a|an|and|app|application|build|cli|command|create|develop|for|i|implement|in|is|it|line|make|me|need|of|on|please|"
    "program|python|script|simple|small|that|the|to|tool|want|which|with|write"
)
"""Words that tell nothing about one product from another."""


def slug(text: str, *, words: int = 4, length: int = 40) -> str:
    """Return a folder name that says what the text is about; letters of any script are kept.

    Args:
        text: the requirement.
        words: at most so many words of it.
        length: at most so many characters.
    """
    found = re.findall(r"[^\W_]+", text.lower())
    telling = [word for word in found if not _FILLER.fullmatch(word)] or found
    return "-".join(telling[:words])[:length].strip("-") or "product"
