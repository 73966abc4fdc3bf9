"""What the user asked for, word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import Field, field_validator

from swfactory.domain.markup import unwrapped, with_back_quotes
from swfactory.domain.usage import with_programs
from swfactory.domain.value import Value

__all__ = ["Language", "Requirement", "detect_language"]

Language = Literal["en", "zh"]

_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


def detect_language(text: str) -> Language:
    """Tell Chinese from English: a Chinese character says as much as a Latin word."""
    return "zh" if len(_CJK.findall(text)) > len(_WORD.findall(text)) / 2 else "en"


class Requirement(Value):
    """A requirement as typed.

    Args:
        text: the requirement, stripped, at least one character.
        language: language of the product's messages and documents.
        license: SPDX identifier of the licence the product should carry, or None for no licence file.
    """

    text: str = Field(min_length=1)
    language: Language = "en"
    license: str | None = None

    @field_validator("text")
    @classmethod
    def _strip(cls, text: str) -> str:
        stripped = text.strip()
        if not stripped:
            raise ValueError("the requirement is empty")
        return stripped

    @classmethod
    def parse(cls, text: str, *, license: str | None = None) -> Requirement:
        """Build a requirement from raw text: lines joined, commands whole and in back-quotes, its language detected."""
        return cls(
            text=with_programs(with_back_quotes(unwrapped(text))), language=detect_language(text), license=license
        )

    def with_additions(self, additions: Sequence[str]) -> Requirement:
        """Return the requirement with what was added to it later, each on a line of its own."""
        new = [unwrapped(text.strip()) for text in additions if text.strip()]
        return self.model_copy(update={"text": "\n".join([self.text, *new])}) if new else self
