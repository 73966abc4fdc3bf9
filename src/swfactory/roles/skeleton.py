"""The program that every requirement needs, without what makes it its own: a model fills it in.

Where the command line is taken apart, what each command gets and how errors end the program stands in the requirement,
so the machine writes it; a small model would write some of it wrong in every other program.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from swfactory.roles.argument_parser import attributes_of, error_status, parser_module
from swfactory.roles.command_lines import LISTED, words_of_commands
from swfactory.roles.quotations import PLACEHOLDERS, STATUS

__all__ = ["program_skeleton"]

_MISSING_FILE = re.compile(
    r"missing[^.;]{0,25}\bfiles?\b|\bfiles?\b[^.;]{0,30}(?:missing|not found|not exist)|no such file"
    r"|文件[^。；]{0,6}不存在|找不到文件",
    re.IGNORECASE,
)
_WRITES = re.compile(r"\b(?:to|into|in) (?:the )?(?:FILE|file)\b|\bbinary\b|\bbytes\b|写入|二进制|字节")
_CLAUSE = 80
_LONGEST = 200
_AND = frozenset(["", "and", "or", "和", "或", "与"])
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|`[^`]*`|\"[^\"]*\"")
_END = re.compile(r"[.;](?:\s|$)|[。；]")
_DANGLING = re.compile(r"[,，、\s]*\b(?:and|or|while|but)$|[,，、\s]*[和或]$")
_CALL = re.compile(r"`(?:python3?\s+|\./)[\w./-]+\.py\b\s*([^`\n]*)`")


def program_skeleton(text: str, program: str, ready: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write a program that takes its command line apart and handles errors, and does nothing.

    Args:
        text: the requirement.
        program: path of the program.
        ready: other modules that are finished, and what the program imports from them.
    """
    parsed = parser_module(text, program)
    body = _branches(text, program) if parsed else [*_words(text, program), "..."]
    imports = "\nfrom arguments import parse_args\n" if parsed else ""
    if any("Path(" in line for line in body):
        imports = "from pathlib import Path\n"
    for module, names in (ready or {}).items():
        imports = f"{imports or chr(10)}from {module} import {', '.join(names)}\n"
    lines = [*(["    args = parse_args()"] if parsed else []), "    try:", *(f"        {line}" for line in body)]
    status, missing = error_status(text), _missing_file_status(text)
    if missing not in {None, status}:
        lines += ["    except FileNotFoundError as error:", *_ending(missing or status)]
    lines += ["    except (ValueError, LookupError, OSError) as error:", *_ending(status)]
    code = "\n".join(lines)
    return f'import sys\n{imports}\n\ndef main():\n{code}\n\n\nif __name__ == "__main__":\n    main()\n'


def _words(text: str, program: str) -> list[str]:
    """Take the words of the command line, by the requirement's names for them where it has some."""
    calls = words_of_commands(text, program)
    names = [word.lower() for word in calls[0]] if calls and {*calls[0]} <= PLACEHOLDERS else []
    if len(calls) != 1 or not names or len({*names}) < len(names):
        example = next(iter(calls), [])
        return [f"words = sys.argv[1:]{f'  # like {example}' if example else ''}"]
    if len(names) > 1:
        return [f"{', '.join(names)} = sys.argv[1:]"]
    taken = [f"{names[0]} = sys.argv[1]"]
    if names == ["file"] and not _WRITES.search(text):
        taken.append('text = Path(file).read_text(encoding="utf-8")')
    return taken


def _branches(text: str, program: str) -> list[str]:
    """One branch for each subcommand, with what is said of it and what it gets."""
    lines: list[str] = []
    commands = attributes_of(text, program)
    said = _said(text, commands)
    for command, attributes in commands.items():
        hole = f"...  # {', '.join(attributes)}" if attributes else "..."
        word = "elif" if lines else "if"
        notes = [f"    # {note}" for note in said.get(command, [])]
        lines += [f'{word} args.command == "{command}":', *notes, f"    {hole}"] if command else [hole]
    return lines


def _said(text: str, commands: Collection[str]) -> dict[str, list[str]]:
    """Subcommand to each way of calling it, with what the requirement says right after."""
    calls = [(match.start(), match.end(), match[1]) for match in _CALL.finditer(text)]
    calls += [
        (match.start(), match.end(), match[0])
        for match in LISTED.finditer(_CALL.sub(_blank, text))
        if match[1] in commands
    ]
    calls.sort()
    found: dict[str, list[str]] = {}
    following, clause = len(text), ""
    for start, end, words in reversed(calls):
        # "`a` and `b` do this" is said of both.
        clause = clause if text[end:following].strip(" ,，、") in _AND else _clause(text[end:following])
        following = start
        if clause and words:
            found.setdefault(words.split()[0], []).insert(0, f"{words}: {clause}")
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _clause(rest: str) -> str:
    """The text up to the end of the sentence, or the remark in brackets that a list has of its items."""
    hidden = _BRACKETS.sub(_blank, rest)
    end = _END.search(hidden)
    clause = rest[: end.start() if end else None].strip(" ,，、")
    return _DANGLING.sub("", clause) if len(clause) < _LONGEST and "\n" not in clause else ""


def _ending(status: int) -> list[str]:
    return ['        print(f"error: {error}", file=sys.stderr)', f"        sys.exit({status})"]


def _missing_file_status(text: str) -> int | None:
    start = 0
    for match in STATUS.finditer(text):
        if _MISSING_FILE.search(text[max(start, match.start() - _CLAUSE) : match.start()]):
            return int(match[1])
        start = match.end()
    return None
