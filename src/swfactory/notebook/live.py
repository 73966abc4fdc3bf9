"""Watching a run while it works: one output that changes until the session ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from swfactory.domain.run import Run
from swfactory.errors import MissingExtraError
from swfactory.notebook.rich import Rich
from swfactory.notebook.showing import show
from swfactory.notebook.view import RunView
from swfactory.runtime.blocking import RunHandle

__all__ = ["watch"]

_PAUSE_SECONDS = 0.4
"""Least time between two pictures: a front end that draws more often is not watched with more pleasure."""


def watch(handle: RunHandle) -> Run:
    """Show a run while it works, until it is delivered, fails, is stopped or reaches a gate.

    The run goes on in the factory's thread: when the cell is interrupted, only the watching ends. Call ``watch``
    again to go on watching, or ``handle.stop()`` to stop the run.

    Args:
        handle: the run, as ``Factory.start``, ``resume`` and ``fork`` return it.

    Returns:
        The run as it then stands.

    Raises:
        MissingExtraError: IPython is not installed.
        FactoryError: the run failed; it can be resumed once the cause is mended.
    """
    view = RunView(handle.run)
    view.take(handle.archive.events(handle.run.id))
    with _output() as update:
        try:
            shown = 0.0
            for event in handle.events():
                view.take([event])
                if (now := time.monotonic()) - shown >= _PAUSE_SECONDS:
                    shown = now
                    view.run = handle.run
                    update(view.rich())
            return handle.result()
        finally:
            update(show(handle), last=True)


@contextmanager
def _output() -> Iterator[Callable[..., None]]:
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError as exc:
        raise MissingExtraError("a run watched in a notebook", extra="notebook") from exc
    # Without a kernel there is no output that can be changed, and a picture after the other would flood the terminal.
    live = getattr(get_ipython(), "kernel", None) is not None
    handle = display(Rich("", ""), display_id=True) if live else None

    def update(rich: Rich, *, last: bool = False) -> None:
        if handle is not None:
            handle.update(rich)
        elif last:
            display(rich)

    yield update
