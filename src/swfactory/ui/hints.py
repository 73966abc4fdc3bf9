"""What the command line is told to type, as what a reader of the page can press."""

from __future__ import annotations

import re

from swfactory.domain.requirement import Language
from swfactory.ui.wording import say

__all__ = ["on_page"]

_PLACES = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"swf resume\b", "hint_resume"),
        (r"swf (show|logs|diff)\b", "hint_open"),
        (r"swf fork\b", "hint_fork"),
        (r"swf delete\b", "hint_delete"),
        (r"swf runs\b", "hint_runs"),
        (r"swf run\b", "hint_build"),
        (r"swf ask\b", "hint_ask"),
        (r"swf rag (list|add|remove)\b", "hint_add"),
        (r"swf (models|adapters) list\b", "hint_models"),
        (r"swf models pull [\w.-]+$", "hint_fetch"),
    )
)


def on_page(language: Language, hint: str) -> str:
    """Return a hint in the terms of the page; a command that the page has nothing for is told as one to type.

    Args:
        language: of the reader.
        hint: of an error, whose commands are those of ``swf``.
    """
    for pattern, key in _PLACES:
        if pattern.match(hint):
            return say(language, key)
    return say(language, "hint_terminal", command=hint) if hint.startswith("swf ") else hint
