"""Source code as HTML: highlighted where Pygments is installed, else as it is."""

from __future__ import annotations

from swfactory.notebook.rich import markup
from swfactory.report.text import plain

__all__ = ["highlighted"]

_MOST = 50_000
"""Characters of a file that are highlighted; a notebook that holds more is slow to open."""

_PAPER = "color:#1d2127;background:#f8f8f8"
"""The colours of the letters are made for a light ground, so both are set."""


def highlighted(path: str, text: str) -> str:
    """Return a file's text as one HTML block.

    Args:
        path: name of the file, which tells its language.
        text: its content; everything in it is escaped.
    """
    cut = len(text) - _MOST
    if cut > 0:
        text = text[:_MOST]
    more = f'<div class="swf-soft">{cut:,} more characters</div>' if cut > 0 else ""
    return f'<pre class="swf-pre" style="{_PAPER}">{_marked(path, plain(text))}</pre>{more}'


def _marked(path: str, text: str) -> str:
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_for_filename
        from pygments.util import ClassNotFound
    except ImportError:
        return markup(text)
    try:
        lexer = get_lexer_for_filename(path, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return markup(text)
    return str(highlight(text, lexer, HtmlFormatter(noclasses=True, nowrap=True)))
