"""``swf serve`` and ``swf stop``: runs that a server works off."""

from __future__ import annotations

import click

from swfactory.cli.seam import open_factory
from swfactory.config import load_settings
from swfactory.errors import MissingExtraError

__all__ = ["serve", "stop"]


@click.command(
    epilog="""\b
Examples:
  swf serve
  curl -s http://127.0.0.1:8765/runs -H 'Content-Type: application/json' -d '{"requirement": "A dice roller."}'
  curl -N http://127.0.0.1:8765/runs/last/events
  SWF_SERVE_TOKENS='{"A-LONG-SECRET": "admin"}' swf serve --host 0.0.0.0
"""
)
@click.option("--host", metavar="ADDRESS", help="Address to listen at.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen at; 0 takes a free one.  [default: 8765]")
@click.option("--workers", type=click.IntRange(1), help="Runs that are worked on at a time.  [default: 1]")
@click.option("--no-page", is_flag=True, help="Leave the page for browsers out, although it is installed.")
def serve(host: str | None, port: int | None, workers: int | None, no_page: bool) -> None:
    """Serve runs over HTTP, and work them off in the background.

    The address shows a page where the extra ui is installed; GET /openapi.json describes the routes. Whoever can reach
    the address may use it unless there are tokens (SWF_SERVE_TOKENS), so without one it listens on this machine only.
    Ctrl-C or SIGTERM ends it: runs at work stop where they can go on, and the next server takes them up.
    """
    settings = load_settings(serve_host=host, serve_port=port, serve_workers=workers)
    try:
        from swfactory.api.server import run_server
    except ModuleNotFoundError as exc:
        raise MissingExtraError("the server", extra="serve") from exc
    with open_factory(settings) as factory:
        run_server(factory, lambda address: click.echo(f"serving at {address}  (Ctrl-C ends it)"), page=not no_page)


@click.command(
    epilog="""\b
Examples:
  swf stop last
  swf resume last
"""
)
@click.argument("run_id", metavar="RUN")
def stop(run_id: str) -> None:
    """Stop RUN where it can go on, whoever works on it: `swf resume RUN` goes on."""
    with open_factory(load_settings()) as factory:
        run = factory.stop(run_id)
    if run.under_way:
        click.echo(f"{run.id} is asked to stop;  swf logs {run.id} --follow  shows it")
    else:
        click.echo(f"{run.id} is {run.status};  swf resume {run.id}  goes on")
