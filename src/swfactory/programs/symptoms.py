"""What the messages of failed tests say of the kind of slip behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["gives_wrong_text", "mixes_types", "separators_in", "takes_too_much", "texts_of"]

_PRINTED = re.compile(r"printed '(.*)', expected '(.*)'$")
_COMPARED = re.compile(r"assert '(.*?)' == '(.*?)'$")
_UNLIKE = re.compile(r"printed the line '(.*)', which is not like '(.*)'$")
_LENIENT = re.compile(r"but nothing was raised$|exited with status 0, expected [1-9]")
_MIXED = re.compile(r"unsupported operand|has no attribute|can only concatenate|not supported between|expected str")
_BETWEEN = re.compile(r"(?<=[^\W_])(\s[^\W\d_]\s|\W{1,3})(?=[^\W_])")


def texts_of(message: str) -> tuple[str, str] | None:
    """Return the text that came and the one that was expected; None where a message tells no such pair.

    Where only the form of a line is expected, both have zeros for their numbers.

    Args:
        message: of one failed test.
    """
    if found := _PRINTED.search(message) or _COMPARED.search(message):
        return found[1], found[2]
    found = _UNLIKE.search(message)
    return (_form(found[1]), found[2]) if found else None


def _form(line: str) -> str:
    return re.sub(r"\d", "0", re.sub(r"(?<![\d.])\d+", "0", line))


def gives_wrong_text(messages: Sequence[str]) -> bool:
    """Whether some text comes out otherwise than it should."""
    return any(texts_of(message) for message in messages)


def separators_in(messages: Sequence[str]) -> tuple[str, ...]:
    """Return what stands between the words of the texts that are expected: ``2 x 3`` has `` x ``."""
    expected = [texts[1].replace("\\n", "\n") for message in messages if (texts := texts_of(message))]
    found = [between for text in expected for between in _BETWEEN.findall(text)]
    return tuple(dict.fromkeys(found))


def takes_too_much(messages: Sequence[str]) -> bool:
    """Whether something is taken that should be refused."""
    return any(_LENIENT.search(message) for message in messages)


def mixes_types(messages: Sequence[str]) -> bool:
    """Whether numbers and texts are taken for each other."""
    return any(_MIXED.search(message) for message in messages)
