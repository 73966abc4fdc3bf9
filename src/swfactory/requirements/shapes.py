"""The shape of output that a requirement shows: "one line per category as `food: 12.50`" says how every line looks.

What the lines hold depends on the data, so nothing can be compared word for word; but a label that nobody asked for, a
missing decimal or another order is seen without knowing the data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.command_lines import LISTED, subcommand_of
from swfactory.requirements.either import either_of, either_pattern
from swfactory.requirements.keeping import keeps_data, stands_alone
from swfactory.requirements.listed_lines import line_pattern, listed_lines
from swfactory.requirements.printed import output_of
from swfactory.requirements.sentences import sentences

__all__ = [
    "CALL",
    "SAME_FORM",
    "aggregating",
    "bare_walks",
    "output_shapes",
    "pattern_of",
    "shape_of",
    "stated_parts",
    "with_lines",
    "with_shapes",
]

CALL = re.compile(r"`(?:python3?\s+|\./)[\w./-]+\.py\b\s*([^`\n]*)`")
"""A call of a program in back-quotes, and its words."""

_LINES = re.compile(
    r"(?:\blines?\b|in (?:this|the) (?:form|format)|每行|一行)[^`.;。；]{0,60}`((?!python|\./|-)[^`\n]+)`",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"^\W*(?:prints?|shows?|outputs?|lists?|打印|输出|显示|列出)[^`.;。；]{0,100}?"
    r"(?:\blike|\bsuch as|例如|比如|形如)\s*[:：]?\s*`((?!python|\./|-)[^`\n]+)`",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(r"`([^`\n]+)`(?:,? (?:or|and) |、|或|和|,\s*)?")
_DECIMALS = {"one": 1, "two": 2, "three": 3, "four": 4, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_NUMBER = re.compile(
    r"^\W*(?:prints?|shows?|outputs?|打印|输出)[^`\"“.;。；]{0,60}?"
    r"(?:\bwith (?P<en>one|two|three|four|\d) decimals?|(?P<zh>[一两二三四\d])位小数"
    r"|(?P<whole>\b(?:a|the) (?:whole )?number\b(?! of lines)|how many\b))",
    re.IGNORECASE,
)
SAME_FORM = re.compile(r"in the same (?:form|format|way)|格式相同|同样的格式", re.IGNORECASE)
"""Says that output looks as that of the command before."""
_AGGREGATE = re.compile(r"\b(?:sum|total|average|mean|largest|smallest|maximum|minimum)\b|总|合计|平均|最大|最小")
_DECIMAL = re.compile(r"^0(?:\.0+)?$")
_BRACKETED = re.compile(r"\s*\[[^\]]*\]|\s*\([^)]*\)")
_LEFT_OUT = re.compile(
    r"\b(?:without|no) (?:the )?(?:square )?(?:brackets|parentheses)\b[^.;]{0,20}\b(?:when|if)\b"
    r"|没有[^，。；]{0,8}时?不(?:带|显示|打印)"
)
_WORD = re.compile(r"[\w.-]*\w")
_PIECE = re.compile(r"\d+\.\d+|\d+|[^\W\d_]+(?:[_'-]?[^\W\d_]+)*|.", re.DOTALL)


def output_shapes(text: str) -> dict[str, str]:
    """Find what a line of a command's output looks like.

    Args:
        text: the requirement.

    Returns:
        The subcommand (empty for a program without any, its options where it has several descriptions) to a line as
        the requirement shows it, ``0.00`` for a number with two decimals; several lines for the whole output, empty
        where nothing is shown.
    """
    found: dict[str, str] = {}
    last = ""
    keeps = keeps_data(text)
    calls = list(_calls(text))
    described = [_options(words) for words, _ in calls if not subcommand_of(words)]
    ambiguous = len(described) > 1
    told_apart = len({*described}) == len(described)
    for words, said in calls:
        shape = _shape(said) or (last if SAME_FORM.search(said) else "")
        if not shape and keeps and (output := output_of(said)) and not stands_alone(words, output, first=not found):
            shape = output
        last = shape or last
        command = subcommand_of(words)
        if shape and (command or not ambiguous or told_apart):
            found.setdefault(command or (_options(words) if ambiguous else ""), shape)
    for options in described if ambiguous and found else ():
        found.setdefault(options, "")
    for command, said in _asides(text):
        if shape := _shape(said):
            found.setdefault(command, shape)
    return found


def _options(words: Sequence[str]) -> str:
    """The options of a call, which tell what a program without subcommands does."""
    return " ".join(sorted(word.strip("[]") for word in words if word.lstrip("[").startswith("--")))


def shape_of(words: Sequence[str], shapes: Mapping[str, str]) -> str:
    """Return what the lines of a command look like; empty when that is not known.

    Args:
        words: of the command, after the program's name.
        shapes: as ``output_shapes`` found them.
    """
    command = subcommand_of(words)
    options = _options(words)
    if not command and options and (options in shapes or any(key.startswith("-") for key in shapes)):
        return shapes.get(options, "")
    return shapes.get(command, "")


def _descriptions(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a command and what is said of its output."""
    yield from ((subcommand_of(words), said) for words, said in _calls(text))
    yield from _asides(text)


def _calls(text: str) -> Iterator[tuple[list[str], str]]:
    """Calls of a program, by their words, and what is said of the output of each."""
    matches = list(CALL.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        yield match[1].split(), next(iter(sentences(rest)), "")


def _asides(text: str) -> Iterator[tuple[str, str]]:
    """Commands that are listed, and what is said of each in brackets."""
    for match in LISTED.finditer(text):
        if aside := re.match(r"\s*\(([^)]*)\)", text[match.end() :]):
            yield match[1], aside[1]


def with_lines(text: str, walk: CommandExample) -> CommandExample:
    """Let the commands that a requirement shows print the lines that it shows of them.

    "`main.py mark 3 8` prints one line per number, `3 low` or `8 high`" shows two lines of that command: each has a
    word in it that the command was given.

    Args:
        text: the requirement.
        walk: its literal commands.
    """
    shown: dict[tuple[str, ...], list[str]] = {}
    matches = list(CALL.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        if lines := _LINES.search(next(iter(sentences(rest)), "")):
            shown.setdefault(tuple(match[1].split()), []).extend(_alternatives(lines.string[lines.start(1) - 1 :]))
    steps: list[Step] = []
    for step in walk.steps:
        given = {word for word in step.argv[3:] if not word.startswith("-")}
        lines_of = shown.get(step.argv[2:], ())
        own = tuple(line for line in lines_of if line not in given and given & {*line.split()})
        steps.append(step.model_copy(update={"stdout_contains": own}) if len(own) > 1 else step)
    return walk.model_copy(update={"steps": tuple(steps)})


def _alternatives(text: str) -> Iterator[str]:
    """Code spans at the beginning of a text that follow each other."""
    at = 0
    while match := _ALTERNATIVES.match(text, at):
        yield match[1]
        at = match.end()


def _shape(said: str) -> str:
    if listed := listed_lines(said):
        return listed
    if like := _LIKE.search(said):
        return like[1]
    if lines := _LINES.search(said):
        return lines[1]
    number = _NUMBER.match(said)
    if number is None:
        return either_of(said)
    decimals = number["en"] or number["zh"]
    return "0." + "0" * (_DECIMALS.get(decimals.lower()) or int(decimals)) if decimals else "0"


def pattern_of(shape: str) -> str:
    """Turn a line that stands for others into a regular expression that they match.

    Numbers stand for numbers of as many decimals, words for any text; what is in brackets may be missing. Of several
    lines each has its label as it stands, and ``yes or no`` is one of the two.
    """
    if "\n" in shape:
        return "\n".join(map(line_pattern, shape.splitlines()))
    if either := either_pattern(shape):
        return either
    fixed = re.split(r"\s*[\[(<{]", shape, maxsplit=1)
    parts: list[str] = []
    for piece in _PIECE.findall(fixed[0]):
        if piece[0].isdigit():
            decimals = len(piece.partition(".")[2])
            parts.append(r"-?\d+" + (rf"\.\d{{{decimals}}}" if decimals else ""))
        else:
            parts.append(".+" if piece[0].isalpha() else piece if piece in " -:,'" else re.escape(piece))
    pattern = re.sub(r"(?:\.\+ ?)+\.\+", ".+", "".join(parts))
    # What repeats may repeat more or less often: "a -> b -> c" stands for any path.
    pattern = re.sub(r"(\.\+[^.]+)\1+", r"\1", pattern)
    return pattern + (".*" if len(fixed) > 1 else "")


def aggregating(text: str) -> frozenset[str]:
    """Commands that print one number made of all entries, such as their sum: of one entry, it is the entry's own.

    Args:
        text: the requirement.
    """
    said = ((command, clause) for command, clause in _descriptions(text) if _NUMBER.match(clause))
    return frozenset(command for command, clause in said if _AGGREGATE.search(clause))


def with_shapes(
    example: CommandExample, shapes: dict[str, str], aggregates: Collection[str] = frozenset()
) -> CommandExample:
    """Add to the commands of an example what their output must look like, where nothing else is said of it.

    A line that shows nothing but what the one command before it has put in is the whole output.

    Args:
        example: a session.
        shapes: as ``output_shapes`` found them.
        aggregates: as ``aggregating`` found them.
    """
    steps: list[Step] = []
    for step in example.steps:
        shape = shape_of(step.argv[2:], shapes)
        if not shape or step.stdout is not None:
            steps.append(step)
        elif "\n" in shape:
            steps.append(step.model_copy(update={"lines_like": shape}))
        elif _is_all(shape, step, [other for other in steps if subcommand_of(other.argv[2:]) not in shapes]):
            steps.append(step.model_copy(update={"stdout": f"{shape}\n", "exit_code": 0}))
        elif (
            subcommand_of(step.argv[2:]) in aggregates
            and _DECIMAL.match(shape)
            and (value := _own_number(step, [other for other in steps if subcommand_of(other.argv[2:]) not in shapes]))
        ):
            shown = f"{float(value):.{len(shape.partition('.')[2])}f}"
            steps.append(step.model_copy(update={"stdout": f"{shown}\n", "exit_code": 0}))
        else:
            steps.append(step.model_copy(update={"lines_like": shape}))
    return example.model_copy(update={"steps": tuple(steps)})


def _own_number(step: Step, makers: Sequence[Step]) -> str:
    """The one number of the one command before; empty when there are others, or when other entries are asked for."""
    if len(makers) != 1 or makers[0].exit_code:
        return ""
    given = makers[0].argv[3:]
    numbers = [word for word in given if re.fullmatch(r"\d+(?:\.\d+)?", word)]
    asked = [word for word in step.argv[3:] if not word.startswith("-")]
    meant = all(any(word.startswith(other) for word in given) for other in asked)
    return numbers[0] if len(numbers) == 1 and meant else ""


def stated_parts(walk: CommandExample) -> tuple[CommandExample, ...]:
    """Each command of a walk of which the requirement shows the output, after those that put something in.

    Args:
        walk: literal commands of a requirement, with their shapes.

    Returns:
        Examples that no vote can drop.
    """
    parts: list[CommandExample] = []
    before: list[Step] = []
    for step in walk.steps:
        if step.stdout is None and not step.stdout_contains:
            before.append(step)
        else:
            parts.append(CommandExample(origin="stated", files=walk.files, steps=(*before, step)))
    return tuple(parts)


def bare_walks(text: str, walk: CommandExample, shapes: dict[str, str]) -> tuple[CommandExample, ...]:
    """Sessions in which a command gets none of its options, where the requirement says what is not shown then.

    "`1: text [a, b]` (without brackets when there are none)" is ``1: text`` for an entry that was given neither.

    Args:
        text: the requirement.
        walk: its literal commands, with their shapes.
        shapes: as ``output_shapes`` found them.
    """
    maker = walk.steps[0]
    words = tuple(takewhile(lambda word: not word.startswith("-"), maker.argv))
    if not _LEFT_OUT.search(text) or len(words) == len(maker.argv):
        return ()
    found: list[CommandExample] = []
    for step in walk.steps[1:]:
        shape = shape_of(step.argv[2:], shapes)
        bare = _BRACKETED.sub("", shape)
        if step.stdout and bare != shape and not any(word.startswith("-") for word in step.argv):
            shown = step.model_copy(update={"stdout": f"{bare}\n"})
            steps = (maker.model_copy(update={"argv": words}), shown)
            found.append(CommandExample(origin="stated", steps=steps))
    return tuple(found)


def _is_all(shape: str, step: Step, makers: Sequence[Step]) -> bool:
    """Whether a line is all that a command prints: one command put its words in, and nothing else was asked for."""
    if len(makers) != 1 or makers[0].exit_code:
        return False
    given = makers[0].argv[3:]
    asked = [word.casefold() for word in step.argv[3:] if not word.startswith("-")]
    words = {*_WORD.findall(" ".join(given)), "1"}  # what is counted or numbered begins with 1
    shown = _WORD.findall(shape)
    return (
        all(word in words for word in shown)
        and any(word != "1" for word in shown)
        and all(any(word in other.casefold() for other in given) for word in asked)
    )
