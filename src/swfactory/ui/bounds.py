"""The fields of a budget, and the bounds that they say."""

from __future__ import annotations

import gradio as gr

from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Language
from swfactory.errors import InputError
from swfactory.ui.desk import Desk
from swfactory.ui.wording import say

__all__ = ["bounds", "new_budget", "number"]

_HUGE = 10**9


def number(text: str | None, name: str, kind: type[int] | type[float] = int) -> float | None:
    """Return what a field says; None when it says nothing.

    Args:
        text: what was typed.
        name: what the reader calls the field.
        kind: whether it is a whole number.

    Raises:
        InputError: it is no number, or one below 0.
    """
    typed = (text or "").strip().replace(",", "")
    if not typed:
        return None
    try:
        value = kind(typed)
    except ValueError:
        value = -1
    if not 0 <= value < _HUGE:
        raise InputError(f"{name}: {typed!r}", hint="1, 2, 3 ...")
    return value


def new_budget(language: Language, base: Budget, tokens: str | None, minutes: str | None, rounds: str | None) -> Budget:
    """Return bounds with those changed that a person has given.

    Args:
        language: of the reader.
        base: the bounds so far.
        tokens: generated tokens, as typed; empty leaves them.
        minutes: minutes of work, as typed.
        rounds: repair rounds, as typed.

    Raises:
        InputError: one of them cannot be a bound.
    """
    most = number(tokens, say(language, "max_tokens"))
    lasts = number(minutes, say(language, "max_minutes"), float)
    repairs = number(rounds, say(language, "max_rounds"))
    given = {
        **({"max_tokens": most} if most else {}),
        **({"max_seconds": lasts * 60} if lasts else {}),
        **({"max_rounds": repairs} if repairs is not None else {}),
    }
    return Budget.model_validate({**base.model_dump(), **given})


def bounds(desk: Desk, base: Budget | None = None) -> tuple[gr.Textbox, gr.Textbox, gr.Textbox]:
    """Lay out the fields of a budget.

    Args:
        desk: what the tabs share.
        base: what holds where nothing is typed; None for what a run has.
    """
    put = desk.labels.put
    minutes = base.max_seconds / 60 if base and base.max_seconds else None
    shown = (base.max_tokens if base else None, minutes, base.max_rounds if base else None)
    keys = ("max_tokens", "max_minutes", "max_rounds")
    made = [
        put(gr.Textbox, {"label": key}, placeholder="–" if value is None else f"{value:g}", min_width=110)
        for key, value in zip(keys, shown, strict=True)
    ]
    return made[0], made[1], made[2]
