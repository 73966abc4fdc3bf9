"""Text that a model or a test wrote, made safe to quote."""

from __future__ import annotations

import re
import shlex

__all__ = ["code", "escape", "fence", "plain", "reproduce"]

# Control characters drive terminals, bidirectional ones reorder what a reader sees, lone surrogates cannot be encoded.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_MARKUP = re.compile(r"[\\`*\[\]<>|~$]|&(?=[#A-Za-z])|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = re.compile(r"^(?:(\d+)([.)])|([#+\-=>:]))")


def plain(text: str) -> str:
    """Return ``text`` without colour codes, with every character that hides or reorders text made visible."""
    text = _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def escape(text: str) -> str:
    """Return ``text`` as one line of Markdown that shows it word for word, in a table cell too."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(plain(text).split()))
    return _BLOCK.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def code(text: str) -> str:
    """Return ``text`` as inline code in Markdown, in a table cell too; nothing for the empty string."""
    line = " ".join(plain(text).split())
    if not line:
        return ""
    if "|" in line:
        # A table splits at a pipe even inside backticks.
        return f"<code>{escape(line)}</code>"
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if "`" in line else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fence(text: str, language: str = "text") -> str:
    """Return ``text`` as a fenced block of Markdown that nothing inside it can close."""
    body = plain(text).rstrip("\n")
    ticks = "`" * max(3, _longest_run(body) + 1)
    return f"{ticks}{language}\n{body}\n{ticks}"


def reproduce(requirement: str, options: tuple[str, ...]) -> str:
    """Return the shell command that asks for the same product again.

    Args:
        requirement: what was asked for; more than one line goes in as standard input.
        options: the rest of the command line, unquoted.
    """
    requirement = plain(requirement)
    tail = shlex.join(options)
    # A leading @ would be read as a file, a leading - as an option.
    if "\n" not in requirement and not requirement.startswith(("@", "-")):
        return f"swf run {shlex.quote(requirement)} {tail}".rstrip()
    word = "REQUIREMENT"
    while word in requirement.splitlines():
        word += "_"
    return f"swf run - {tail} <<'{word}'\n{requirement}\n{word}"
