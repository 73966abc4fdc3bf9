"""Terminal transcripts in a requirement: the commands after ``$``, what each is given and what it prints.

A block in a fence, or an indented one, is one session::

    $ cat words.txt
    b
    $ python count.py --top 1 < words.txt
    1 b
    $ echo 'a b' | python count.py
    2

What can't be followed (a program that is not the product's, a redirection, a file that is not shown) is left out, and
what depends on it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from swfactory.domain.markup import code_blocks
from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.requirements.commands.quoted_commands import is_file
from swfactory.requirements.commands.shell_calls import ShellCall, parse_call
from swfactory.requirements.text.failures import looks_like_error
from swfactory.requirements.text.given_files import given_files
from swfactory.requirements.text.keeping import keeps_data

__all__ = ["transcript_calls", "transcript_examples"]

_PROMPT = re.compile(r"\$ +(?=\S)")
_BARE = re.compile(r"(?:python3?|\./)\s*[\w./-]+\.py\b")
_GAP = re.compile(r"(?:\.{3}|…)\s*$", re.MULTILINE)
_REMARK = re.compile(r"^#+ +\S.*(?:\n|$)", re.MULTILINE)
"""A line that may be a remark on the command or a part of what it prints."""
_OF_PYTHON = re.compile(r"\W*(?:usage|traceback|用法)", re.IGNORECASE)
"""An error in words of the library that a program is made with, which may be others."""
_STATUS = "echo $?"


@dataclass
class _Entry:
    """A command of a transcript, and the lines after it."""

    command: str
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "\n".join(self.lines).strip("\n")


def transcript_examples(text: str) -> tuple[CommandExample, ...]:
    """Find the sessions that a requirement shows; each is one example.

    Args:
        text: the requirement.
    """
    # Commands without prompts and without output are ways of calling it, not a session.
    shown = (entries for entries, prompted in _blocks(text) if prompted or any(entry.output for entry in entries))
    found = (_session(entries, text) for entries in shown)
    return tuple(example for example in found if example is not None)


def transcript_calls(text: str) -> list[list[str]]:
    """Words of the calls of Python programs in blocks: the program, then its arguments.

    Args:
        text: the requirement.
    """
    calls = (parse_call(entry.command) for entries, _ in _blocks(text) for entry in entries)
    return [[*call.argv[1:]] for call in calls if call is not None]


def _blocks(text: str) -> Iterator[tuple[list[_Entry], bool]]:
    """Commands of each block, and whether they stand after prompts."""
    for block in code_blocks(text):
        lines = textwrap.dedent(block.code).rstrip().splitlines()
        prompted = any(_PROMPT.match(line) for line in lines)
        entries: list[_Entry] = []
        for line in lines:
            prompt = _PROMPT.match(line)
            if prompt or (not prompted and _BARE.match(line)):
                entries.append(_Entry(line[prompt.end() :] if prompt else line))
            elif entries:
                entries[-1].lines.append(line)
        yield entries, prompted


def _session(entries: Sequence[_Entry], text: str) -> CommandExample | None:
    files = given_files(text)
    keeps = keeps_data(text)
    steps: list[Step] = []
    for entry in entries:
        if entry.command.strip() == _STATUS and steps:
            steps[-1] = _with_status(steps[-1], entry.output)
            continue
        if (shown := re.fullmatch(r"cat ((?!/|.*\.\.)[\w./-]*\w)", entry.command.strip())) and not steps:
            files[shown[1]] = entry.output + "\n"
            continue
        call = parse_call(entry.command)
        if call is None or has_placeholder(call.argv[2:], text) or (call.reads and call.reads not in files):
            break  # what follows may depend on it
        if not looks_like_error(entry.output) and any(path not in files for path in _inputs(call.argv, keeps)):
            break
        steps.append(_step(call, files.get(call.reads, call.stdin), entry.output))
    used = {word for step in steps for word in step.argv}
    read = {path: content for path, content in files.items() if path in used}
    return CommandExample(origin="quoted", files=read, steps=tuple(steps)) if steps else None


def _inputs(argv: Sequence[str], keeps: bool) -> list[str]:
    """Paths of the files that a call reads and does not make.

    Args:
        argv: the call.
        keeps: whether the program keeps data, in a file that may be named before what is done with it.
    """
    plain = [word for before, word in pairwise(argv[1:]) if not before.startswith("-") or not is_file(word)]
    return [word for word in (plain[-1:] if keeps else plain) if is_file(word)]


def _step(call: ShellCall, stdin: str, output: str) -> Step:
    printed = _REMARK.sub("", output)
    parts = tuple(line for line in _GAP.sub("", printed).splitlines() if line.strip())
    if looks_like_error(printed):  # on which stream, and with what status, is not shown
        says = () if _OF_PYTHON.match(printed) else parts
        return Step(argv=call.argv, stdin=stdin, exit_code=None, refusable=True, says=says)
    if _GAP.search(output) or _REMARK.search(output):
        return Step(argv=call.argv, stdin=stdin, stdout_contains=parts)
    return Step(argv=call.argv, stdin=stdin, stdout=output or None)


def _with_status(step: Step, said: str) -> Step:
    said = _REMARK.sub("", said)
    if not said.strip().isdigit():
        return step
    code = int(said)
    known: dict[str, object] = {"exit_code": code, "refusable": False}
    if code:
        lines = tuple(line for line in (step.stdout or "").splitlines() if line.strip())
        known |= {"stdout": None, "stdout_contains": (), "says": (*step.says, *lines, *step.stdout_contains)}
    return step.model_copy(update=known)
