"""Error cases made from good commands: one value spoilt, in the way that a sentence of the requirement names.

A small model asked for a command that must fail mostly writes one that must not. A sentence such as "a value that is
not a number exits with status 1" says which value to spoil, and a quoted command gives the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from swfactory.domain.spec import CommandExample, Origin, Step
from swfactory.requirements.commands.error_clauses import ANY_ERROR, complaint, error_clauses
from swfactory.requirements.commands.exit_statuses import STATUS
from swfactory.requirements.commands.faults import FILE, MISSING_FILE, NO_FILE, NO_SUCH, NUMBER, Fault, named_faults
from swfactory.requirements.text.cases import last_case
from swfactory.requirements.text.hedges import is_denied
from swfactory.requirements.text.keeping import MAKES

__all__ = ["NEEDS_IT", "error_examples", "file_examples"]

_INVALID_FILE = re.compile(
    r"\b(?:invalid|malformed|broken)(?:[^.;,]{0,15}\bfile| JSON\b)|文件(?:无效|损坏)|无效的 ?JSON", re.IGNORECASE
)
_FILE_PLACE = re.compile(r"[A-Z_]*FILE|DIR|FOLDER|[\w./-]+\.(?:csv|dat|ini|json|jsonl|log|md|toml|tsv|txt|xml|ya?ml)")
"""Where a command is given a file: a placeholder, or a name that nobody has made yet."""
NEEDS_IT = re.compile(r"(?:cancel|close|complete|del|delete|done|finish|remove|rename|return|rm|update)$")
"""Subcommands that cannot do without what they are given the name of."""
_MOVES = re.compile(r"(?:copy|cp|move|mv|rename)$")
_RAISES = re.compile(
    r"\braises? (?:an? )?[A-Z]\w*(?: (?:for|if|in|on|when) [^,;.]*?(?=[,;.]|$| and\b))?|(?:抛出|引发)\s*[A-Z]\w*"
)
_MAX_EACH = 2


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
            step = Step(argv=(*good[0].steps[0].argv[:2], NO_SUCH)).model_copy(update=ending)
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
    for fault in named_faults(clause, good):
        made = 0
        for example in good:
            if fault.spares_files and _reads_file(example):
                continue
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


def _raising(sentence: str) -> Iterator[str]:
    """What raises an exception, each case by itself: what is said before "raises", or after "raises KeyError for"."""
    start = 0
    for match in _RAISES.finditer(sentence) if not STATUS.search(sentence) else ():
        before = sentence[start : match.start()]
        if not is_denied(before):
            yield f"{last_case(before)}{match[0]}"
        start = match.end()


def _reads_file(example: CommandExample) -> bool:
    return bool(example.files) or any(FILE.match(word) for step in example.steps for word in step.argv[2:])


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
        for name in [*([NO_FILE] if MISSING_FILE.search(clause) else []), *broken]:
            words = [name if word == place else word.lower() if word.isupper() else word for word in call or ()]
            step = Step(argv=("python", program, *words), exit_code=status, **complaint(sentence))
            found.append(CommandExample(origin="stated", files=broken if name in broken else {}, steps=(step,)))
    return tuple(found)


def _spoil(example: CommandExample, fault: Fault, subcommands: frozenset[str]) -> list[Step]:
    """Copies of commands with a fitting argument spoilt: one of each subcommand, the last ones first, then others."""
    rows: dict[str, list[Step]] = {}
    for step in reversed(example.steps):
        words = step.argv
        name = words[2] if len(words) > 2 and words[2] in subcommands else ""
        spared = fault.spares and (name in MAKES or fault.spares.match(name))  # what is put in may be new
        if name in rows or step.exit_code not in {0, None} or spared:
            continue
        places = [
            index
            for index in range(len(words) - 1, 1, -1)
            if fault.spoils(words[index])
            and not (index == 2 and name)
            and not words[index - 1].startswith("-")
            and (not words[index].startswith("-") or NUMBER.match(words[index]))
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
