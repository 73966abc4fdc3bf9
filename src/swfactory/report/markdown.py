"""REPORT.md: the report as Markdown."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from swfactory.domain.delivery import Delivery
from swfactory.report.facts import facts_of
from swfactory.report.text import code, escape, fence

__all__ = ["render_markdown"]


@cache
def _environment() -> Environment:
    # Autoescape is for HTML; here every quoted value goes through one of the Markdown filters.
    environment = Environment(
        loader=PackageLoader("swfactory.report"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(esc=escape, code=code, fence=fence)
    return environment


def render_markdown(delivery: Delivery) -> str:
    """Return the report as Markdown in the delivery's language; equal deliveries give equal text.

    Args:
        delivery: the facts of the run.
    """
    facts = facts_of(delivery)
    return _environment().get_template("report.md.j2").render(f=facts, d=facts.delivery, w=facts.words)
