"""The graph of a run as a picture."""

from __future__ import annotations

from functools import lru_cache

from swfactory.errors import FactoryError
from swfactory.report.picture import Outline, svg
from swfactory.runtime.topology import outline
from swfactory.ui.live import Live

__all__ = ["picture"]


def picture(live: Live, title: str) -> str:
    """Return the graph with what is done and what is active, as HTML.

    Args:
        live: the run.
        title: what a reader that cannot see it is told.
    """
    return _drawn(live.run.graph, tuple(live.done), live.active, title)


@lru_cache(maxsize=64)
def _drawn(reference: str, done: tuple[str, ...], active: str, title: str) -> str:
    known = _outline(reference)
    return f'<div class="swf-graph">{svg(known, done=done, active=(active,), title=title)}</div>' if known else ""


@lru_cache(maxsize=16)
def _outline(reference: str) -> Outline | None:
    """The outline of a graph; None for one whose file is gone."""
    try:
        return outline(reference)
    except FactoryError:
        return None
