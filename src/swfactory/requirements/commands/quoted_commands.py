"""Commands that a requirement shows in back-quotes, and what it says right after them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator

from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.requirements.text.sentences import sentences

__all__ = ["is_file", "literal_argv", "quoted_commands"]

_COMMAND = re.compile(r"`((?:(?:echo|printf|cat) [^`|\n]+\|\s*)?(?:python3?|\./)\s*[^`\n]+)`")
_OF_OPTION = re.compile(r"[,;，；]\s*(?:(?:and|while|with)\s+)?(?=`--?[a-zA-Z])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SIGNS = re.compile(r"[.\s]*[-+*/|_=][-+*/|_=.\s]*")
"""Signs that mean themselves, dots among them."""
_FILE_ARGUMENT = re.compile(r"^[\w./-]+\.(?:txt|csv|json|ini|md|log|tsv|xml|yaml|yml|toml|db|html|dat)$", re.IGNORECASE)


def quoted_commands(text: str) -> Iterator[tuple[str, str]]:
    """Find the commands of a requirement.

    Args:
        text: the requirement.

    Yields:
        A command, and what its sentence says after it and before the next one, or before an option.
    """
    matches = list(_COMMAND.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        said = next(iter(sentences(rest)), "")
        yield match[1], _OF_OPTION.split(said, maxsplit=1)[0]


def literal_argv(command: str, text: str, files: Collection[str] = ()) -> tuple[str, ...] | None:
    """Split a literal command; None when it runs no file, or has a placeholder, a shell construct or a missing file.

    Args:
        command: as it is shown.
        text: the requirement.
        files: those that are there.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words and words[0] in {"python", "python3"}:
        words = words[1:]
    elif words and words[0].startswith("./"):
        words[0] = words[0][2:]
    unusable = (
        not words
        or words[0].startswith("-")
        or re.search(r"[<>|&]", _QUOTED.sub("", command))
        or has_placeholder(words[1:], text)
        or any(re.search(r"^\[.*\]$|\.\.\.|…", word) and not _SIGNS.fullmatch(word) for word in words[1:])
        or any(is_file(word) and word not in files for word in words[1:])
    )
    return None if unusable else ("python", *words)


def is_file(word: str) -> bool:
    """Whether an argument is the path of a file of data.

    Args:
        word: of a command.
    """
    return _FILE_ARGUMENT.match(word) is not None
