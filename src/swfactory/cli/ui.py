"""``swf ui``: the page in a browser on this machine."""

from __future__ import annotations

import socket
import webbrowser
from importlib.util import find_spec

import click

from swfactory.cli.seam import open_factory
from swfactory.config import load_settings
from swfactory.errors import MissingExtraError

__all__ = ["ui"]

_HOST = "127.0.0.1"


@click.command(
    epilog="""\b
Examples:
  swf ui
  swf ui --port 9000 --no-browser
"""
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 for a free one.  [default: 8765, or a free one]")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def ui(port: int | None, no_browser: bool) -> None:
    """Open the page: build, watch, look at products, ask, and look after runs and models.

    It is the server of `swf serve`, for this machine only. Ctrl-C ends it: runs at work stop where they can go on.
    """
    if find_spec("gradio") is None:
        raise MissingExtraError("the page", extra="ui")
    settings = load_settings(serve_host=_HOST)
    chosen = _free(settings.serve_port) if port is None else port
    try:
        from swfactory.api.server import run_server
    except ModuleNotFoundError as exc:
        raise MissingExtraError("the server", extra="serve") from exc

    def announce(address: str) -> None:
        click.echo(f"the page is at {address}  (Ctrl-C ends it)")
        if not no_browser:
            webbrowser.open(address)

    with open_factory(settings.model_copy(update={"serve_port": chosen})) as factory:
        run_server(factory, announce)


def _free(port: int) -> int:
    """The port if nobody listens there, else 0, which stands for any free one."""
    try:
        with socket.create_server((_HOST, port)):
            return port
    except OSError:
        return 0
