"""From text to tokens."""

import re
from typing import NamedTuple

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/(),=]))")


class CalcError(Exception):
    """An expression that cannot be calculated."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Token(NamedTuple):
    kind: str
    text: str
    position: int


def tokenize(text: str) -> list[Token]:
    tokens, at = [], 0
    stop = len(text.rstrip())
    while at < stop:
        match = TOKEN.match(text, at)
        if not match:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise CalcError(f"unexpected {text[at]!r}", at)
        kind = ("number", "name", "op")[(match.lastindex or 1) - 1]
        tokens.append(Token(kind, match[match.lastindex or 1], match.start(match.lastindex or 1)))
        at = match.end()
    return [*tokens, Token("end", "", stop)]
