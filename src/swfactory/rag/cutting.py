"""A file into chunks: read, masked, cut by what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from swfactory.masking import mask_secrets
from swfactory.rag.chunk import Chunk
from swfactory.rag.code import code_chunks
from swfactory.rag.languages import GRAMMARS, language_of
from swfactory.rag.prose import markdown_chunks, rst_chunks, text_chunks
from swfactory.rag.reading import Document, read_document
from swfactory.rag.windows import MAX_CHARS

__all__ = ["CUTTER_VERSION", "cut_file", "cut_text"]

CUTTER_VERSION = 1
"""Counts up when the same file gives other chunks, so that a store knows that it is to be made anew."""

_LONG_LINE = 1_000
"""Characters a line on average, above which code was written by a machine for a machine."""


def cut_file(file: Path, path: str) -> tuple[list[Chunk], list[str]]:
    """Cut a file.

    Args:
        file: where it is.
        path: how it is cited.

    Returns:
        Its chunks, and what a person should know: pages without text, secrets that were masked.

    Raises:
        InputError: it cannot be read.
        MissingExtraError: the extra ``rag`` is not installed.
    """
    language = language_of(path)
    document = read_document(file, language)
    masked: list[str] = []

    def mask(text: str) -> str:
        found = mask_secrets(text)
        masked.extend(found.kinds)
        return found.text

    chunks = _cut(document, path, language, mask)
    notes = list(document.notes)
    if masked:
        notes.append(f"masked {', '.join(f'{masked.count(kind)} {kind}' for kind in sorted(set(masked)))}")
    return _numbered(chunks), notes


def cut_text(text: str, path: str) -> list[Chunk]:
    """Cut a text as if it were the file ``path``; secrets are masked."""
    return _numbered(_cut(Document(text=text), path, language_of(path), lambda piece: mask_secrets(piece).text))


def _cut(document: Document, path: str, language: str, mask: Callable[[str], str]) -> list[Chunk]:
    if document.cells:
        return _cells(document, path, mask)
    if document.pages:
        return [
            chunk
            for number, page in enumerate(document.pages, start=1)
            for chunk in text_chunks(mask(page), path, language, page=number)
        ]
    text = mask(document.text)
    if language in GRAMMARS:
        return code_chunks(text, path, language) if _written_by_hand(text) else []
    if language in ("markdown", "html", "docx"):
        return markdown_chunks(text, path, language)
    if language == "rst":
        return rst_chunks(text, path)
    return text_chunks(text, path, language)


def _cells(document: Document, path: str, mask: Callable[[str], str]) -> list[Chunk]:
    """A chunk a cell, a long one in parts. ``page`` holds the cell's number: a notebook has no lines."""
    chunks = []
    heading = ""
    for number, cell in enumerate(document.cells, start=1):
        language = document.language if cell.kind == "code" else "markdown"
        pieces = text_chunks(mask(cell.text), path, language)
        if cell.kind == "markdown" and cell.text.lstrip().startswith("#"):
            heading = cell.text.lstrip().partition("\n")[0].lstrip("# ").strip()
        chunks += [piece.model_copy(update={"kind": "cell", "page": number, "symbol": heading}) for piece in pieces]
    return chunks


def _written_by_hand(text: str) -> bool:
    return len(text) < MAX_CHARS or len(text) / (text.count("\n") + 1) < _LONG_LINE


def _numbered(chunks: list[Chunk]) -> list[Chunk]:
    """Let chunks that say the same be told apart: overloads, repeated sections."""
    seen: dict[str, int] = {}
    numbered = []
    for chunk in chunks:
        count = seen[chunk.digest] = seen.get(chunk.digest, 0) + 1
        numbered.append(chunk if count == 1 else chunk.model_copy(update={"ordinal": count}))
    return numbered
