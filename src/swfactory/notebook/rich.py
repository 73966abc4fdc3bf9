"""What a notebook shows: HTML where it can be shown, the same as text everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from swfactory.report.text import plain

__all__ = ["Rich", "markup", "table", "text_table"]

# Jupyter's own colours are unknown here: everything but the badges takes the ink of the page that it stands on.
_STYLE = """\
.swf-out{font:13px/1.5 system-ui,"Noto Sans",sans-serif;max-width:100%;overflow-wrap:anywhere}
.swf-out .swf-beside{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
.swf-out .swf-beside>div{flex:1 1 18rem;min-width:0}
.swf-out .swf-beside>.swf-drawn{flex:0 1 auto}
.swf-out .swf-wide{overflow-x:auto}
.swf-out table.swf-table{border-collapse:collapse;margin:.4rem 0;font-size:13px}
.swf-out .swf-table th,.swf-out .swf-table td{text-align:left;vertical-align:top;padding:.2rem .7rem .2rem 0;\
border-bottom:1px solid rgba(128,128,128,.3);white-space:pre-wrap}
.swf-out .swf-table .swf-n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.swf-out .swf-tag{display:inline-block;padding:0 .55rem;border-radius:9px;background:rgba(128,128,128,.22)}
.swf-out .swf-good{background:rgba(47,138,80,.28)}
.swf-out .swf-bad{background:rgba(200,50,40,.28)}
.swf-out .swf-now{background:rgba(37,99,201,.28)}
.swf-out .swf-best{font-weight:700}
.swf-out pre.swf-pre{margin:.3rem 0;padding:.5rem .7rem;max-height:26rem;overflow:auto;white-space:pre-wrap;\
border:1px solid rgba(128,128,128,.3);border-radius:5px;font:12px/1.45 ui-monospace,"DejaVu Sans Mono",monospace}
.swf-out summary{cursor:pointer}
.swf-out .swf-soft{opacity:.75}"""


@dataclass(frozen=True)
class Rich:
    """Something to show; the last expression of a cell shows itself.

    Args:
        html: for a page; what others wrote is escaped in it.
        text: the same without markup; what hides text or drives terminals is made visible when it is shown.
    """

    html: str
    text: str

    def __repr__(self) -> str:
        return plain(self.text)

    def _repr_html_(self) -> str:
        return f'<div class="swf-out"><style>{_STYLE}</style>\n{self.html}\n</div>'

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        del include, exclude  # a front end chooses; both forms are small
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


def markup(value: object) -> str:
    """Return anything as text in HTML: escaped, with what hides or reorders text made visible."""
    return escape(plain(str(value)))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()) -> str:
    """Return an HTML table.

    Args:
        head: texts of its head.
        rows: cells as HTML.
        numbers: columns of numbers, which stand at the right.
    """
    right = frozenset(numbers)

    def cells(tag: str, row: Iterable[str]) -> str:
        parts = (f"<{tag}{' class=swf-n' if i in right else ''}>{cell}</{tag}>" for i, cell in enumerate(row))
        return f"<tr>{''.join(parts)}</tr>"

    body = "\n".join(cells("td", row) for row in rows)
    return (
        f'<div class="swf-wide"><table class="swf-table"><thead>{cells("th", map(markup, head))}</thead>'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def text_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()) -> str:
    """Return a table as text.

    Args:
        head: texts of its head.
        rows: cells.
        numbers: columns of numbers, which stand at the right.
    """
    right = frozenset(numbers)
    lines = [[" ".join(cell.split()) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
