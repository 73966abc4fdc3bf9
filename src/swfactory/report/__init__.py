"""From the facts of a delivery to the documents a person reads: pure, deterministic, safe against what it quotes."""

from swfactory.report.html import render_html
from swfactory.report.markdown import render_markdown
from swfactory.report.product import LICENSES, canonical_license, render_license

__all__ = ["LICENSES", "canonical_license", "render_html", "render_license", "render_markdown"]
