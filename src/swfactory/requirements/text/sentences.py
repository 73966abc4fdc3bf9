"""The sentences of a requirement, in English and Chinese: what a criterion is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swfactory.domain.markup import without_blocks

__all__ = ["sentences"]

_SENTENCE = re.compile(
    r"(?<=[。！？；;])|(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)\s+(?=[A-Z\"'(\[\u3400-\u9fff]|[\w/-]+\.py\b)|\n+"
)
_HEADING = re.compile(r"^#{1,6} +\S[^\n]*$|^[=-]{3,}[ \t]*$", re.MULTILINE)
_ORDINAL = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")


def sentences(text: str) -> tuple[str, ...]:
    """Split a requirement into sentences and clauses that stand alone; code spans and brackets stay whole.

    A block of code belongs to the sentence before it; headings are none.
    """
    spans: list[str] = []

    def hide(span: str) -> str:
        spans.append(span)
        return f"\x00{len(spans) - 1}\x00"

    def restore(piece: str) -> str:
        return re.sub(r"\x00(\d+)\x00", lambda match: restore(spans[int(match[1])]), piece)

    text = re.sub(r"(?<!\n)\n+(?=\x00)", " ", without_blocks(_HEADING.sub("", text), hide))
    hidden = re.sub(r"`[^`]*`|\"[^\"\n]{0,80}\"", lambda match: hide(match[0]), text)
    hidden = re.sub(r"\([^()\n]{0,200}\)|（[^（）\n]{0,200}）", lambda match: hide(match[0]), hidden)
    pieces = (part for piece in _SENTENCE.split(hidden) if piece for part in _each_with_code(piece, spans))
    restored = map(restore, (piece.strip() for piece in pieces))
    found: list[str] = []
    number = ""
    for piece in restored:
        if _ORDINAL.fullmatch(piece):
            number = f"{piece} "  # of the list item that follows
        elif re.search(r"\w", piece):
            found.append(number + piece.rstrip())
            number = ""
    return (*found, number.strip()) if number else tuple(found)


def _each_with_code(hidden: str, spans: Sequence[str]) -> list[str]:
    """Part what follows a sentence that has code already; without, what follows is its example.

    Args:
        hidden: text whose code, quotations and remarks are replaced by marks with their numbers.
        spans: what was replaced.
    """
    parts: list[str] = []
    for part in re.split(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\.\.\.)\s+(?=\x00)", hidden):
        known = re.findall(r"\x00(\d+)\x00", parts[-1]) if parts else []
        if parts and not any(spans[int(number)].startswith("`") for number in known):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts
