"""A chunk: the piece of a file that is found, shown and cited as one."""

from __future__ import annotations

import hashlib
from typing import Literal

from swfactory.domain.value import Value

__all__ = ["CARD_CHARS", "Chunk", "ChunkKind"]

CARD_CHARS = 300
"""Characters of documentation or text on a card: a long text blurs the vector of a small model."""

ChunkKind = Literal["function", "class", "module", "section", "page", "cell"]


class Chunk(Value):
    """A piece of a file with the place it comes from.

    Args:
        path: the file, as it is cited: a source's name and the way from there, with slashes.
        text: the piece, word for word; a later part of a long function begins with the function's signature.
        kind: what the piece is in its file.
        symbol: dotted path of a definition (``Store.add``), or the headings above a section (``Install > Linux``).
        signature: a definition's head on one line; empty for anything else.
        doc: what the author says of a definition: its docstring, or the comment above it.
        language: name of the file's language or format, e.g. ``python`` or ``markdown``.
        line: first line, counted from 1; in a file with pages, the line of the page.
        end: last line.
        page: page of the file, or cell of a notebook, counted from 1; 0 where a file has neither.
        part: number of this part of a long piece, counted from 1.
        ordinal: which of several chunks of the file that say the same, counted from 1.
    """

    path: str
    text: str
    kind: ChunkKind
    symbol: str = ""
    signature: str = ""
    doc: str = ""
    language: str = ""
    line: int = 1
    end: int = 1
    page: int = 0
    part: int = 1
    ordinal: int = 1

    @property
    def digest(self) -> str:
        """What the chunk says, whatever its lines: 32 hexadecimal characters.

        A function that moves within its file keeps its digest, and with it its vector.
        """
        said = "\x00".join((self.symbol, str(self.part), str(self.ordinal), self.text))
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    @property
    def card(self) -> str:
        """The text that stands for the chunk when it is embedded."""
        head = " ".join(part for part in (self.path, self.symbol) if part)
        body = self.doc or self.text
        if self.doc and len(self.doc) < CARD_CHARS:
            body = f"{self.doc}\n{self.text.removeprefix(self.signature)}"
        return "\n".join(part for part in (head, self.signature, body[:CARD_CHARS]) if part)

    @property
    def citation(self) -> str:
        """``path:line``, ``path p.N`` in a file with pages, ``path cell N`` in a notebook."""
        if not self.page:
            return f"{self.path}:{self.line}"
        return f"{self.path} {'cell ' if self.kind == 'cell' else 'p.'}{self.page}"
