"""Every visible string of the page, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from swfactory.domain.requirement import Language

__all__ = ["LANGUAGES", "language_of", "say", "table"]

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}
"""Languages of the page, by what they call themselves."""


@cache
def table(language: Language) -> Mapping[str, str]:
    """Return the strings of a language by key."""
    text = files("swfactory.ui").joinpath("texts", f"{language}.json").read_text(encoding="utf-8")
    return cast("dict[str, str]", json.loads(text))


def say(language: Language, key: str, **values: object) -> str:
    """Return a string of the page.

    Args:
        language: of the reader.
        key: which string.
        values: what its placeholders stand for.
    """
    return table(language)[key].format(**values) if values else table(language)[key]


def language_of(tag: str) -> Language:
    """Return the language of the page for a browser's language tag, e.g. ``zh-CN`` or ``de``."""
    return "zh" if tag.lower().startswith("zh") else "en"
