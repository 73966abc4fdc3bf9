"""The graph that ``swf run`` walks when no other is named; langgraph.json names it for tools that draw graphs."""

from swfactory.graphs.delivery import build

__all__ = ["build"]
