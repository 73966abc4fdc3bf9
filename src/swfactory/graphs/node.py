"""What every node has in common: a desk, and a bound that ends work gracefully."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Protocol

from langgraph.runtime import Runtime

from swfactory.errors import BudgetSpent
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.desk import Desk
from swfactory.graphs.state import FactoryState

__all__ = ["Node", "node"]

Work = Callable[[Desk], Awaitable[FactoryState]]


class Node(Protocol):
    """An asynchronous node as LangGraph calls it."""

    async def __call__(self, state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
        """Work on a state and return an update."""
        ...


def node(work: Work) -> Node:
    """Make a LangGraph node of a function that works at a desk.

    What the work spends is added to its update. A budget that ends in the middle of it is noted in the state, and
    routing takes the run to its delivery with the best state so far.
    """

    @wraps(work)
    async def run(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
        desk = Desk(state, runtime)
        try:
            return desk.done(await work(desk))
        except BudgetSpent as exc:
            desk.tell("note", exc.message, bound=exc.hint)
            return desk.done(FactoryState(exhausted=exc.hint))

    # LangGraph reads the annotations to tell state from runtime; wraps() would show it the desk instead.
    run.__annotations__ = {"state": FactoryState, "runtime": Runtime[FactoryContext], "return": FactoryState}
    del run.__wrapped__
    return run
