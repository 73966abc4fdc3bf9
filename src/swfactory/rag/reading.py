"""Files into text: encodings, HTML, PDF, Word documents and notebooks, each with the library that reads it best.

Everything here is somebody's file: what cannot be read is an ``InputError`` that names the file, never more.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from swfactory.errors import InputError, MissingExtraError

__all__ = ["Cell", "Document", "decode", "read_document"]

_BINARY_BYTES = 8_000
"""How much of a file is looked at for NUL bytes, as git does it."""
_TABLE_STROKES = 6
"""A page that draws fewer lines and boxes has no ruled table."""
_ABOUT = 0.1
"""Difference in the detector's measure of disorder that says nothing."""
_NOISE = ["script", "style", "nav", "footer", "aside", "noscript", "iframe", "svg", "form", "button", "template"]
_SCRIPTS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    Args:
        kind: ``code`` or ``markdown``.
        text: its source; outputs are left out.
    """

    kind: Literal["code", "markdown"]
    text: str


@dataclass(frozen=True)
class Document:
    """A file as text.

    Args:
        text: the whole text; Markdown for what had headings (HTML, Word). Empty for what has pages or cells.
        pages: text by page.
        cells: cells of a notebook.
        language: language of a notebook's code.
        notes: what a person should know, e.g. pages that are pictures.
    """

    text: str = ""
    pages: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    language: str = ""
    notes: tuple[str, ...] = ()


def read_document(path: Path, language: str) -> Document:
    """Read a file.

    Args:
        path: the file.
        language: its format, from ``language_of``.

    Raises:
        InputError: the file cannot be read, is no text, is encrypted or damaged.
        MissingExtraError: the extra ``rag`` is not installed.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise InputError(f"{str(path)!r} cannot be read: {exc.strerror}", hint=f"ls -l {path}") from exc
    reader = _READERS.get(language, _read_text)
    try:
        return reader(data)
    except InputError as exc:
        raise InputError(f"{str(path)!r} {exc.message}", hint=exc.hint) from exc
    except MissingExtraError:
        raise
    except Exception as exc:
        raise InputError(f"{str(path)!r} cannot be read as {language}: {type(exc).__name__}: {exc}") from exc


def decode(data: bytes) -> str:
    """Return bytes as text, in the encoding they are most likely in: UTF-8, UTF-16, GB18030 or what is detected.

    Raises:
        InputError: the bytes are no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _newlines(data.decode(encoding, "replace"))
    if b"\0" in data[:_BINARY_BYTES]:
        raise InputError("is not a text file")
    try:
        return _newlines(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _newlines(_guess(data))


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # GB18030 first: a detector that sees a few Chinese words takes them for another code page now and then.
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    wide = [letter for letter in text if ord(letter) > 127]
    if wide and sum(
        bool(_SCRIPTS.match(letter)) or letter in "，。、；：？！“”（）《》" for letter in wide
    ) >= 0.9 * len(wide):
        return text
    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise InputError("is in no encoding that is known", hint="save it as UTF-8")
    # Of the code pages that differ in a few letters, the Western one is the one that is used most.
    western = (match for match in matches if match.encoding == "cp1252" and match.chaos < best.chaos + _ABOUT)
    return str(next(western, best))


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_text(data: bytes) -> Document:
    return Document(text=decode(data))


def _read_html(data: bytes) -> Document:
    # The encoding that a page states is in its head, which the parser reads.
    return Document(text=_html_to_markdown(data if b"charset" in data[:2_000].lower() else decode(data)))


def _html_to_markdown(page: bytes | str) -> str:
    try:
        from bs4 import BeautifulSoup
        from markdownify import MarkdownConverter
    except ImportError as exc:
        raise MissingExtraError("reading HTML", extra="rag") from exc
    soup = BeautifulSoup(page, "html.parser")
    for noise in soup(_NOISE):
        noise.decompose()
    body = soup.find("main") or soup.find("article") or soup.body or soup
    text = MarkdownConverter(heading_style="ATX", bullets="-", strip=["img"]).convert_soup(body)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _read_docx(data: bytes) -> Document:
    try:
        import mammoth
    except ImportError as exc:
        raise MissingExtraError("reading Word documents", extra="rag") from exc
    return Document(text=_html_to_markdown(mammoth.convert_to_html(io.BytesIO(data)).value))


def _read_pdf(data: bytes) -> Document:
    try:
        from pypdf import PdfReader
    except ImportError as exc:
        raise MissingExtraError("reading PDF", extra="rag") from exc
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds wrong is raised, or of no consequence
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("is encrypted", hint="qpdf --decrypt FILE.pdf PLAIN.pdf")
    pages = [page.extract_text() for page in reader.pages]
    ruled = [number for number, page in enumerate(reader.pages) if _strokes(page) >= _TABLE_STROKES]
    notes: list[str] = []
    try:
        tables = _tables(data, ruled)
    except Exception as exc:  # noqa: BLE001 - the text has been read; what pdfplumber raises is its own affair
        tables = {}
        notes.append(f"tables of page {', '.join(str(number + 1) for number in ruled)} are read as text only: {exc}")
    for number, found in tables.items():
        pages[number] = "\n\n".join([pages[number].rstrip(), *found])
    blank = [str(number) for number, text in enumerate(pages, start=1) if not text.strip()]
    if blank:
        notes.append(f"no text on page {', '.join(blank)}: pictures need OCR")
    return Document(pages=tuple(pages), notes=tuple(notes))


def _strokes(page: Any) -> int:
    """How many lines and boxes a page draws."""
    contents = page.get_contents()
    drawn: bytes = contents.get_data() if contents is not None else b""
    return len(re.findall(rb"\s(?:re|l)\s", drawn))


def _tables(data: bytes, pages: list[int]) -> dict[int, list[str]]:
    """Ruled tables as Markdown, by page counted from 0."""
    if not pages:
        return {}
    import pdfplumber

    found: dict[int, list[str]] = {}
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for number in pages:
            for rows in pdf.pages[number].extract_tables():
                if len(rows) > 1 and len(rows[0]) > 1:
                    found.setdefault(number, []).append(_markdown_table(rows))
            pdf.pages[number].close()
    return found


def _markdown_table(rows: list[list[str | None]]) -> str:
    lines = [" | ".join((cell or "").replace("\n", " ").strip() for cell in row) for row in rows]
    rule = " | ".join("---" for _ in rows[0])
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def _read_notebook(data: bytes) -> Document:
    try:
        import nbformat
    except ImportError as exc:
        raise MissingExtraError("reading notebooks", extra="rag") from exc
    try:
        notebook: Any = nbformat.reads(json.dumps(json.loads(decode(data))), as_version=4)
    except json.JSONDecodeError as exc:
        raise InputError(f"is no notebook: {exc}") from exc
    cells = [
        Cell(kind=cell.cell_type, text=cell.source)
        for cell in notebook.cells
        if cell.cell_type in ("code", "markdown") and cell.source.strip()
    ]
    language = notebook.metadata.get("kernelspec", {}).get("language") or "python"
    return Document(cells=tuple(cells), language=language)


_READERS: dict[str, Callable[[bytes], Document]] = {
    "html": _read_html,
    "docx": _read_docx,
    "pdf": _read_pdf,
    "notebook": _read_notebook,
}
