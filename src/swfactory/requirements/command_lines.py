"""The command line that a requirement describes, read from its text without a model.

``python main.py add "text" --tag work --tag urgent`` is a subcommand with one argument and an option that repeats.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from swfactory.domain.markup import without_blocks
from swfactory.requirements.listings import CONVERSION, listings
from swfactory.requirements.placeholders import placeholder_name
from swfactory.requirements.transcripts import transcript_calls

__all__ = [
    "IDS",
    "LISTED",
    "NUMERIC_PLACEHOLDERS",
    "Argument",
    "Form",
    "Names",
    "Option",
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
LISTED = re.compile(r"(?<![\w`-])([a-z][a-z-]+)((?: +\[?[A-Z][A-Z_]+(?:=[A-Z][A-Z_]+)?\]?(?:\.\.\.)?)+)(?![a-z])")
"""Subcommands named without quotes, e.g. ``lend ISBN MEMBER``: name, placeholders."""
_EVERYWHERE = re.compile(
    r"`(--[a-z][\w-]*(?: [^`\s]+)?)`,? (?:\w+ ){0,3}?(?:on|to|with|for|of|by) (?:any|all|each|every)\b"
    r"|\b(?:all|each|every) (?:sub)?commands?(?: \w+){1,3} `(--[a-z][\w-]*(?: [^`\s]+)?)`",
    re.IGNORECASE,
)
"""An option of all subcommands, e.g. "`--quiet` works with every command"."""
_SUBCOMMANDS = re.compile(r"\bsubcommands?:?\s+|子命令[:：]?\s*", re.IGNORECASE)
_COLUMNS = re.compile(r"(?<![\w,])[a-z][a-z_]+(?:,[a-z][a-z_]+)+(?![\w,])")
"""Columns of a table as its first line has them, e.g. ``date,player,score``."""
IDS = re.compile(r"\bids?\b|编号")
"""Says that entries have numbers of their own."""

_DEFAULT = re.compile(
    r"\b(\w+)`? (?:when|if|unless) (?:none|nothing|it|one|no \w+) (?:is|was) (?:not )?(?:given|named|set|said)"
    r"|\bdefault(?:s to|ing to| is|:)?,? `?(\w+)"
)
_PART = re.compile(r"^\[?(?:--[a-z][\w-]*|[A-Z][A-Z_]*(?:=[A-Z][A-Z_]*)?)(?:\.\.\.)?\]?$")
_PAIR = re.compile(r"^<?([A-Z][A-Z_]*=[A-Z][A-Z_]*)")
_SUBCOMMAND = re.compile(r"^[a-z][a-z-]+$")
_OPTION = re.compile(r"^--?[A-Za-z][\w-]*$")
_PLAIN_NUMBER = re.compile(r"^-?(?:0|[1-9]\d{0,8})(?:\.\d+)?$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MONTH = re.compile(r"^\d{4}-\d{2}$")
NUMERIC_PLACEHOLDERS = frozenset(
    """
    N M K NUMBER NUMBERS COUNT AMOUNT QUANTITY QTY COPIES PRICE SIZE LIMIT YEAR DAYS HOURS MINUTES SEATS
    数字 整数 数量 价格 单价 金额 年份 天数 小时 分钟 分数
    """.split()  # noqa: SIM905
)
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_FILE = re.compile(
    r"^[\w./-]+\.(?:bin|bmp|c|cfg|conf|css|csv|dat|db|env|gif|go|gz|html?|ini|java|jpe?g|js|jsonl?|log|md|pdf|png|py|rs|rst"
    r"|sh|sql|svg|tar|toml|ts|tsv|txt|xml|ya?ml|zip)$"
)
"""``server.port`` is none."""
_MEASURED = re.compile(r"^(?:\d+[A-Za-z%]+)+$")
_MANY = 3
_SETTERS = frozenset(["config", "define", "put", "set"])
_DATE = re.compile(r"^\d{4}-\d{2}(?:-\d{2}(?:T[\d:]+)?)?$")


@dataclass
class Argument:
    """A word of a call.

    Args:
        name: of the attribute that holds it.
        example: a value that the requirement shows; empty for a placeholder.
        count: argparse's ``nargs``; empty for one.
        kind: ``number``, ``day``, ``month``, or empty for any word.
    """

    name: str
    example: str = ""
    count: str = ""
    kind: str = ""

    @property
    def nameless(self) -> bool:
        """Whether its name tells no more than what kind of value the requirement shows."""
        return bool(self.example) and bool(re.fullmatch(r"(?:date|number|text)s?\d*", self.name))


@dataclass
class Option:
    """An option of a call.

    Args:
        flag: with its dashes.
        value: a value or placeholder; empty when it takes none.
        repeats: whether it may come several times.
        values: all values that the requirement shows.
        choices: all that it may have; empty when these are not known.
        default: the one of them that it has when it is not given; empty for none.
    """

    flag: str
    value: str = ""
    repeats: bool = False
    values: list[str] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    default: str = ""

    @property
    def kind(self) -> str:
        """What its values are, as for an argument."""
        return _kind(self.values)


@dataclass
class Form:
    """How one subcommand, or the program itself, is called."""

    arguments: list[Argument] = field(default_factory=list)
    options: dict[str, Option] = field(default_factory=dict)


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
            found.append(shlex.split(match[2]))
        except ValueError:
            continue
    return found + [words[1:] for words in transcript_calls(text) if words[0].rsplit("/", 1)[-1] == own]


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
    plain = _SPAN.sub(" ", text)
    named = _enumerated(plain) or [[name, *(f"<{w}>" for w in rest.split())] for name, rest in LISTED.findall(plain)]
    alone = [span.split() for span in _SPAN.findall(text) if _FLAG.match(span)]
    heads = list(dict.fromkeys(words[0] for words in calls if words and _SUBCOMMAND.match(words[0])))
    listed = bool(re.search(r"subcommand|子命令", text, re.IGNORECASE))
    if len(heads) > 1 or (listed and named) or _only_head(calls, heads):
        forms = _forms([*calls, *(named if listed else [])])
        for flag, _ in shared_options(text):
            shared = _form([flag.split()]).options
            for form in forms.values():
                form.options |= {name: option for name, option in shared.items() if name not in form.options}
        for columns in _COLUMNS.findall(text):
            _name_after(columns.split(","), forms.values())
        if IDS.search(text):
            _name_ids(forms.values())
        for command in _SETTERS & {*forms}:
            _free_value(forms[command])
        return forms
    if calls and any(word.strip("[").startswith("--") for words in (*calls, *alone) for word in words):
        form = _form(calls)
        form.options |= _form(alone).options
        return {"": form}
    form = _form(calls)
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
    return any(argument.kind and argument.example for argument in form.arguments)


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


def _enumerated(text: str) -> list[list[str]]:
    """The calls of a list like "the subcommands put KEY VALUE, get KEY (prints it) and list"."""
    start = _SUBCOMMANDS.search(text)
    if start is None:
        return []
    listing = re.sub(r"\([^()]*\)|（[^（）]*）", " ", text[start.end() :])
    listing = re.split(r"(?<!\.\.)[.;；](?:\s|$)|。", listing, maxsplit=1)[0]
    calls: list[list[str]] = []
    for item in re.split(r",\s*(?:and\s+)?|\s+(?:and|or)\s+|[、，和]", listing):
        words = item.split()
        if words and _SUBCOMMAND.match(words[0]) and all(_PART.match(word) for word in words[1:]):
            calls.append(
                [words[0], *(word if word[0] in "[-" or word[-1] == "]" else f"<{word}>" for word in words[1:])]
            )
    return calls


def _kind(words: Sequence[str]) -> str:
    """What all values of a place are; empty when they are just words."""
    bare = [word.strip("[]<>{}.…") for word in words]
    if bare and all(_PLAIN_NUMBER.match(word) or word in NUMERIC_PLACEHOLDERS for word in bare):
        return "number"
    if bare and all(_DAY.match(word) for word in bare):
        return "day"
    return "month" if bare and all(_MONTH.match(word) for word in bare) else ""


def _only_head(calls: Sequence[list[str]], heads: list[str]) -> bool:
    """Whether every call begins with the same plain word, followed by options or values."""
    return len(heads) == 1 and len(calls) > 0 and all(len(w) > 1 and w[0] == heads[0] for w in calls)


def _forms(calls: Iterable[list[str]]) -> dict[str, Form]:
    grouped: dict[str, list[list[str]]] = {}
    for words in calls:
        if words and _SUBCOMMAND.match(words[0]):
            grouped.setdefault(words[0], []).append(words[1:])
    return {name: _form(rest) for name, rest in grouped.items()}


def _form(calls: Iterable[list[str]]) -> Form:
    form = Form()
    rows: list[list[str]] = []
    for words in calls:
        values, options = _read(words)
        arguments = [_argument(value, values) for value in values]
        rows.append(values)
        for flag, option in options.items():
            known = form.options.setdefault(flag, option)
            known.values += option.values if known is not option else []
            known.value = known.value or option.value
            known.repeats |= option.repeats
        # Placeholders are better names than what can be told from values.
        if (len(arguments), _placeholders(arguments)) > (len(form.arguments), _placeholders(form.arguments)):
            form.arguments = arguments
    counts = set(map(len, rows))
    alike = len({argument.name for argument in form.arguments}) == 1
    if alike and len(counts) > 1:
        first, kind = form.arguments[0], _kind([value for values in rows for value in values])
        form.arguments = [Argument(f"{first.name}s", first.example, "*" if 0 in counts else "+", kind)]
    else:
        for at, argument in enumerate(form.arguments):
            argument.kind = _kind([v[at] for v in rows if len(v) == len(form.arguments) and not _only_names(v[at], v)])
        form.arguments = _gathered(form.arguments)
    return form


def _only_names(word: str, beside: Sequence[str]) -> bool:
    """Whether a word is a placeholder that does not say what kind of value stands in its place."""
    return word.strip("[]<>{}.…") not in NUMERIC_PLACEHOLDERS and placeholder_name(word, beside) != ""


def _placeholders(arguments: Iterable[Argument]) -> int:
    return sum(not argument.example for argument in arguments)


def _gathered(arguments: list[Argument]) -> list[Argument]:
    """Three or more values of one form at the end are as many as one likes; equal names are numbered."""
    run = 1
    while run < len(arguments) and _alike(arguments[-1 - run], arguments[-1]):
        run += 1
    if run >= _MANY:
        first = arguments[-run]
        arguments = [*arguments[:-run], Argument(f"{first.name}s", first.example, "+", first.kind)]
    seen: dict[str, int] = {}
    for argument in arguments:
        seen[argument.name] = seen.get(argument.name, 0) + 1
        if seen[argument.name] > 1:
            argument.name = f"{argument.name}{seen[argument.name]}"
    return arguments


def _alike(one: Argument, other: Argument) -> bool:
    """Whether two values are numbers, dates, or both made of numbers and units like ``1h30m``; words need not be."""
    measured = [bool(_MEASURED.match(argument.example)) for argument in (one, other)]
    return one.name == other.name and (one.name in {"number", "date"} or all(measured)) and not one.count


def _read(words: list[str]) -> tuple[list[str], dict[str, Option]]:
    """Tell the options of a call from its other words."""
    options: dict[str, Option] = {}
    values: list[str] = []
    index = 0
    while index < len(words):
        word = words[index].strip("[]")
        if _OPTION.match(word):
            following = words[index + 1] if index + 1 < len(words) else "-"
            alone = words[index].endswith("]") or following.lstrip("[").startswith("-")
            value = "" if alone else following.strip("[]")
            known = options.get(word)
            values_of = [*(known.values if known else []), *([value] if value else [])]
            options[word] = Option(word, value, repeats=known is not None, values=values_of)
            index += 1 if alone else 2
        else:
            values.append(words[index])
            index += 1
    return values, {flag: option for flag, option in options.items() if flag not in {"-h", "--help"}}


def _argument(value: str, beside: Sequence[str]) -> Argument:
    """Name an argument after its placeholder, or after what kind of value stands in its place."""
    many = "+" if value.rstrip("]>").endswith(("...", "…")) else ""
    if pair := _PAIR.match(value):
        return Argument("pairs" if many else "pair", pair[1], count=many)
    if name := placeholder_name(value, beside):
        return Argument(name, count=many)
    return Argument(_guess(value), example=value)


def _guess(value: str) -> str:
    if _DATE.match(value):
        return "date"
    if _NUMBER.match(value):
        return "number"
    if _FILE.match(value):
        return "file"
    return "text"
