"""Calls of Python programs as they are typed into a shell, with ``echo``, ``printf``, ``cat`` or ``<`` before them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ShellCall", "parse_call"]


@dataclass(frozen=True)
class ShellCall:
    """A call of a program.

    Args:
        argv: the command, from ``python`` on.
        stdin: what is typed into it.
        reads: path of the file that is typed into it instead; empty for none.
    """

    argv: tuple[str, ...]
    stdin: str = ""
    reads: str = ""


def parse_call(command: str) -> ShellCall | None:
    """Read a command line that calls a Python program, with what is piped into it; None for anything else.

    Args:
        command: as it is typed.
    """
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars="|<>&;")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return None
    stdin, reads = "", ""
    if "|" in words:
        given, words = words[: words.index("|")], words[words.index("|") + 1 :]
        if len(given) == 2 and given[0] == "cat":
            reads = given[1]
        elif (text := _printed(given)) is not None:
            stdin = text
        else:
            return None
    if len(words) > 2 and words[-2] == "<":
        reads, words = words[-1], words[:-2]
    if words and words[0] in {"python", "python3"}:
        words = words[1:]
    elif words and words[0].startswith("./"):
        words[0] = words[0][2:]
    if not words or not re.fullmatch(r"[\w./-]+\.py", words[0]) or any(set(word) <= set("|<>&;") for word in words):
        return None
    return ShellCall(("python", *words), stdin, reads)


def _printed(words: Sequence[str]) -> str | None:
    """What ``echo`` or ``printf`` writes; None for another command."""
    if words[:1] == ["printf"] and len(words) == 2 and "%" not in words[1]:
        return _unescaped(words[1])
    if words[:1] == ["echo"]:
        flags = {word for word in words[1:2] if word in {"-n", "-e"}}
        said = " ".join(words[1 + len(flags) :])
        return (_unescaped(said) if "-e" in flags else said) + ("" if "-n" in flags else "\n")
    return None


def _unescaped(text: str) -> str:
    known = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "0": "\0"}
    return re.sub(r"\\([ntr0\\])", lambda match: known[match[1]], text)
