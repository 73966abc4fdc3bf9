"""report.html: the report as one self-contained page."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from swfactory.domain.delivery import Delivery
from swfactory.report.facts import facts_of
from swfactory.report.text import plain

__all__ = ["render_html"]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("swfactory.report"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Every value that is printed goes through here, so no template can forget it.
        finalize=lambda value: plain(value) if type(value) is str else value,
    )


def render_html(delivery: Delivery) -> str:
    """Return the report as an HTML page in the delivery's language; equal deliveries give equal text.

    The page has no script and loads nothing, and its policy forbids both.

    Args:
        delivery: the facts of the run.
    """
    facts = facts_of(delivery)
    return _environment().get_template("report.html.j2").render(f=facts, d=facts.delivery, w=facts.words)
