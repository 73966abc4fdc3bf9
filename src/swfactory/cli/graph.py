"""``swf graph``."""

from __future__ import annotations

import click

from swfactory.runtime.topology import graph_reference, load_graph

__all__ = ["graph"]


@click.command(
    epilog="""\b
Examples:
  swf graph > graph.mmd
  swf graph --graph my_graph.py:build
"""
)
@click.option("--graph", "name", default="delivery", show_default=True, metavar="PATH.PY:NAME", help="Which graph.")
def graph(name: str) -> None:
    """Print the graph that a run walks, as Mermaid text. Nothing is sent anywhere to draw it."""
    click.echo(load_graph(graph_reference(name)).compile().get_graph().draw_mermaid())
