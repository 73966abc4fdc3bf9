"""Which graph a run walks: one of ours by name, or a user's own from ``path.py:name``."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swfactory.errors import FactoryError, InputError
from swfactory.report.picture import Edge, Outline

if TYPE_CHECKING:
    from langchain_core.runnables.graph import Graph
    from langgraph.graph import StateGraph

__all__ = ["BUILT_IN", "graph_reference", "load_graph", "mermaid", "outline"]

BUILT_IN = {"delivery": "swfactory.graphs.delivery"}
"""Module of every graph that is addressed by name; its ``build`` returns it."""

_HINT = "use --graph delivery, or --graph path.py:name of a StateGraph or of a function that returns one"


def graph_reference(graph: str) -> str:
    """Return a reference that means the same from any working folder.

    Raises:
        InputError: it names neither a graph of ours nor a file that exists.
    """
    if graph in BUILT_IN:
        return graph
    path, _, name = graph.rpartition(":")
    if not path or not name.isidentifier():
        raise InputError(f"graph {graph!r} is unknown", hint=_HINT)
    file = Path(path).expanduser().resolve()
    if not file.is_file():
        raise InputError(f"there is no file {path!r} with a graph", hint=_HINT)
    return f"{file}:{name}"


def load_graph(reference: str) -> StateGraph[Any, Any, Any, Any]:
    """Load the graph of a run, uncompiled.

    Args:
        reference: what ``graph_reference`` returned.

    Raises:
        InputError: the file cannot be loaded, or what it names is no graph.
    """
    from langgraph.graph import StateGraph

    if reference in BUILT_IN:
        loaded = importlib.import_module(BUILT_IN[reference]).build()
    else:
        path, _, name = graph_reference(reference).rpartition(":")
        module = _load_module(Path(path))
        loaded = getattr(module, name, None)
        if loaded is None:
            raise InputError(f"{path!r} has no {name!r}", hint=_HINT)
        if inspect.isfunction(loaded):
            if inspect.signature(loaded).parameters:
                raise InputError(f"{reference!r} is a function with parameters", hint=_HINT)
            loaded = loaded()
    if not isinstance(loaded, StateGraph):
        raise InputError(f"{reference!r} is a {type(loaded).__name__}, not a StateGraph", hint=_HINT)
    return loaded


def outline(reference: str) -> Outline:
    """Return the nodes of a graph, in the order in which they were added, and the ways between them.

    Args:
        reference: what ``graph_reference`` returned.

    Raises:
        InputError: the file cannot be loaded, or what it names is no graph that can be walked.
    """
    graph = _drawable(reference)
    edges = tuple(Edge(edge.source, edge.target, edge.conditional) for edge in graph.edges)
    return Outline(tuple(graph.nodes), edges)


def mermaid(reference: str) -> str:
    """Return a graph as Mermaid text; nothing is sent anywhere to draw it.

    Args:
        reference: what ``graph_reference`` returned.

    Raises:
        InputError: the file cannot be loaded, or what it names is no graph that can be walked.
    """
    return _drawable(reference).draw_mermaid()


def _drawable(reference: str) -> Graph:
    builder = load_graph(reference)
    try:
        return builder.compile().get_graph()
    except ValueError as exc:
        raise InputError(f"graph {reference!r} cannot be walked: {exc}", hint="mend its edges") from exc


def _load_module(path: Path) -> Any:
    # The name depends on the path only, so that a later process finds the types that a checkpoint names.
    name = f"swfactory_graph_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{str(path)!r} is not a Python file", hint=_HINT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FactoryError:
        sys.modules.pop(name, None)
        raise
    except Exception as exc:  # the user's code may raise anything; all of it is the user's to mend
        sys.modules.pop(name, None)
        raise InputError(
            f"the graph file {str(path)!r} cannot be loaded: {type(exc).__name__}: {exc}", hint="mend the file"
        ) from exc
    return module
