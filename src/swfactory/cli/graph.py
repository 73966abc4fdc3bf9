"""``swf graph``."""

from __future__ import annotations

import click

from swfactory.report.picture import svg
from swfactory.runtime.topology import graph_reference, mermaid, outline

__all__ = ["graph"]


@click.command(
    epilog="""\b
Examples:
  swf graph > graph.mmd
  swf graph --format svg > graph.svg
  swf graph --graph my_graph.py:build
"""
)
@click.option("--graph", "name", default="delivery", show_default=True, metavar="PATH.PY:NAME", help="Which graph.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "svg"]),
    default="mermaid",
    show_default=True,
    help="Mermaid text, or a picture.",
)
def graph(name: str, form: str) -> None:
    """Print the graph that a run walks. Nothing is sent anywhere to draw it."""
    reference = graph_reference(name)
    if form == "svg":
        click.echo(svg(outline(reference), title=f"graph {name}"), nl=False)
    else:
        click.echo(mermaid(reference))
