"""Routes of assistants, which are the built-in graphs, and what a client asks of any server first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from swfactory._version import __version__
from swfactory.api.langgraph.bodies import CountBody, Options, SearchBody
from swfactory.api.langgraph.names import assistant_id, graph_of
from swfactory.api.langgraph.route import DialectRoute
from swfactory.api.langgraph.states import iso, selected
from swfactory.errors import InputError
from swfactory.runtime import topology

__all__ = ["router"]

router = APIRouter(route_class=DialectRoute)

_INPUT = {
    "type": "object",
    "properties": {
        "requirement": {"type": "string", "description": "what is wanted, in English or Chinese"},
        "messages": {"type": "array", "description": "messages of a user, in place of the requirement"},
    },
}
_STATE = {
    "type": "object",
    "properties": {
        "requirement": {"type": "string"},
        "messages": {"type": "array", "items": {"type": "object"}},
        "spec": {"type": "object"},
        "design": {"type": "object"},
        "report": {"type": "object"},
        "delivery": {"type": "object"},
        "files": {"type": "object", "additionalProperties": {"type": "string"}},
        "commit": {"type": "string"},
        "outcome": {"type": "string", "enum": ["delivered", "partial", "exhausted"]},
    },
}


def _assistant(graph: str) -> dict[str, Any]:
    return {
        "assistant_id": assistant_id(graph),
        "graph_id": graph,
        "name": graph,
        "description": f"the built-in graph {graph!r}",
        "config": {},
        "context": {},
        "metadata": {"created_by": "system"},
        "version": 1,
        "created_at": iso(0),  # it comes with the program
        "updated_at": iso(0),
    }


def _found(body: CountBody) -> list[dict[str, Any]]:
    every = [_assistant(graph) for graph in topology.BUILT_IN]
    return [
        item
        for item in every
        if body.graph_id in {None, item["graph_id"]}
        and (body.name or "").lower() in item["name"]
        and body.metadata.items() <= item["metadata"].items()
    ]


@router.get("/ok")
def ok() -> dict[str, bool]:
    """Say that the server is there."""
    return {"ok": True}


@router.get("/info")
def info() -> dict[str, Any]:
    """Say which server this is, and which parts of LangGraph's it has."""
    return {"version": __version__, "flags": {"assistants": True, "crons": False, "langsmith": False, "store": False}}


@router.post("/assistants")
def create_assistant() -> None:
    """Refuse to make an assistant."""
    raise InputError("assistants cannot be made: they are the built-in graphs", hint="POST /assistants/search")


@router.post("/assistants/search")
def search_assistants(body: SearchBody) -> list[dict[str, Any]]:
    """List assistants."""
    return [selected(item, body.select) for item in _found(body)[body.offset : body.offset + body.limit]]


@router.post("/assistants/count")
def count_assistants(body: CountBody) -> int:
    """Count assistants."""
    return len(_found(body))


@router.get("/assistants/{assistant_id}")
def show_assistant(assistant_id: str) -> dict[str, Any]:
    """Show an assistant, by its id or the name of its graph."""
    return _assistant(graph_of(assistant_id))


@router.get("/assistants/{assistant_id}/graph")
def show_graph(assistant_id: str) -> dict[str, Any]:
    """Return the nodes of a graph and the ways between them."""
    outline = topology.outline(graph_of(assistant_id))
    return {
        "nodes": [{"id": node, "type": "runnable", "data": {"id": [node], "name": node}} for node in outline.nodes],
        "edges": [
            {"source": edge.source, "target": edge.target, "conditional": edge.conditional} for edge in outline.edges
        ],
    }


@router.get("/assistants/{assistant_id}/schemas")
def show_schemas(assistant_id: str) -> dict[str, Any]:
    """Return the JSON schemas of what a graph takes and holds."""
    return {
        "graph_id": graph_of(assistant_id),
        "input_schema": _INPUT,
        "output_schema": _STATE,
        "state_schema": _STATE,
        "config_schema": Options.model_json_schema(),
        "context_schema": Options.model_json_schema(),
    }


@router.get("/assistants/{assistant_id}/subgraphs")
def show_subgraphs(assistant_id: str) -> dict[str, Any]:
    """Return the graphs inside a graph that can be addressed: none."""
    graph_of(assistant_id)
    return {}


@router.post("/assistants/{assistant_id}/versions")
def show_versions(assistant_id: str) -> list[dict[str, Any]]:
    """List the versions of an assistant: the one that there is."""
    return [_assistant(graph_of(assistant_id))]
