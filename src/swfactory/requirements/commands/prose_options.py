"""Options that a requirement speaks of beside its commands: "`--sort age` sorts by a column"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from swfactory.requirements.commands.forms import Form, Option, form_of

__all__ = ["Mentioned", "add_mentioned", "mentioned_options"]

_SPAN = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"^(?:python3?\s+|\./)[\w./-]+\.py\b\s*(.*)$")
_OPTION = re.compile(r"^(--?[a-zA-Z][\w-]*)(?:[ =](\S+))?$")
_VALUE = re.compile(
    r"^\W{0,2}(?:followed by|with|takes|being|is|either|gives)?\s*(?:either )?(?:an?|the) (?!option\b|flag\b|switch\b)"
    r"(?:\w+ ){0,2}?"
    r"(?:number|name|value|text|path|date|file|word|list|class|column|pattern|folder|character|separator)\b",
    re.IGNORECASE,
)
"""What follows an option whose value is not shown beside it."""
_REPEATS = re.compile(
    r"\b(?:several|many|multiple) times\b|\bmore than once\b|\bmay be repeated\b|\brepeatable\b"
    r"|多次|重复(?:使用|给出|指定)",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"\bdefault(?:s to| is|ing to|:)?\s*[`\"“]?(-?\d+(?:\.\d+)?)\b|默认(?:值)?(?:为|是)?\s*(-?\d+(?:\.\d+)?)"
    r"|\b(-?\d+(?:\.\d+)?) (?:\w+ ){0,2}(?:when|if|unless) (?:`?-{1,2}[\w-]+`?|it|none) (?:is )?(?:not )?given"
)
_ALL = re.compile(
    r"\b(?:all|every|each|any|both)\b[^.;`]*\b(?:accepts?|ha(?:s|ve)|knows?|supports?|takes?)\b[^.;`]*$"
    r"|(?:都|所有|每个|各)[^。；`]*$",
    re.IGNORECASE,
)
"""What stands before an option that every command has."""


@dataclass(frozen=True)
class Mentioned:
    """An option outside of the commands that are shown.

    Args:
        command: that it belongs to, the one that was shown last; empty for none or a program without subcommands.
        option: the option.
        shared: whether all commands have it, or no sentence says whose it is.
    """

    command: str
    option: Option
    shared: bool


def mentioned_options(text: str) -> Iterator[Mentioned]:
    """Find the options that stand alone in back-quotes.

    Args:
        text: the requirement.
    """
    command, shown_at, of_all = "", 0, False
    spans = list(_SPAN.finditer(text))
    for index, span in enumerate(spans):
        if call := _CALL.match(span[1].strip()):
            words = call[1].split()
            command = words[0] if words and re.fullmatch(r"[a-z][a-z-]+", words[0]) else ""
            shown_at = span.end()
        elif shown := _OPTION.match(span[1].strip()):
            said = text[span.end() : spans[index + 1].start() if index + 1 < len(spans) else None]
            said = re.split(r"(?<=[.;。；])\s|\n", said, maxsplit=1)[0]
            before = text[spans[index - 1].end() if index else 0 : span.start()]
            value = shown[2] or ("VALUE" if _VALUE.match(said) else "")
            (option,) = form_of([[shown[1], *([value] if value else [])]]).options.values() or (None,)
            if option is None:
                continue
            option.repeats = bool(value and _REPEATS.search(said))
            if option.kind == "number" and (default := _DEFAULT.search(said)):
                option.default = next(filter(None, default.groups()))
            goes_on = re.fullmatch(r"\s*(?:,|，|、|and|or|和|以及)*\s*", before) is not None
            of_all = of_all if goes_on else _ALL.search(re.split(r"[.;。；]\s", before)[-1]) is not None
            elsewhere = shown_at and re.search(r"[.。](?=\s|$)|\n", text[shown_at : span.start()])
            yield Mentioned(command, option, of_all or bool(elsewhere))


def add_mentioned(text: str, forms: Mapping[str, Form]) -> None:
    """Add the options that a requirement speaks of to the commands that have them.

    Args:
        text: the requirement.
        forms: subcommand to how it is called, changed in place.
    """
    for found in mentioned_options(text):
        if found.shared or len(forms) == 1:
            chosen = [*forms.values()]
        else:
            chosen = [forms[found.command]] if found.command in forms else []
        known = [form.options[found.option.flag] for form in forms.values() if found.option.flag in form.options]
        for option in known:
            option.value = option.value or found.option.value
            option.values = option.values or found.option.values
            option.repeats |= found.option.repeats
            option.default = option.default or (found.option.default if option.kind == "number" else "")
        for form in chosen if found.shared or not known else ():
            form.options.setdefault(found.option.flag, found.option)
