"""One wrong line is exchanged: what the mender proposes, where the settings name a model for it."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent, indent

from swfactory.errors import ReplyError
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import WARM
from swfactory.graphs.evaluation import Candidate, problems
from swfactory.programs.functions import first_line, functions_of, parse
from swfactory.roles import mender

__all__ = ["exchange_lines", "has_mender"]

_SAMPLES = 2
_TOLD = 3
"""Failures that are shown: a function of a few lines has one fault, and more of them say the same."""


def has_mender(desk: Desk) -> bool:
    """Whether there is a model that was taught to exchange lines; others are not asked."""
    return mender.ROLE in desk.context.models


async def exchange_lines(
    desk: Desk, best: Candidate, functions: Iterable[tuple[str, str]], *, seed: int
) -> list[dict[str, str] | None]:
    """Ask for a line of each function, likeliest first; a product for each reply, None for one that fits nowhere.

    Args:
        desk: the node's desk.
        best: the product as it is.
        functions: path and name, dotted with its class, of those that may be at fault.
        seed: of the first sample, which is greedy.
    """
    asked = [
        _exchange(desk, best, path, name, seed=seed + number, temperature=WARM if number else 0.0)
        for path, name in functions
        for number in range(_SAMPLES)
    ]
    products = await desk.gather(asked)
    fitting = sum(product is not None for product in products)
    desk.tell("note", f"{fitting} of {len(products)} lines fit", role=mender.ROLE)
    return products


async def _exchange(
    desk: Desk, best: Candidate, path: str, name: str, *, seed: int, temperature: float
) -> dict[str, str] | None:
    source = best.sources[path]
    tree = parse(source)
    node = next((one.node for one in functions_of(tree) if one.name == name), None) if tree is not None else None
    if node is None:
        return None
    lines = source.splitlines()
    start, end = first_line(node), node.end_lineno or node.lineno
    code = "\n".join(lines[start:end])
    said = "\n".join(problems(best.report)[:_TOLD])
    try:
        mended = await desk.ask(mender.exchange_line(dedent(code), said, temperature=temperature, seed=seed))
    except ReplyError:
        return None
    text = indent(mended.rstrip("\n"), " " * (len(lines[start]) - len(lines[start].lstrip())))
    return {**best.sources, path: "\n".join([*lines[:start], text, *lines[end:]]) + "\n"}
