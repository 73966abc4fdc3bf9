"""The shape of output that a requirement shows: "one line per category as `food: 12.50`" says how every line looks.

What the lines hold depends on the data, so nothing can be compared word for word; but a label that nobody asked for, a
missing decimal or another order is seen without knowing the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from swfactory.requirements.commands.command_lines import subcommand_of
from swfactory.requirements.commands.exit_statuses import may_fail
from swfactory.requirements.commands.listed_calls import listed_calls
from swfactory.requirements.commands.listed_lines import line_pattern, listed_lines
from swfactory.requirements.commands.printed import output_of
from swfactory.requirements.text.either import either_of, either_pattern
from swfactory.requirements.text.keeping import keeps_data, stands_alone
from swfactory.requirements.text.sentences import sentences

__all__ = [
    "CALL",
    "SAME_FORM",
    "aggregating",
    "described_calls",
    "lines_beside",
    "output_shapes",
    "pattern_of",
    "shape_of",
]

CALL = re.compile(r"`(?:python3?\s+|\./)[\w./-]+\.py\b\s*([^`\n]*)`")
"""A call of a program in back-quotes, and its words."""

_LINES = re.compile(
    r"(?:\blines?\b|in (?:this|the) (?:form|format)|每行|一行)"
    r"(?P<joint>[^`.;。；]{0,60})`((?!python|\./|-)[^`\n]*\w[^`\n]*)`",
    re.IGNORECASE,
)
_OF_LINES = re.compile(
    r"\b(?:start|begin|end|contain|includ|separat|split|delimit|match|mark|prefix|quot|join)\w*\b"
    r"|\b(?:with|by|from|to|than|between|before|after)\s*$|分隔|开头|结尾|包含|匹配|之间|[按以用含]\s*$",
    re.IGNORECASE,
)
"""Says of a piece of code that it is a part of lines, and not that they look like it."""
_IS_THE_FORM = re.compile(r"\s*这?样?的(?:形式|格式|样式)")
_IN_OR_OUT = re.compile(
    r"(?P<out>\b(?:prints?|printed|shows?|shown|outputs?|lists?|displays?|writes?(?! (?:in)?to)|gives?)\b"
    r"|打印|输出|显示|列出)"
    r"|\b(?:takes?|reads?|skips?|ignores?|accepts?|expects?|parses?|needs?|imports?|loads?|counts?|removes?|adds?|saves?"
    r"|stores?|appends?|keeps?|drops?|deletes?|rejects?)\b"
    r"|(?<!已)(?:读取|读入|接受|跳过|忽略|解析|导入|添加|保存|存储)(?!过?的)",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"^\W*(?:prints?|shows?|outputs?|lists?|打印|输出|显示|列出)[^`.;。；]{0,100}?"
    r"(?:\blike|\bsuch as|例如|比如|形如)\s*[:：]?\s*`((?!python|\./|-)[^`\n]+)`",
    re.IGNORECASE,
)
_EACH_AS = re.compile(
    r"^\W*(?:prints?|shows?|outputs?|lists?) (?:all|each|every|one)\b[^`.;。；]{0,100}?,? as\s*:?\s*"
    r"`((?!python|\./|-)[^`\n]*\w[^\w`\n]+\w[^`\n]*)`",
    re.IGNORECASE,
)
"""What is printed of each of several: "prints every contact, as `NAME: PHONE`"."""
_AS = re.compile(
    r"^\W*(?:[a-z][a-z ]{1,50} and )?(?:prints?|shows?|outputs?) (?:an?|its|the|their)"
    r"(?:(?! (?:as|lines?)\b) [a-z]+){1,4} as `([^`\n]*\d[^`\n]*)`(?=[,.;)]| and\b|\s*$)"
)
"""A value in a form: "prints its length as `1:30`"."""
_ALTERNATIVES = re.compile(r"`([^`\n]+)`(?:,? (?:or|and) |、|或|和|,\s*)?")
_DECIMALS = {"one": 1, "two": 2, "three": 3, "four": 4, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_PRINTS = r"^\W*(?:prints?|shows?|outputs?|打印|输出)[^`\"“.;。；]"
_DECIMAL = re.compile(
    rf"{_PRINTS}{{0,60}}?(?:\bwith (one|two|three|four|\d) decimals?|([一两二三四\d])位小数)", re.IGNORECASE
)
_WHOLE = re.compile(
    rf"{_PRINTS}{{0,60}}?(?:\b(?:a|the) (?:whole )?number\b(?! of lines)|how many\b)"
    r"(?!.*(?:decimal|(?<!number of )(?<!how many )digit|\bplaces\b|\bround|percent|average"
    r"|mean\b|ratio|小数|平均))(?<!\bas a number)",
    re.IGNORECASE,
)
SAME_FORM = re.compile(r"in the same (?:form|format|way)|格式相同|同样的格式", re.IGNORECASE)
"""Says that output looks as that of the command before."""
_AGGREGATE = re.compile(r"\b(?:sum|total|average|mean|largest|smallest|maximum|minimum)\b|总|合计|平均|最大|最小")
_LINE = re.compile(r"\blines?\b|行")
_AND_OTHERS = re.compile(
    r"[`,;，；\s]*(?:and |with )?(?:then|finally|followed by|after (?:that|them|those)|at the end|a last|the last)\b"
    r"(?! (?:it )?(?:ends?|exits?|quits?|returns?|stops?)\b)"
    r"|[`,;，；\s]*(?:然后|最后|之后|接着|再打印|再输出)(?!退出|结束)",
    re.IGNORECASE,
)
"""Says that lines of another form come after those that are shown."""
_PIECE = re.compile(
    r"\d+(?:\.\d+){2,}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|[^\W\d_]+(?:[_'-]?[^\W\d_]+)*|.", re.DOTALL
)


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
    calls = list(described_calls(text))
    described = [_options(words) for words, _ in calls if not subcommand_of(words)]
    ambiguous = len(described) > 1
    told_apart = len({*described}) == len(described)
    for at, (words, said) in enumerate(calls):
        shape = _shape(said) or (last if _is_alike(said) else "")
        output = "" if shape or not keeps or may_fail(said) else output_of(said)
        if output and not stands_alone(words, output, first=at == 0):
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
    yield from ((subcommand_of(words), said) for words, said in described_calls(text))
    yield from _asides(text)


def described_calls(text: str) -> Iterator[tuple[list[str], str]]:
    """Find the calls of a program, and what is said of the output of each.

    Args:
        text: the requirement.

    Yields:
        Words of a call, and what its sentence says after it.
    """
    matches = list(CALL.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        yield match[1].split(), next(iter(sentences(rest)), "")


def _asides(text: str) -> Iterator[tuple[str, str]]:
    """Commands that are listed, and what is said of each in brackets."""
    for call in listed_calls(text):
        if aside := re.match(r"\s*\(([^)]*)\)", text[call.end :]):
            yield call.words[0], aside[1]


def lines_beside(said: str) -> list[str]:
    """Lines that are shown of a command, one after the other.

    Args:
        said: what is said of its output.
    """
    found: list[str] = []
    lines = _lines(said)
    at = lines.start(2) - 1 if lines else len(said)
    while match := _ALTERNATIVES.match(said, at):
        found.append(match[1])
        at = match.end()
    return found


def _shape(said: str) -> str:
    if listed := listed_lines(said):
        return listed
    if like := _LIKE.search(said):
        return "" if _AND_OTHERS.match(said, like.end()) else like[1]
    if lines := _lines(said):
        unlike = any(not re.fullmatch(pattern_of(lines[2]), other) for other in lines_beside(said))
        return "" if unlike or _AND_OTHERS.match(said, lines.end()) else lines[2]
    if formed := _AS.match(said) or _EACH_AS.match(said):
        return formed[1]
    if decimal := _DECIMAL.match(said):
        decimals = decimal[1] or decimal[2]
        return "0." + "0" * (_DECIMALS.get(decimals.lower()) or int(decimals))
    return "0" if _WHOLE.match(said) else either_of(said)


def _is_alike(said: str) -> bool:
    """Whether output looks as that of the command before; a sum "in the same form" looks as a part of it."""
    alike = SAME_FORM.search(said) is not None
    return alike and (_LINE.search(said) is not None or not _AGGREGATE.search(said))


def _lines(said: str) -> re.Match[str] | None:
    """A line that is shown as one of the output; None where a line of the input is, or a part of one."""
    for lines in _LINES.finditer(said):
        verbs = [*_IN_OR_OUT.finditer(said, 0, lines.start(2) - 1)]
        beside = re.split("[,，]", lines["joint"])[-1]
        part = _OF_LINES.search(beside) and not _IS_THE_FORM.match(said, lines.end())
        if not (part or (verbs and not verbs[-1]["out"])):
            return lines
    return None


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
        if piece.count(".") > 1:  # a version or an address
            parts.append(r"\d[\w.]*")
        elif piece[0].isdigit():
            whole, _, decimals = piece.partition(".")
            # Without decimals, it may be several numbers as well as a large one.
            large = r"-?\d{1,3}(?:,\d{3})*" if decimals else r"-?\d+(?:,-?\d+)*"
            number = large if "," in whole else r"-?\d+"
            parts.append(number + (rf"\.\d{{{len(decimals)}}}" if decimals else ""))
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
    said = (
        (command, clause) for command, clause in _descriptions(text) if _DECIMAL.match(clause) or _WHOLE.match(clause)
    )
    return frozenset(command for command, clause in said if _AGGREGATE.search(clause))
