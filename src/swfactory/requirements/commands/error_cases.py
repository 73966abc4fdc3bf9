"""Error cases made from good commands: one value spoilt, in the way that a sentence of the requirement names.

A small model asked for a command that must fail mostly writes one that must not. A sentence such as "a value that is
not a number exits with status 1" says which value to spoil, and a quoted command gives the rest (error guessing,
Myers, The Art of Software Testing, 1979; ISO/IEC/IEEE 29119-4, 5.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from swfactory.domain.spec import CommandExample, Origin, Step
from swfactory.requirements.commands.error_clauses import ANY_ERROR, complaint, error_clauses
from swfactory.requirements.commands.exit_statuses import STATUS
from swfactory.requirements.text.cases import last_case
from swfactory.requirements.text.hedges import is_denied
from swfactory.requirements.text.keeping import MAKES

__all__ = ["NEEDS_IT", "error_examples", "file_examples"]

_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_FILE = re.compile(r"^[\w./-]+\.[A-Za-z]\w{0,4}$")
_NAME = re.compile(r"^[^\W\d_]\w*(?: \w+)*$")
_NO_SUCH = "nosuchthing"
_NO_FILE = "nosuch.txt"
_MISSING_FILE = re.compile(
    r"missing[^.;]{0,25}\bfile|file (?:that is |is )?(?:missing|not found|that does not exist)|no such file"
    r"|(?:folder|directory|\bDIR) (?:that |which )?(?:is missing|does not exist)|missing (?:folder|directory)"
    r"|文件夹?不存在|目录不存在|找不到文件",
    re.IGNORECASE,
)
_INVALID_FILE = re.compile(
    r"\b(?:invalid|malformed|broken)(?:[^.;,]{0,15}\bfile| JSON\b)|文件(?:无效|损坏)|无效的 ?JSON", re.IGNORECASE
)
_FILE_PLACE = re.compile(r"[A-Z_]*FILE|DIR|FOLDER|[\w./-]+\.(?:csv|dat|ini|json|jsonl|log|md|toml|tsv|txt|xml|ya?ml)")
"""Where a command is given a file: a placeholder, or a name that nobody has made yet."""
NEEDS_IT = re.compile(r"(?:cancel|close|complete|del|delete|done|finish|remove|rename|return|rm|update)$")
"""Subcommands that cannot do without what they are given the name of."""
_SEEKS = re.compile(r"(?:filter|find|grep|list|look|match|query|search|seek)")
"""Subcommands that find nothing where there is nothing, which is no error."""
_MOVES = re.compile(r"(?:copy|cp|move|mv|rename)$")
_BOUND = re.compile(
    r"\b(?:below|less than|under|smaller than|lower than) (\d{1,6})\b(?!\.\d)"
    r"|\b(?:above|greater than|more than|larger than|over|higher than) (\d{1,6})\b(?!\.\d)"
    r"|\b(?:not (?:between|from|in)|outside(?: of)?) (\d{1,6}) ?(?:and|to|-|\.\.) ?(\d{1,6})\b"
    r"|(?:不在|超出)\s*(\d{1,6})\s*(?:到|至|-|~)\s*(\d{1,6})"
    r"|\b(\d{1,6}) or (?:less|lower|below|fewer)\b|\b(\d{1,6}) or (?:more|higher|above|greater)\b",
    re.IGNORECASE,
)
_RAISES = re.compile(
    r"\braises? (?:an? )?[A-Z]\w*(?: (?:for|if|in|on|when) [^,;.]*?(?=[,;.]|$| and\b))?|(?:抛出|引发)\s*[A-Z]\w*"
)
_UNKNOWN = re.compile(r"\bunknown ([a-z]+)", re.IGNORECASE)
_MAX_EACH = 2


@dataclass(frozen=True)
class _Fault:
    """A kind of fault.

    Args:
        named: how a requirement names it.
        spoils: which argument it spoils.
        value: what the argument becomes, or how it does.
        sure: whether the requirement leaves no doubt that the spoilt command is an error.
        only: the one subcommand that it is said of; empty for all.
        spares: subcommands of which it is no fault.
    """

    named: re.Pattern[str]
    spoils: Callable[[str], bool]
    value: str | Callable[[str], str]
    sure: bool = True
    only: str = ""
    spares: re.Pattern[str] | None = None

    def spoilt(self, word: str) -> str:
        """What an argument becomes."""
        return self.value if isinstance(self.value, str) else self.value(word)


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda word: bool(pattern.match(word))


_FAULTS = (
    _Fault(
        re.compile(
            r"not (?:an? )?(?:(?:positive|valid|whole) )*(?:number|integer)|non-numeric|not numeric|invalid number"
            r"|不是(?:有效的?)?(?:数字|整数)|非数字",
            re.IGNORECASE,
        ),
        _fits(_NUMBER),
        "abc",
    ),
    _Fault(
        re.compile(r"(?<!non-)negative|not (?:an? )?positive|non-positive|负数|为负|不是正", re.IGNORECASE),
        lambda word: bool(_NUMBER.match(word)) and word[0] != "-",  # where one is shown, it is none
        "-5",
    ),
    _Fault(
        re.compile(
            r"(?:malformed|invalid|bad|wrong|impossible)[^.;]{0,30}\bdates?|dates?[^.;]{0,20}(?:invalid|malformed)"
            r"|日期[^。；]{0,6}(?:无效|不对|错误|不合法|不正确)|(?:无效|错误)[^。；]{0,6}日期",
            re.IGNORECASE,
        ),
        _fits(_DATE),
        "2023-02-30",
    ),
    _Fault(_MISSING_FILE, _fits(_FILE), _NO_FILE),
    _Fault(
        re.compile(r"\b(?:with|contain\w*|has|have|having|includ\w+) (?:a |any )?digits?\b|(?:含|包含|带)有?数字"),
        _fits(re.compile(r"^[^\W\d_]+$")),
        lambda word: f"{word}1",
        sure=False,
    ),
    _Fault(
        re.compile(
            r"unknown (?:\w+ )?ids?\b|(?:id|编号)[^.;。；]{0,6}不存在|不存在的(?:id|编号)|没有这个编号", re.IGNORECASE
        ),
        lambda w: w.isdigit(),
        "9999",
        sure=False,
    ),
    _Fault(
        re.compile(
            r"unknown (?!(?:\w+ )?ids?\b)\w+"
            r"|\b(?!(?:files?|ids?|that|which|it)\b)\w+ (?:that )?(?:do(?:es)? not|doesn't|don't) exist\b"
            r"|\b(?!(?:files?|ids?)\b)\w+ (?:is not|was not|can ?not be|can't be) found\b"
            r"|不存在的|(?<!文件)(?<!编号)(?<!id)不存在|未知的?",
            re.IGNORECASE,
        ),
        _fits(_NAME),
        _NO_SUCH,
        sure=False,
        spares=_SEEKS,
    ),
)


def error_examples(
    sentence: str,
    good: Sequence[CommandExample],
    *,
    subcommands: Iterable[str] = (),
    general: tuple[int, str] | None = None,
) -> tuple[CommandExample, ...]:
    """Make examples of the error cases that a sentence gives an exit status, or an exception where errors have one.

    Args:
        sentence: a sentence of the requirement.
        good: examples of commands that succeed; a spoilt command runs after the ones before it.
        subcommands: first arguments that choose what the program does, and are not spoilt.
        general: the exit status of all errors and the sentence that gives it, as ``general_status`` found them.

    Returns:
        At most two examples a fault, each ending in the spoilt command.
    """
    found: dict[tuple[str, ...], CommandExample] = {}
    subcommands = frozenset(subcommands)
    for clause, status in error_clauses(sentence):
        ending = {"exit_code": status, **complaint(sentence)}
        if ANY_ERROR.search(clause) and subcommands and good:
            step = Step(argv=(*good[0].steps[0].argv[:2], _NO_SUCH)).model_copy(update=ending)
            found[step.argv] = CommandExample(steps=(step,))
        _add_spoilt(found, clause, good, subcommands, ending)
    for clause in _raising(sentence) if general else ():
        status, said = general or (0, "")
        guesses: dict[tuple[str, ...], CommandExample] = {}
        named = {name for name in subcommands if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", clause)}
        _add_spoilt(guesses, clause, good, subcommands, {"exit_code": status, **complaint(said)})
        for argv, example in guesses.items():
            if not named or argv[2] in named:
                found.setdefault(argv, example.model_copy(update={"origin": "derived"}))
    return tuple(found.values())


def _add_spoilt(
    found: dict[tuple[str, ...], CommandExample],
    clause: str,
    good: Sequence[CommandExample],
    subcommands: frozenset[str],
    ending: Mapping[str, object],
) -> None:
    """Add the examples of the faults that a clause names, by their last command.

    Args:
        found: those that are there.
        clause: of one case.
        good: as for ``error_examples``.
        subcommands: likewise.
        ending: what is seen of a spoilt command, as fields of a step.
    """
    for fault in (*(_of_noun(fault, clause, good) for fault in _FAULTS), *_bounds(clause)):
        made = 0
        for example in good if fault.named.search(clause) else ():
            if fault.named is _BOUND and not fault.only and _reads_file(example):
                continue  # the bounds may be those of what is in the file
            for spoilt in _spoil(example, fault, subcommands):
                of_another = fault.only in subcommands and spoilt.argv[2] != fault.only
                if made == _MAX_EACH or of_another or spoilt.argv in found:
                    continue
                before = tuple(
                    step.model_copy(update={"stdout": None, "exit_code": None}) for step in _before(example, spoilt)
                )
                origin: Origin = "stated" if fault.sure or NEEDS_IT.match(spoilt.argv[2]) else "derived"
                steps = (*before, spoilt.model_copy(update=ending))
                found[spoilt.argv] = CommandExample(origin=origin, files=example.files, steps=steps)
                made += 1


def _of_noun(fault: _Fault, clause: str, good: Sequence[CommandExample]) -> _Fault:
    """What is unknown, where commands have values that are called after it: of "an unknown name", ``name1``."""
    unknown = _UNKNOWN.search(clause) if fault.spares else None
    called = re.compile(rf"{unknown[1].removesuffix('s')}\d") if unknown else None
    words = {word for example in good for step in example.steps for word in step.argv[2:]}
    return replace(fault, spoils=_fits(called)) if called and any(map(called.fullmatch, words)) else fault


def _raising(sentence: str) -> Iterator[str]:
    """What raises an exception, each case by itself: what is said before "raises", or after "raises KeyError for"."""
    start = 0
    for match in _RAISES.finditer(sentence) if not STATUS.search(sentence) else ():
        before = sentence[start : match.start()]
        if not is_denied(before):
            yield f"{last_case(before)}{match[0]}"
        start = match.end()


def _bounds(clause: str) -> Iterator[_Fault]:
    """The faults of numbers that are out of bounds: "values below 2" names 1."""
    for match in _BOUND.finditer(clause):
        below, above, low, high = match[1], match[2], match[3] or match[5], match[4] or match[6]
        of = re.match(r" (?:for|in|of) `?([a-z][a-z-]*)", clause[match.end() :])
        beyond = [int(low_end) - 1 for low_end in (below or low,) if low_end]
        beyond += [int(high_end) + 1 for high_end in (above or high,) if high_end]
        beyond += [int(end) for end in match.group(7, 8) if end]
        for value in beyond:
            yield _Fault(_BOUND, _fits(_NUMBER), str(value), sure=False, only=of[1] if of else "")


def _reads_file(example: CommandExample) -> bool:
    return bool(example.files) or any(_FILE.match(word) for step in example.steps for word in step.argv[2:])


def file_examples(
    sentence: str, program: str, calls: Iterable[Sequence[str]], *, json: bool = False
) -> tuple[CommandExample, ...]:
    """Make examples of files that can't be read: these need no good command, only the place of the file in one.

    Args:
        sentence: a sentence of the requirement.
        program: path of the program.
        calls: words of the commands that the requirement shows, such as ``FILE WORD`` or ``count notes.txt``.
        json: whether the files hold JSON, so that a broken one is known.
    """
    shown = (words for words in calls if not any(word[0] in "[<" for word in words))
    call, place = next(((words, word) for words in shown for word in words if _FILE_PLACE.fullmatch(word)), (None, ""))
    found: list[CommandExample] = []
    for clause, status in error_clauses(sentence) if call else ():
        broken = {"broken.json": "{"} if json and _INVALID_FILE.search(clause) else {}
        for name in [*([_NO_FILE] if _MISSING_FILE.search(clause) else []), *broken]:
            words = [name if word == place else word.lower() if word.isupper() else word for word in call or ()]
            step = Step(argv=("python", program, *words), exit_code=status, **complaint(sentence))
            found.append(CommandExample(origin="stated", files=broken if name in broken else {}, steps=(step,)))
    return tuple(found)


def _spoil(example: CommandExample, fault: _Fault, subcommands: frozenset[str]) -> list[Step]:
    """Copies of commands with a fitting argument spoilt: one of each subcommand, the last ones first, then others."""
    rows: dict[str, list[Step]] = {}
    for step in reversed(example.steps):
        words = step.argv
        name = words[2] if len(words) > 2 and words[2] in subcommands else ""
        new = name in MAKES and len(example.steps) > 1
        spared = fault.spares and (new or fault.spares.match(name))  # what is put in may be new
        if name in rows or step.exit_code not in {0, None} or spared:
            continue
        places = [
            index
            for index in range(len(words) - 1, 1, -1)
            if fault.spoils(words[index])
            and not (index == 2 and name)
            and not words[index - 1].startswith("-")
            and (not words[index].startswith("-") or _NUMBER.match(words[index]))
        ]
        if _MOVES.match(name):
            places = places[-1:]  # what it is to become may be new
        if places:
            rows[name] = [
                Step(argv=(*words[:index], fault.spoilt(words[index]), *words[index + 1 :]), stdin=step.stdin)
                for index in places
            ]
    return [step for turn in zip_longest(*rows.values()) for step in turn if step is not None]


def _before(example: CommandExample, spoilt: Step) -> tuple[Step, ...]:
    """The commands of an example that lead up to the spoilt one."""
    for number, step in enumerate(example.steps):
        if len(step.argv) == len(spoilt.argv) and sum(a != b for a, b in zip(step.argv, spoilt.argv, strict=True)) == 1:
            return example.steps[:number]
    return ()
