"""How a program or one of its subcommands is called: arguments, options, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from swfactory.requirements.commands.placeholders import placeholder_name

__all__ = ["NUMERIC_PLACEHOLDERS", "Argument", "Form", "Option", "form_of"]

_PAIR = re.compile(r"^<?([A-Z][A-Z_]*=[A-Z][A-Z_]*)")
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


def form_of(calls: Iterable[list[str]]) -> Form:
    """Tell how a program or subcommand is called from the calls of it that a requirement shows.

    Args:
        calls: words of each, without the subcommand.
    """
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


def _kind(words: Sequence[str]) -> str:
    """What all values of a place are; empty when they are just words."""
    bare = [word.strip("[]<>{}.…") for word in words]
    if bare and all(_PLAIN_NUMBER.match(word) or word in NUMERIC_PLACEHOLDERS for word in bare):
        return "number"
    if bare and all(_DAY.match(word) for word in bare):
        return "day"
    return "month" if bare and all(_MONTH.match(word) for word in bare) else ""


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
    optional = value.startswith("[") and value.endswith("]")
    many = ("*" if optional else "+") if value.rstrip("]>").endswith(("...", "…")) else "?" if optional else ""
    if pair := _PAIR.match(value):
        return Argument("pairs" if many in {"*", "+"} else "pair", pair[1], count=many)
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
