"""A node that is cut off between its update and its routing runs again, routing included."""

import asyncio
from pathlib import Path

import pytest

from swfactory.errors import ModelUnavailable
from tests.runtime.conftest import wish

GRAPH = """
import asyncio
from pathlib import Path
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from swfactory.errors import ModelUnavailable
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState

SIGN = Path({sign!r})

async def first(state: FactoryState, runtime: Runtime[FactoryContext]) -> FactoryState:
    commit = runtime.context.workspace.commit(None, {{"a": "1"}}, "Start")
    return {{"commit": commit, "rounds": state["rounds"] + 1}}

async def route(state: FactoryState) -> str:
    if not SIGN.exists():
        SIGN.touch()
        {trouble}
    return "last"

def last(state: FactoryState) -> FactoryState:
    return {{"outcome": "delivered", "rounds": state["rounds"] + 10}}

graph = StateGraph(FactoryState, context_schema=FactoryContext)
graph.add_node("first", first)
graph.add_node("last", last)
graph.add_edge(START, "first")
graph.add_conditional_edges("first", route, ["last"])
graph.add_edge("last", END)
"""


def write_graph(folder: Path, trouble: str) -> str:
    (folder / "mine.py").write_text(GRAPH.format(sign=str(folder / "sign"), trouble=trouble))
    return f"{folder / 'mine.py'}:graph"


async def check_resumed(factory) -> None:
    run = await (await factory.resume("last")).result()
    assert run.status == "delivered"
    assert [item.nodes for item in factory.history("last")] == [(), (), ("first",), ("last",)]
    assert factory.history("last")[-1].values["rounds"] == 11


async def test_when_it_is_cancelled(factory, tmp_path):
    handle = await factory.start(wish(), graph=write_graph(tmp_path, "await asyncio.sleep(60)"))
    while not (tmp_path / "sign").exists():  # noqa: ASYNC110 -- another module's doing
        await asyncio.sleep(0.01)
    handle.stop()
    assert (await handle.result()).status == "interrupted"
    await check_resumed(factory)


async def test_when_it_fails(factory, tmp_path):
    handle = await factory.start(wish(), graph=write_graph(tmp_path, "raise ModelUnavailable('gone')"))
    with pytest.raises(ModelUnavailable):
        await handle.result()
    await check_resumed(factory)
