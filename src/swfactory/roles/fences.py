"""Code in fenced blocks: how roles send files, because code inside JSON costs a small model its indentation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from swfactory.domain.design import safe_path
from swfactory.errors import ReplyError

__all__ = ["code_block", "file_blocks"]

_FENCE = re.compile(
    r"^[ \t]*(`{3,}+|~{3,}+)[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_PATH_COMMENT = re.compile(
    r"^\s*(?:#|//|--|<!--)\s*(?:file(?:name)?:?\s*)?([\w./-]+\.\w+)[ \t]*+(?:-->)?[ \t]*+\n", re.IGNORECASE
)
_PATH_IN_TEXT = re.compile(r"([\w./-]*\w\.(?:py|md|txt|toml|cfg|ini|json|csv|html|css|js|sql))\b")
_LIMIT = 200_000
_LINE_LIMIT = 300


def _blocks(text: str) -> list[tuple[str, str, str]]:
    """Yield (the line before, language, body) of each fenced block; an unclosed last one counts."""
    found = []
    for match in _FENCE.finditer(text[:_LIMIT]):
        before = text[: match.start()].rstrip().rsplit("\n", 1)[-1][-_LINE_LIMIT:]
        found.append((before, match[2].lower(), match[3]))
    return found


def code_block(text: str) -> str:
    """Return the longest fenced block, or the whole reply when it looks like bare code.

    Raises:
        ReplyError: there is no code in the reply.
    """
    blocks = _blocks(text)
    if blocks:
        body = max((body for _, _, body in blocks), key=len)
    elif re.match(r"\s*(?:from |import |def |class |#|\"\"\"|@)", text):
        body = text[:_LIMIT]
    else:
        raise ReplyError(f"no fenced code block in the reply {text[:80]!r}")
    body = _PATH_COMMENT.sub("", body, count=1).strip("\n")
    if not body.strip():
        raise ReplyError("the code block is empty")
    return body + "\n"


def file_blocks(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the blocks of a reply by the file that each belongs to, path to content.

    A block is named by a comment in its first line or by a path in the line before it; one that names no file belongs
    to the one that it has most lines in common with. Several blocks of one file are joined.

    Args:
        text: the reply.
        known: files that the reply may change, path to content; others are left out.

    Raises:
        ReplyError: no block holds a known file.
        PathEscapeError: a block names a path outside the workspace.
    """
    found: dict[str, str] = {}
    for before, _, body in _blocks(text):
        comment = _PATH_COMMENT.match(body)
        named = comment[1] if comment else next(iter(_PATH_IN_TEXT.findall(before)), None)
        if named is None:
            path = _closest(body, known)
        else:
            path = safe_path(named)
            if path not in known:
                path = next((other for other in known if other.rsplit("/", 1)[-1] == path), None)
        content = _PATH_COMMENT.sub("", body, count=1) if comment else body
        if path is not None and content.strip():
            earlier = [found[path]] if path in found else []
            found[path] = "\n\n".join([*earlier, content.strip("\n") + "\n"])
    if not found:
        raise ReplyError(f"no fenced block for any of {', '.join(known)} in the reply")
    return found


def _closest(body: str, known: Mapping[str, str]) -> str | None:
    """The file that a block without a name comes from; None when it has nothing in common with any of several."""
    if len(known) == 1:
        return next(iter(known))
    lines = {line.strip() for line in body.splitlines() if len(line.strip()) > 3}
    shared = {path: sum(line.strip() in lines for line in text.splitlines()) for path, text in known.items()}
    best = max(shared, key=lambda path: shared[path], default=None)
    return best if best is not None and shared[best] else None
