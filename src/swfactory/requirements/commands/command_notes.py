"""What a requirement says of each way of calling a program.

A small model that writes one command of several passes over what is said of it at the other end of a paragraph, and
over what stands in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from swfactory.requirements.commands.command_lines import shared_options
from swfactory.requirements.commands.error_cases import NEEDS_IT
from swfactory.requirements.commands.exit_statuses import STATUS
from swfactory.requirements.commands.listed_calls import listed_calls
from swfactory.requirements.commands.shapes import CALL, SAME_FORM
from swfactory.requirements.text.sentences import sentences

__all__ = ["command_notes"]

_LONGEST = 320
_SAYS = re.compile(r"\bprints? [`\"]|打印\s*[`\"“]")
_ABSENT = re.compile(r"\bunknown\b|\b(?:does not|doesn't|do not) exist\b|\bnot found\b|不存在|未知", re.IGNORECASE)
_FILE = re.compile(r"\.py\b")
_AND = frozenset(["", "and", "or", "和", "或", "与"])
_FLAG = re.compile(r"`(--[a-z][\w-]*(?: [^`\n]*)?)`")
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|`[^`]*`|\"[^\"]*\"")
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_PART = re.compile(r"(?:`[^`]*`|\"[^\"]*\"|[^;；`\"])+")
_END = re.compile(r"(?<!\.\.)[.;](?:\s|$)|[。；]|\n(?=[ \t]*(?:[-*•+]|\d+[.)])\s|\n|\S)")
_SENTENCE_END = re.compile(r"(?<!\.\.)\.(?:\s|$)|。|\n|$")
_SEMICOLON = re.compile(r"[;；]")
_SAYS_MUCH = re.compile(r"\w+\W+\w+\W+\w+|[\u3400-\u9fff]{4}")
_PROGRAM = re.compile(r"`(?:python3?\s+|\./)([\w./-]+\.py)\b")
_READS = re.compile(r"\b(?:FILE|PATH|IN|INPUT)\b|[\w-]\.(?:csv|ini|json|log|md|tsv|txt|xml|ya?ml)\b|文件")
_LINES_OF_INPUT = re.compile(
    r"\b(?:empty|blank) lines?\b|\blines? (?:that )?(?:start|begin|of|is|are|has|have|holds?|contains?)\w*\b"
    r"|空行|每行|行首|开头的行",
    re.IGNORECASE,
)
_PRINTS = re.compile(r"\b(?:prints?|outputs?|shows?|writes?)\b|打印|输出|显示|列出")
_OF_ONE = re.compile(r"(?:which )?[a-z]+s\b(?! of\b)")
"""What is said of one and not of several: "prints it", not "print it"."""
_OPENING = re.compile(r"^\s*(?:[:：–—]|-(?= ))\s*")
_DANGLING = re.compile(r"[,，、\s]*\b(?:and|or|while|but)$|[,，、\s]*[和或]$")


def command_notes(text: str, commands: Collection[str]) -> dict[str, list[str]]:
    """Find what the requirement says of each subcommand, right after the calls that it shows.

    Args:
        text: the requirement.
        commands: the subcommands; one that is empty for a program without any.

    Returns:
        Subcommand to lines like ``list --all: prints everything``, each followed by what stands in brackets there.
    """
    spans = (CALL, _FLAG) if "" in commands else (CALL,)
    calls = [(match.start(), match.end(), match[1], True) for span in spans for match in span.finditer(text)]
    plain = CALL.sub(lambda call: "_" * len(call[0]), text)
    listed = (call for call in listed_calls(plain) if call.words[0] in commands)
    calls += [(*call, False) for call in listed]
    said: list[tuple[str, str, list[str]]] = []
    following, clause = len(text), ""
    for start, end, words, quoted in sorted(calls, reverse=True):
        # "`a` and `b` do this" is said of both.
        between = text[end:following].strip(" ,，、")
        shared = quoted and clause and between in _AND and (between or not _OF_ONE.match(clause))
        clause, more = (clause, []) if shared else (_clause(text[end:following]), _continued(text[end:following]))
        following = start
        said.append((words, clause, more))
    found: dict[str, list[str]] = {}
    form: list[str] = []
    for words, clause, more in reversed(said):
        if clause and words:
            first, *asides = _apart(clause)
            form = [*_QUOTED.findall(first)[:1], *asides] if _QUOTED.search(first) else form
            asides += form if SAME_FORM.search(first) else []
            notes = found.setdefault("" if "" in commands else words.split()[0], [])
            notes += [f"{words}: {first}", *asides, *more]
    if "" in commands and (told := [*_of_program(text), *found.get("", [])]):  # there is nothing else that prints
        found[""] = [*dict.fromkeys([*told, *(said for said in map(_whole, sentences(text)) if said)])]
    for words, *_ in said:
        command = "" if "" in commands else words.split()[0] if words else ""
        if _READS.search(words) and command in commands:
            known = found.setdefault(command, [])
            known += [one for one in _of_input(text) if one not in known and not any(one in other for other in known)]
    absent = [said for said in map(_of_absent, sentences(text)) if said]
    for command in filter(NEEDS_IT.match, commands):
        found.setdefault(command, []).extend(absent)
    for flag, end in shared_options(text):
        for command in commands:
            found.setdefault(command, []).append(f"{flag}: {_clause(text[end:])}")
    return found


def _continued(rest: str) -> list[str]:
    """What the sentence says after a semicolon, when it ends before the next call."""
    hidden = _BRACKETS.sub(_blank, rest)
    end = _SENTENCE_END.search(hidden)
    cuts = [match.end() for match in _SEMICOLON.finditer(hidden, 0, end.start() if end else 0)]
    pieces = [rest[start:stop] for start, stop in pairwise([*cuts, end.start() if end else 0])]
    return [piece.strip(" ;；") for piece in pieces if _SAYS_MUCH.search(piece) and len(piece) < _LONGEST]


def _of_program(text: str) -> list[str]:
    """Sentences of which the program is the subject: "main.py reads numbers and prints their sum"."""
    found: list[str] = []
    for program in dict.fromkeys(match[1] for match in _PROGRAM.finditer(text)):
        named = rf"(?:^|[.;]\s+|\band )`?{re.escape(program)}`? "
        verb = re.compile(rf"{named}(?!(?:has|offers|provides|contains)\b)(?=[a-z]+s\b)")
        for sentence in sentences(text):
            if match := verb.search(sentence):
                said = CALL.sub("", sentence[match.end() :]).strip(" .:;,，。；：")
                found += [said] if len(said) < _LONGEST else []
    return found


def _of_input(text: str) -> list[str]:
    """Sentences about the lines of a file that is read; what is said once holds for every command that reads one."""
    whole = (sentence.rstrip(" .;。；") for sentence in sentences(text))
    return [
        said
        for said in whole
        if _LINES_OF_INPUT.search(said)
        and not (_FILE.search(said) or CALL.search(said) or STATUS.search(said) or _PRINTS.search(said))
        and len(said) < _LONGEST
    ]


def _whole(sentence: str) -> str:
    """A sentence that says what is printed word for word in some case, without showing a call; empty for another."""
    said = sentence.rstrip(" .;。；")
    return said if _SAYS.search(said) and not _FILE.search(said) and len(said) < _LONGEST else ""


def _of_absent(sentence: str) -> str:
    """A sentence that gives a status to what is not there, with what to raise where no words are given to print."""
    said = sentence.rstrip(" .;。；")
    speaks_of_it = _ABSENT.search(said) and STATUS.search(said) and not _FILE.search(said)
    if not speaks_of_it or len(said) >= _LONGEST:
        return ""
    return said if _SAYS.search(said) else f"{said} (raise LookupError)"


def _apart(clause: str) -> list[str]:
    """A clause, and what it says in brackets: a small model passes over an aside."""
    quoted = _QUOTED.sub(_blank, clause)
    cuts = [0, *(place for match in _ASIDE.finditer(quoted) for place in match.span()), len(clause)]
    pieces = [clause[start:end] for start, end in pairwise(cuts)]
    main = " ".join(piece.strip() for piece in pieces[::2] if piece.strip())
    asides = [part.strip() for piece in pieces[1::2] for part in _PART.findall(piece.strip()[1:-1])]
    return [part for part in (main, *asides) if re.search(r"\w", part)] or [clause]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _clause(rest: str) -> str:
    """The text up to the end of the sentence, or the remark in brackets that a list has of its items."""
    hidden = _BRACKETS.sub(_blank, rest)
    end = _END.search(hidden)
    clause = _OPENING.sub("", rest[: end.start() if end else None]).strip(" ,，、")
    is_short = len(clause) < _LONGEST and "\n" not in clause
    return _DANGLING.sub("", clause) if is_short and not clause.endswith((":", "：")) else ""
