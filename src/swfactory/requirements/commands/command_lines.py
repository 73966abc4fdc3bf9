"""The command line that a requirement describes, read from its text without a model.

``python main.py add "text" --tag work --tag urgent`` is a subcommand with one argument and an option that repeats.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from swfactory.domain.markup import without_blocks
from swfactory.requirements.commands.forms import Argument, Form, Option, form_of
from swfactory.requirements.commands.listed_calls import enumerated_calls, listed_calls
from swfactory.requirements.commands.placeholders import PLACEHOLDERS
from swfactory.requirements.commands.prose_options import add_mentioned
from swfactory.requirements.commands.transcripts import transcript_calls
from swfactory.requirements.text.listings import CONVERSION, listings

__all__ = [
    "IDS",
    "Names",
    "forms_of",
    "shared_options",
    "subcommand_of",
    "words_of_commands",
]

Names = Mapping[str, Sequence[str]]
"""Subcommand to names of its arguments, in order."""

_SPAN = re.compile(r"`([^`\n]+)`")
_PROGRAM = re.compile(r"^(?:python3?\s+|\./)([\w./-]+\.py)\b\s*(.*)$")
_FLAG = re.compile(r"^--[a-z][\w-]*(?: \S+)?$")
_EVERYWHERE = re.compile(
    r"`(--[a-z][\w-]*(?: [^`\s]+)?)`,? (?:\w+ ){0,3}?(?:on|to|with|for|of|by) (?:any|all|each|every)\b"
    r"|\b(?:all|each|every) (?:sub)?commands?(?: \w+){1,3} `(--[a-z][\w-]*(?: [^`\s]+)?)`",
    re.IGNORECASE,
)
"""An option of all subcommands, e.g. "`--quiet` works with every command"."""
_COLUMNS = re.compile(r"(?<![\w,])[a-z][a-z_]+(?:,[a-z][a-z_]+)+(?![\w,])")
"""Columns of a table as its first line has them, e.g. ``date,player,score``."""
IDS = re.compile(r"\bids?\b|编号")
"""Says that entries have numbers of their own."""

_DEFAULT = re.compile(
    r"\b(\w+)`? (?:when|if|unless) (?:none|nothing|it|one|no \w+) (?:is|was) (?:not )?(?:given|named|set|said)"
    r"|\bdefault(?:s to|ing to| is|:)?,? `?(\w+)"
)
_SUBCOMMAND = re.compile(r"^[a-z][a-z-]+$")
_SETTERS = frozenset(["config", "define", "put", "set"])


def words_of_commands(text: str, program: str) -> list[list[str]]:
    """Words after the program's name, of every command in back-quotes or in a transcript that calls it.

    Args:
        text: the requirement.
        program: path of the program, e.g. ``main.py``.
    """
    own = program.rsplit("/", 1)[-1]
    found: list[list[str]] = []
    for span in _SPAN.findall(without_blocks(text, lambda _: "\n")):
        match = _PROGRAM.match(span.strip())
        if match is None or match[1].rsplit("/", 1)[-1] != own:
            continue
        try:
            found.append([_marked(word, text) for word in shlex.split(match[2])])
        except ValueError:
            continue
    return found + [words[1:] for words in transcript_calls(text) if words[0].rsplit("/", 1)[-1] == own]


def _marked(word: str, text: str) -> str:
    """A word in capitals that the text speaks of, marked as what stands for others."""
    in_capitals = re.fullmatch(r"[A-Z][A-Z_]+", word) and word not in PLACEHOLDERS
    return f"<{word}>" if in_capitals and re.search(rf"\b{word.lower()}s?\b", text) else word


def subcommand_of(words: Sequence[str]) -> str:
    """The word that chooses what a program does; empty when the first word is something else."""
    return words[0] if words and _SUBCOMMAND.match(words[0]) else ""


def forms_of(text: str, calls: Sequence[list[str]], names: Names | None = None) -> dict[str, Form]:
    """How a program is called.

    Args:
        text: the requirement.
        calls: words of the commands that it quotes.
        names: for arguments that the requirement shows values of and does not name.

    Returns:
        A form for each subcommand, or one named with nothing; empty when plain ``sys.argv`` will do.
    """
    forms = _forms_of(text, calls)
    for option in (option for form in forms.values() for option in form.options.values()):
        _choose(text, option)
    for command, form in forms.items():
        for argument, name in zip(form.arguments, (names or {}).get(command, ()), strict=False):
            argument.name = (argument.nameless and name) or argument.name
    return forms


def shared_options(text: str) -> list[tuple[str, int]]:
    """Options of all subcommands, e.g. ``--since 2024-01-31``, and where in a requirement what is said of each begins.

    Args:
        text: the requirement.
    """
    found = [(match[1] or match[2], match) for match in _EVERYWHERE.finditer(text)]
    return [(flag, text.index("`", match.start(1 if match[1] else 2)) + 1) for flag, match in found]


def _forms_of(text: str, calls: Sequence[list[str]]) -> dict[str, Form]:
    plain = _SPAN.sub(lambda span: "_" * len(span[0]), text)
    named = [call.words for call in enumerated_calls(plain) or listed_calls(plain)]
    alone = [span.split() for span in _SPAN.findall(text) if _FLAG.match(span)]
    heads = list(dict.fromkeys(words[0] for words in calls if words and _SUBCOMMAND.match(words[0])))
    listed = bool(re.search(r"subcommand|子命令", text, re.IGNORECASE))
    if len(heads) > 1 or (listed and named) or _only_head(calls, heads):
        forms = _forms([*calls, *(named if listed else [])])
        add_mentioned(text, forms)
        for flag, _ in shared_options(text):
            shared = form_of([flag.split()]).options
            for form in forms.values():
                form.options |= {name: option for name, option in shared.items() if name not in form.options}
        for columns in _COLUMNS.findall(text):
            _name_after(columns.split(","), forms.values())
        if IDS.search(text):
            _name_ids(forms.values())
        for command in _SETTERS & {*forms}:
            _free_value(forms[command])
        return forms
    if any(word.strip("[").startswith("--") for words in (*calls, *alone) for word in words):
        form = form_of(calls)
        form.options |= {flag: option for flag, option in form_of(alone).options.items() if flag not in form.options}
        add_mentioned(text, {"": form})
        return {"": form}
    form = form_of(calls)
    if len({len(words) for words in calls}) == 1 and len(form.arguments) > 1 and _checkable(form):
        _name_after_lists(text, form)
        return {"": form}
    return {}


def _choose(text: str, option: Option) -> None:
    """Tell what an option may be, where a list has its name: with "sizes are small and large", ``--size``."""
    name = option.flag.lstrip("-")
    listed = next((listing.values for listing in listings(text) if listing.label == name), ())
    if {*option.values} <= {*listed} and option.value and not option.repeats:
        option.choices = listed
        said = (match[1] or match[2] for match in _DEFAULT.finditer(text))
        option.default = next((value for value in said if value in listed), "")


def _checkable(form: Form) -> bool:
    """Whether the values that the requirement shows tell what to check."""
    return any(argument.kind and (argument.example or argument.kind != "number") for argument in form.arguments)


def _name_after_lists(text: str, form: Form) -> None:
    """Name words after the list that they are of: with "Colours: red, green, blue", ``red`` is a colour."""
    for listing in listings(text):
        places = [argument for argument in form.arguments if argument.example in listing.values]
        if not listing.label or any(argument.kind for argument in places):
            continue
        if len(places) == 2 and CONVERSION.search(text):
            places[0].name, places[1].name = f"from_{listing.label}", f"to_{listing.label}"
        else:
            for number, argument in enumerate(places, 1):
                argument.name = listing.label + (str(number) if len(places) > 1 else "")


def _name_ids(forms: Iterable[Form]) -> None:
    """What is one whole number to a subcommand is an id, where the requirement speaks of ids."""
    for form in forms:
        if len(form.arguments) == 1 and form.arguments[0].name == "number" and form.arguments[0].example.isdigit():
            form.arguments[0].name = "id"


def _free_value(form: Form) -> None:
    """What a key is set to may be anything, although the example shows a number."""
    if len(form.arguments) > 1 and form.arguments[-1].name == "number" and not form.arguments[-2].kind:
        form.arguments[-1] = Argument("value", form.arguments[-1].example)


def _name_after(columns: Sequence[str], forms: Iterable[Form]) -> None:
    """Name the arguments that make a row after the columns of the table that the requirement describes."""
    for form in forms:
        nameless = all(argument.example and not argument.count for argument in form.arguments)
        pairs = list(zip(columns, form.arguments, strict=False))
        dates = all(("date" in name) == (argument.name == "date") for name, argument in pairs)
        if nameless and dates and len(columns) == len(form.arguments):
            for name, argument in pairs:
                argument.name = name


def _only_head(calls: Sequence[list[str]], heads: list[str]) -> bool:
    """Whether every call begins with the same plain word, followed by options or values."""
    return len(heads) == 1 and len(calls) > 0 and all(len(w) > 1 and w[0] == heads[0] for w in calls)


def _forms(calls: Iterable[list[str]]) -> dict[str, Form]:
    grouped: dict[str, list[list[str]]] = {}
    for words in calls:
        if words and _SUBCOMMAND.match(words[0]):
            grouped.setdefault(words[0], []).append(words[1:])
    return {name: form_of(rest) for name, rest in grouped.items()}
