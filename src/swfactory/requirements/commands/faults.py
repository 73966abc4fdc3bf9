"""Kinds of wrong values that requirements name: "a value that is not a number", "below 2", "an unknown name".

Each tells which argument of a good command to spoil and what it becomes (error guessing, Myers, The Art of Software
Testing, 1979; ISO/IEC/IEEE 29119-4, 5.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from swfactory.domain.spec import CommandExample
from swfactory.requirements.text.bounds import BOUND, beyond

__all__ = ["FILE", "MISSING_FILE", "NO_FILE", "NO_SUCH", "NUMBER", "Fault", "named_faults"]

NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
FILE = re.compile(r"^[\w./-]+\.[A-Za-z]\w{0,4}$")
_NAME = re.compile(r"^[^\W\d_]\w*(?: \w+)*$")
NO_SUCH = "nosuchthing"
"""A name that nothing has."""
NO_FILE = "nosuch.txt"
"""A file that is not there."""
MISSING_FILE = re.compile(
    r"missing[^.;]{0,25}\bfile|file (?:that is |is )?(?:missing|not found|that does not exist)|no such file"
    r"|(?:folder|directory|\bDIR) (?:that |which )?(?:is missing|does not exist)|missing (?:folder|directory)"
    r"|文件夹?不存在|目录不存在|找不到文件",
    re.IGNORECASE,
)
_SEEKS = re.compile(r"(?:filter|find|grep|list|look|match|query|search|seek)")
"""Subcommands that find nothing where there is nothing, which is no error."""
_UNKNOWN = re.compile(r"\bunknown ([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    Args:
        named: how a requirement names it.
        spoils: which argument it spoils.
        value: what the argument becomes, or how it does.
        sure: whether the requirement leaves no doubt that the spoilt command is an error.
        only: the one subcommand that it is said of; empty for all.
        spares: subcommands of which it is no fault.
        spares_files: whether it may be said of what is in a file, so that commands that read one can't tell.
    """

    named: re.Pattern[str]
    spoils: Callable[[str], bool]
    value: str | Callable[[str], str]
    sure: bool = True
    only: str = ""
    spares: re.Pattern[str] | None = None
    spares_files: bool = False

    def spoilt(self, word: str) -> str:
        """What an argument becomes."""
        return self.value if isinstance(self.value, str) else self.value(word)


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda word: bool(pattern.match(word))


_FAULTS = (
    Fault(
        re.compile(
            r"not (?:an? )?(?:(?:positive|valid|whole) )*(?:number|integer)|non-numeric|not numeric|invalid number"
            r"|不是(?:有效的?)?(?:数字|整数)|非数字",
            re.IGNORECASE,
        ),
        _fits(NUMBER),
        "abc",
    ),
    Fault(
        re.compile(r"(?<!non-)negative|not (?:an? )?positive|non-positive|负数|为负|不是正", re.IGNORECASE),
        lambda word: bool(NUMBER.match(word)) and word[0] != "-",  # where one is shown, it is none
        "-5",
    ),
    Fault(
        re.compile(
            r"(?:malformed|invalid|bad|wrong|impossible)[^.;]{0,30}\bdates?|dates?[^.;]{0,20}(?:invalid|malformed)"
            r"|日期[^。；]{0,6}(?:无效|不对|错误|不合法|不正确)|(?:无效|错误)[^。；]{0,6}日期",
            re.IGNORECASE,
        ),
        _fits(_DATE),
        "2023-02-30",
    ),
    Fault(MISSING_FILE, _fits(FILE), NO_FILE),
    Fault(
        re.compile(r"\b(?:with|contain\w*|has|have|having|includ\w+) (?:a |any )?digits?\b|(?:含|包含|带)有?数字"),
        _fits(re.compile(r"^[^\W\d_]+$")),
        lambda word: f"{word}1",
        sure=False,
    ),
    Fault(
        re.compile(
            r"unknown (?:\w+ )?(?:ids?|numbers?)\b"
            r"|\b(?:ids?|numbers?) (?:that )?(?:do(?:es)? not|doesn't|don't) exist\b"
            r"|\bno (?:such (?:id|number)|(?:such )?\w+ (?:has|with|of) (?:that|this|the given) (?:id|number))\b"
            r"|(?:id|编号|序号)[^.;。；]{0,6}不存在|不存在的(?:id|编号|序号)|没有这个(?:编号|序号)",
            re.IGNORECASE,
        ),
        lambda w: w.isdigit(),
        "9999",
        sure=False,
    ),
    Fault(
        re.compile(
            r"unknown (?!(?:\w+ )?(?:ids?|numbers?)\b)\w+"
            r"|\b(?!(?:files?|ids?|numbers?|that|which|it)\b)\w+ (?:that )?(?:do(?:es)? not|doesn't|don't) exist\b"
            r"|\b(?!(?:files?|ids?)\b)\w+ (?:is not|was not|can ?not be|can't be) found\b"
            r"|不存在的|(?<!文件)(?<!编号)(?<!id)不存在|未知的?",
            re.IGNORECASE,
        ),
        _fits(_NAME),
        NO_SUCH,
        sure=False,
        spares=_SEEKS,
    ),
)


def named_faults(clause: str, good: Sequence[CommandExample]) -> Iterator[Fault]:
    """Find the faults that a clause names.

    Args:
        clause: of one case, e.g. "a negative amount or an unknown name".
        good: examples of commands that succeed; their values tell what names look like.
    """
    for fault in _FAULTS:
        if fault.named.search(clause):
            yield _of_noun(fault, clause, good)
    yield from _bounds(clause)


def _of_noun(fault: Fault, clause: str, good: Sequence[CommandExample]) -> Fault:
    """What is unknown, where commands have values that are called after it: of "an unknown name", ``name1``."""
    unknown = _UNKNOWN.search(clause) if fault.spares else None
    called = re.compile(rf"{unknown[1].removesuffix('s')}\d") if unknown else None
    words = {word for example in good for step in example.steps for word in step.argv[2:]}
    return replace(fault, spoils=_fits(called)) if called and any(map(called.fullmatch, words)) else fault


def _bounds(clause: str) -> Iterator[Fault]:
    """The faults of numbers that are out of bounds: "values below 2" names 1."""
    for match in BOUND.finditer(clause):
        of = re.match(r" (?:for|in|of) `?([a-z][a-z-]*)", clause[match.end() :])
        for value in beyond(match):
            only = of[1] if of else ""
            yield Fault(BOUND, _fits(NUMBER), str(value), sure=False, only=only, spares_files=not only)
