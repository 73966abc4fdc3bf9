"""HTML whose content cannot be anything but text."""

from __future__ import annotations

import html

from swfactory.report.progress import clean

__all__ = ["badge", "esc", "note", "table"]


def esc(text: object) -> str:
    """Return text for HTML content or a quoted attribute: a model, a test or a file may have written it."""
    # The page's framework looks for this marker in every string, and replaces what follows.
    return html.escape(clean(str(text))).replace("__i18n__", "&#95;_i18n_&#95;")


def note(text: str, kind: str = "info") -> str:
    """Return a box with a message; empty for no text.

    Args:
        text: plain text; line breaks are kept.
        kind: ``info``, ``good`` or ``bad``.
    """
    lines = "<br>".join(esc(line) for line in text.strip().split("\n"))
    return f'<div class="swf-note swf-{kind}" role="status">{lines}</div>' if text.strip() else ""


def badge(text: str, kind: str) -> str:
    """Return a small label.

    Args:
        text: plain text.
        kind: the colour: ``good``, ``bad``, ``busy``, ``wait`` or ``quiet``.
    """
    return f'<span class="swf-badge swf-{kind}">{esc(text)}</span>'


def table(head: list[str], rows: list[list[str]], *, empty: str = "") -> str:
    """Return a table that becomes a list of cards on a narrow screen.

    Args:
        head: plain titles of the columns.
        rows: cells, HTML already.
        empty: plain text instead of a table without rows.
    """
    if not rows:
        return f'<p class="swf-empty">{esc(empty)}</p>' if empty else ""
    titles = "".join(f"<th scope='col'>{esc(title)}</th>" for title in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-title="{esc(title)}">{cell}</td>' for title, cell in zip(head, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<table class="swf-table"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'
