"""How people show the commands of a program: a usage text, a table, or ``add NAME`` alone in back-quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from swfactory.domain.markup import code_blocks

__all__ = ["with_programs"]

_USAGE = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:usage:[ \t]*)?(?:python3?[ ]+)?([\w/-]+\.py)((?:[ ][^\s(`]+)+?)"
    r"(?:[ \t]{2,}(\S.*)|[ \t]+(\(.*)|[ \t]*)$",
    re.MULTILINE | re.IGNORECASE,
)
"""A line of a usage text: program, words, what is said of it."""
_PROGRAM = re.compile(r"(?<![\w/.-])(main|[a-z]\w*)\.py\b")
_CALLED = re.compile(r"`(?:python3?\s+|\./)[\w./-]+\.py\b")
_WORD = r"(?:\[?(?:--?[a-z][\w-]*|<?[A-Z][A-Z_]*>?(?:=[A-Z]+)?)(?:\.\.\.)?\]?)"
_COMMAND = re.compile(rf"`([a-z][a-z-]+)((?: +{_WORD})*)`")
_DOES = re.compile(
    r"\s*(?:(?:prints?|shows?|lists?|gives?|displays?|deletes?|removes?|resets?|clears?|undoes|starts?|stops?)\b"
    r"|[:：]|->|打印|输出|显示|列出|删除|清空)"
)
"""What follows a command that takes nothing."""
_SHOWS = re.compile(
    r"(?:\b(?:as|displays?|form|gives?|like|lines?|message|outputs?|prints?|returns?|says?|shows?|with|writes?)\b"
    r"|打印|输出|显示|返回|格式[为是]?)\s*(?:exactly |just |only )?[:：]?\s*$"
)
_NEAR = 40
_LEAST = 2
_TOLD = re.compile(
    r"\b(?:CLI|command[- ]line|(?:sub)?commands?|program|script|tool)\b|命令|程序|脚本|工具", re.IGNORECASE
)
"""Says that a file is run, and not only imported."""
_READ = re.compile(
    r"\b(?:REPL|interactive(?:ly)?|instructions?|interpreter|(?:virtual|stack) machine|op-?codes?"
    r"|(?:one|a|each) (?:command|instruction)s? (?:per|on (?:each|a|its own)) line"
    r"|(?:reads?|takes?|executes?) (?:the )?commands? from)\b|指令|解释器|虚拟机|交互式|每行一[个条]命令",
    re.IGNORECASE,
)
"""Says that commands are what the program reads, and not its arguments."""
_HEADING = re.compile(r"^#{2,6} +(`[^`\n]+`) *:?[ \t]*\n+((?:(?![#|>`~-]|\d+[.)])\S[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_SIGNATURE = re.compile(r"`[A-Za-z_][\w.]*\([^()`]*\)(?:\s*->\s*[^`]+)?`")
_TABLE = re.compile(r"^([ \t]*\|[^\n]*\n)[ \t]*\|[-:| \t]+\|?[ \t]*\n((?:[ \t]*\|[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_SAYS_COMMAND = re.compile(
    r"\b(?:calls?|(?:sub)?commands?|invocations?|runs?|usage)\b|命令|用法|调用|运行", re.IGNORECASE
)
_SAYS_OUTPUT = re.compile(r"\b(?:outputs?|prints?|printed|results?|shows?)\b|输出|打印|结果|显示", re.IGNORECASE)


def with_programs(text: str) -> str:
    """Put a program before its commands, where none of them is shown whole; tables and headings become lists.

    ``usage: main.py add NAME`` and "`add NAME` adds a name" both become ``python main.py add NAME``.

    Args:
        text: a requirement, its lines unwrapped.
    """
    usages = [match for match in _USAGE.finditer(text) if re.search(r"[A-Za-z]", match[2])]
    if len(usages) >= _LEAST or any("usage:" in match[0].lower() for match in usages):
        text = _USAGE.sub(_as_item, text)
    text = _outside_blocks(text, lambda part: _HEADING.sub(_under_heading, _TABLE.sub(_as_list, part)))
    program = _program(text)
    commands = {*_commands(text)}
    takes_words = {name for name, words in commands if words}
    commands = {(name, words) for name, words in commands if words or name not in takes_words}  # alone, it is a mention
    if not program or len({name for name, _ in commands}) < _LEAST or not any(words for _, words in commands):
        return text

    def called(match: re.Match[str]) -> str:
        is_command = (match[1], match[2]) in commands and not _is_shown(text, match)
        return f"`python {program} {match[0][1:]}" if is_command else match[0]

    return _COMMAND.sub(called, text)


def _outside_blocks(text: str, change: Callable[[str], str]) -> str:
    """Change what stands outside of the blocks of code."""
    parts: list[str] = []
    place = 0
    for block in code_blocks(text):
        parts += [change(text[place : block.start]), text[block.start : block.end]]
        place = block.end
    return "".join([*parts, change(text[place:])])


def _program(text: str) -> str:
    """The program whose commands are shown without it; empty for none."""
    programs = {match[0] for match in _PROGRAM.finditer(text)}
    if _CALLED.search(text) or _READ.search(text):
        return ""
    if "main.py" in programs:
        return "main.py"
    return programs.pop() if len(programs) == 1 and _TOLD.search(text) else ""


def _as_list(table: re.Match[str]) -> str:
    """A table of commands as a list of them; any other table as it is."""
    heads, *rows = (_cells(line) for line in (table[1], *table[2].splitlines()))
    whole = all(_CALLED.match(row[0]) for row in rows)
    named = _SAYS_COMMAND.search(heads[0]) and all(_COMMAND.fullmatch(row[0]) for row in rows)
    if not (whole or named) or any(len(row) != _LEAST for row in (heads, *rows)):
        return table[0]
    says = " prints " if _SAYS_OUTPUT.search(heads[1]) else ": "
    return "".join(f"- {command}{says}{said}\n" for command, said in rows)


def _under_heading(section: re.Match[str]) -> str:
    """A command or signature in a heading and the paragraph under it, as an item of a list."""
    said = " ".join(section[2].split())
    said = said[0].lower() + said[1:] if said[1:2].islower() else said
    shown = _COMMAND.fullmatch(section[1]) or _CALLED.match(section[1]) or _SIGNATURE.fullmatch(section[1])
    return f"- {section[1]}: {said}\n" if shown else section[0]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Name and further words of what looks like a command."""
    for match in _COMMAND.finditer(text):
        if not _is_shown(text, match) and (match[2] or _DOES.match(text[match.end() :])):
            yield match[1], match[2]


def _is_shown(text: str, match: re.Match[str]) -> bool:
    """Whether something in back-quotes is what is printed, and no command."""
    return _SHOWS.search(text[max(0, match.start() - _NEAR) : match.start()]) is not None


def _as_item(match: re.Match[str]) -> str:
    said = (match[3] or match[4] or "").strip()
    return f"- `python {match[1]}{match[2]}`{f' {said}' if said else ''}"
