"""The server process: its address, its page, and how it ends."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

import uvicorn
from fastapi import Request

from swfactory.api.access import caller, check_binding
from swfactory.api.app import create_app
from swfactory.config import AccessRole
from swfactory.errors import ConfigError
from swfactory.runtime import AsyncFactory, Worker

__all__ = ["run_server"]

_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 20
_PAGE = "swfactory.ui.page"


def run_server(factory: AsyncFactory, announce: Callable[[str], None], *, page: bool = True) -> None:
    """Serve until the process is asked to end; runs at work are then left to the next server.

    Args:
        factory: the runs; its settings say where to listen.
        announce: called with the server's address once it can be reached.
        page: whether to show the page, where it is installed.

    Raises:
        ConfigError: the address cannot be listened at, or others could reach it and there is no token.
    """
    settings = factory.settings
    check_binding(settings.serve_host, settings.serve_tokens)
    with _listening(settings.serve_host, settings.serve_port) as listener:
        worker = Worker(factory, concurrency=settings.serve_workers)
        app = create_app(factory, worker)
        if page and find_spec("gradio") is not None and find_spec(_PAGE) is not None:
            import_module(_PAGE).mount(app, factory, worker, who=_reader, role_of=_role)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                # A proxy on this machine must not be able to lend a caller a name.
                proxy_headers=False,
            )
        )
        announce(_address(listener))
        with _ended_by_signals():
            server.run(sockets=[listener])


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the block and nothing else: uvicorn raises them again when it has drained."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as exc:
        raise ConfigError(
            f"cannot listen at {host}:{port}: {exc.strerror or exc}",
            hint="take another port: swf serve --port 0 finds a free one",
        ) from exc


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _reader(request: Request) -> str | None:
    return caller(request).name or "local"


def _role(request: Request) -> AccessRole:
    return caller(request).role
