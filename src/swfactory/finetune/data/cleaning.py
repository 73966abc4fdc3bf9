"""Rows without secrets, personal data and broken characters: nothing is written before it went through here."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from swfactory.finetune.data.personal import mask_personal
from swfactory.finetune.data.recipe import PersonalKind
from swfactory.finetune.rows import Row
from swfactory.masking import mask_secrets

__all__ = ["clean_row", "clean_text"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
"""Characters that nobody sees, and that a tokeniser turns into noise."""
_OURS = frozenset(("role", "maker", "source", "license", "module"))
"""Keys whose values are words of recipes and of this package."""


def clean_text(text: str, personal: Collection[PersonalKind] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a text as it may be kept, and the kinds of what was masked in it.

    Args:
        text: code, a document or a reply.
        personal: kinds of personal data that are masked beside secrets.
    """
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair could be kept by no file
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    secrets = mask_secrets(text)
    found = mask_personal(secrets.text, personal)
    return found.text, (*secrets.kinds, *found.kinds)


def clean_row(row: Row, personal: Collection[PersonalKind] = ()) -> tuple[Row, tuple[str, ...]]:
    """Return a row as it may be kept, and the kinds of what was masked in it.

    Args:
        row: the row.
        personal: kinds of personal data that are masked beside secrets.
    """
    kinds: list[str] = []

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            text, found = clean_text(value, personal) if value else (value, ())
            kinds.extend(found)
            return text
        if isinstance(value, dict):
            return {key: inner if key in _OURS else clean(inner) for key, inner in value.items()}
        return [clean(inner) for inner in value] if isinstance(value, list | tuple) else value

    return type(row).model_validate(clean(row.model_dump())), tuple(kinds)
