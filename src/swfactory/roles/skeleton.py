"""The program that every requirement needs, without what makes it its own: a model fills it in.

Where the command line is taken apart, what each command gets and how errors end the program stands in the requirement,
so the machine writes it; a small model would write some of it wrong in every other program.
"""

from __future__ import annotations

import re

from swfactory.roles.argument_parser import attributes_of, error_status, parser_module
from swfactory.roles.command_lines import words_of_commands
from swfactory.roles.quotations import STATUS

__all__ = ["program_skeleton"]

_MISSING_FILE = re.compile(
    r"missing[^.;]{0,25}\bfiles?\b|\bfiles?\b[^.;]{0,30}(?:missing|not found|not exist)|no such file"
    r"|文件[^。；]{0,6}不存在|找不到文件",
    re.IGNORECASE,
)
_CLAUSE = 80


def program_skeleton(text: str, program: str) -> str:
    """Write a program that takes its command line apart and handles errors, and does nothing.

    Args:
        text: the requirement.
        program: path of the program.
    """
    parsed = parser_module(text, program)
    imports = "\nfrom arguments import parse_args\n" if parsed else ""
    begin = "args = parse_args()" if parsed else _words(text, program)
    body = _branches(text, program) if parsed else ["..."]
    lines = [f"    {begin}", "    try:", *(f"        {line}" for line in body)]
    status, missing = error_status(text), _missing_file_status(text)
    if missing not in {None, status}:
        lines += ["    except FileNotFoundError as error:", *_ending(missing or status)]
    lines += ["    except (ValueError, LookupError, OSError) as error:", *_ending(status)]
    code = "\n".join(lines)
    return f'import sys\n{imports}\n\ndef main():\n{code}\n\n\nif __name__ == "__main__":\n    main()\n'


def _words(text: str, program: str) -> str:
    example = next(iter(words_of_commands(text, program)), [])
    return f"words = sys.argv[1:]{f'  # like {example}' if example else ''}"


def _branches(text: str, program: str) -> list[str]:
    """One branch for each subcommand, with what it gets."""
    lines: list[str] = []
    for command, attributes in attributes_of(text, program).items():
        hole = f"...  # {', '.join(attributes)}" if attributes else "..."
        word = "elif" if lines else "if"
        lines += [f'{word} args.command == "{command}":', f"    {hole}"] if command else [hole]
    return lines


def _ending(status: int) -> list[str]:
    return ['        print(f"error: {error}", file=sys.stderr)', f"        sys.exit({status})"]


def _missing_file_status(text: str) -> int | None:
    start = 0
    for match in STATUS.finditer(text):
        if _MISSING_FILE.search(text[max(start, match.start() - _CLAUSE) : match.start()]):
            return int(match[1])
        start = match.end()
    return None
