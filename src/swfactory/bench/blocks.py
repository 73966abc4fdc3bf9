"""Reads the files out of a free-form reply, in every form that models use to name them.

The baseline is compared with the factory, so this reader gives it every benefit of the doubt: a block is named by its
fence, by a comment in its first lines, by the text before it, or by the requirement.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from swfactory.domain.design import safe_path
from swfactory.errors import PathEscapeError

__all__ = ["Block", "fenced_blocks", "project_files"]

_OPEN = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$")
_PATH = re.compile(r"(?<![\w./\\-])((?:\.?/)?(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,7})(?![\w/])")
_COMMENT = re.compile(
    r"""^\s*(?:\#+|//|/\*|--|;|<!--|\"{3}|'{3})\s*
    (?:(?:file(?:\s*name|\s*path)?|path|文件名?|路径)\s*[:：=]?\s*)?[`*"']*
    (?P<path>[\w./\\-]+\.\w{1,8})[`*"']*\s*(?:\*/|-->|\"{3}|'{3})?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_SHELL = frozenset({"bash", "sh", "shell", "console", "zsh", "powershell", "cmd", "terminal", "output", "text", "txt"})
_EXTENSIONS = frozenset(
    {"py", "pyi", "txt", "md", "toml", "cfg", "ini", "json", "csv", "yaml", "yml", "sql", "html", "css", "js", "sh"}
)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Args:
        info: what follows the opening fence.
        body: its lines.
        before: the text since the previous block.
    """

    info: str
    body: str
    before: str

    @property
    def language(self) -> str:
        """First word of the info string in lower case; empty when that is a path or missing."""
        word = re.split(r"[\s:{,]", self.info.strip().lower(), maxsplit=1)[0]
        return "" if "." in word else word


def fenced_blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a reply in order; an unclosed last one counts, as a cut reply ends in one."""
    blocks: list[Block] = []
    before: list[str] = []
    body: list[str] = []
    opened: re.Match[str] | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        if opened is None:
            opened = _OPEN.match(line)
            if opened is None:
                before.append(line)
            continue
        bare = line.strip()
        fence = opened["fence"]
        if bare and set(bare) == {fence[0]} and len(bare) >= len(fence):
            blocks.append(_block(opened, body, before))
            before, body, opened = [], [], None
        else:
            body.append(line)
    if opened is not None:
        blocks.append(_block(opened, body, before))
    return blocks


def _block(opened: re.Match[str], body: list[str], before: list[str]) -> Block:
    indent = opened["indent"]
    lines = [line.removeprefix(indent) for line in body]
    return Block(info=opened["info"], body="\n".join(lines).strip("\n") + "\n", before="\n".join(before))


def project_files(reply: str, requirement: str) -> dict[str, str]:
    """Return the files of a reply, path to text; empty when it holds none.

    Args:
        reply: what the model said.
        requirement: names the files that an unnamed block can be.
    """
    files: dict[str, str] = {}
    unnamed: list[str] = []
    blocks = [part for block in fenced_blocks(reply) for part in _parts(block)]
    if not blocks and _is_program(reply):
        unnamed.append(reply.strip() + "\n")
    for block in blocks:
        path, body = _named(block)
        if path is not None and body.strip():
            files[path] = body
        elif path is None and block.language in {"python", "py", "python3", ""} and _parses(body) and body.strip():
            unnamed.append(body)
    files = _without_common_folder(files, requirement)
    for body in unnamed:
        if (path := _guess(body, files, requirement)) is not None:
            files[path] = body
    return files


def _parts(block: Block) -> list[Block]:
    """Take apart a block that holds several files, each after a comment with its path."""
    lines = block.body.split("\n")
    starts = [
        number
        for number, line in enumerate(lines)
        if number > 2 and not lines[number - 1].strip() and (found := _COMMENT.match(line)) and _first([found["path"]])
    ]
    if not starts:
        return [block]
    bounds = zip([0, *starts], [*starts, len(lines)], strict=True)
    bodies = ["\n".join(lines[start:end]).strip("\n") + "\n" for start, end in bounds]
    return [replace(block, body=bodies[0]), *(Block(block.language, body, "") for body in bodies[1:])]


def _named(block: Block) -> tuple[str | None, str]:
    if found := _first(_PATH.findall(block.info)):
        return found, block.body
    lines = block.body.split("\n")
    for number, line in enumerate(lines[:3]):
        if (comment := _COMMENT.match(line)) and (found := _first([comment["path"]])):
            return found, "\n".join(lines[:number] + lines[number + 1 :]).lstrip("\n")
        if line.strip() and not line.startswith(("#!", "# -*-")):
            break
    if block.language in _SHELL:
        return None, block.body
    said = [line for line in block.before.split("\n") if line.strip()][-2:]
    for line in reversed(said):
        if (found := _first(list(reversed(_PATH.findall(line))))) and _fits(found, block):
            return found, block.body
    return None, block.body


def _first(paths: list[str]) -> str | None:
    for path in paths:
        if path.rsplit(".", 1)[-1].lower() not in _EXTENSIONS:
            continue
        try:
            return safe_path(path)
        except PathEscapeError:
            continue
    return None


def _fits(path: str, block: Block) -> bool:
    """Whether the block can be the file that the text before it mentions, and not, say, its output."""
    if path.endswith(".py"):
        return block.language in {"python", "py", "python3"} or _parses(block.body)
    return block.language not in {"python", "py", "python3"}


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_program(text: str) -> bool:
    """Whether text without fences is code; a word of prose parses as an expression, too."""
    return _parses(text) and any(not isinstance(node, ast.Expr) for node in ast.parse(text).body)


def _without_common_folder(files: dict[str, str], requirement: str) -> dict[str, str]:
    """Drop a folder around the whole project that the requirement does not speak of."""
    tops = {path.split("/", 1)[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return files
    top = tops.pop()
    if f"{top}/" in requirement or top in {"tests", "test"}:
        return files
    return {path.split("/", 1)[1]: text for path, text in files.items()}


def _guess(body: str, files: dict[str, str], requirement: str) -> str | None:
    if re.search(r"^\s*(?:def test_|import pytest|from pytest)", body, re.MULTILINE):
        candidates = ["tests/test_main.py"]
    else:
        candidates = [path for path in _PATH.findall(requirement) if path.endswith(".py") and safe_path(path)]
        candidates.append("main.py")
    return next((safe_path(path) for path in candidates if safe_path(path) not in files), None)
