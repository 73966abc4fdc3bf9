"""Components whose words follow the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from swfactory.domain.requirement import Language
from swfactory.ui.wording import say, table

__all__ = ["Labels", "translations"]

C = TypeVar("C", bound=gr.blocks.Block)

Choices = Callable[[Language], list[tuple[str, str]]]
"""The choices of a component in a language: what is shown, and what it means."""


def translations() -> gr.I18n:
    """Return the words for the browser to choose from before it has told the server its language."""
    return gr.I18n(**{"en": dict(table("en")), "zh": dict(table("zh")), "zh-CN": dict(table("zh"))})


class Labels:
    """Makes components with words of the reader's language, and changes them when it changes."""

    def __init__(self) -> None:
        self._i18n = translations()
        self._labelled: list[tuple[gr.blocks.Block, dict[str, str], Choices | None]] = []

    @property
    def components(self) -> list[gr.blocks.Block]:
        """What has words, in the order of ``words``."""
        return [component for component, _, _ in self._labelled]

    def put(self, kind: Callable[..., C], words: dict[str, str], choose: Choices | None = None, **options: Any) -> C:
        """Make a component.

        Args:
            kind: its class.
            words: key of a string by property: ``label``, ``value``, ``placeholder``, ``info``.
            choose: its choices by language, where they have words.
            options: its other arguments.
        """
        first = {name: self._i18n(key) for name, key in words.items()}
        more = {"choices": choose("en")} if choose else {}
        component = kind(**first, **more, **options)
        self._labelled.append((component, words, choose))
        return component

    def words(self, language: Language) -> list[dict[str, Any]]:
        """Return the update of every component."""
        updates: list[dict[str, Any]] = []
        for _, words, choose in self._labelled:
            said: dict[str, Any] = {name: say(language, key) for name, key in words.items()}
            if choose:
                said["choices"] = choose(language)
            updates.append(gr.update(**said))
        return updates
