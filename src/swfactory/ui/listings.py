"""Tables and trees of the page, as HTML: pure, and text is all that their content can be."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Literal

from swfactory.domain.answer import Answer
from swfactory.domain.requirement import Language
from swfactory.domain.run import Run
from swfactory.report.progress import clean
from swfactory.ui.markup import badge, esc, table
from swfactory.ui.views import status_badge, title_of
from swfactory.ui.wording import say

__all__ = ["CodeLanguage", "answer", "code_language", "diff", "runs", "tree"]

CodeLanguage = Literal[
    "python", "markdown", "json", "html", "css", "javascript", "typescript", "yaml", "dockerfile", "shell", "sql", "c",
    "cpp", "r", "jinja2",
]  # fmt: skip

_BY_SUFFIX: dict[str, CodeLanguage] = {
    **dict.fromkeys((".py", ".pyi"), "python"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xml", ".svg"), "html"),
    **dict.fromkeys((".js", ".mjs", ".jsx"), "javascript"),
    **dict.fromkeys((".ts", ".tsx"), "typescript"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".sh", ".bash"), "shell"),
    **dict.fromkeys((".c", ".h"), "c"),
    **dict.fromkeys((".cc", ".cpp", ".hpp"), "cpp"),
    ".json": "json",
    ".css": "css",
    ".sql": "sql",
    ".r": "r",
    ".j2": "jinja2",
}

_DIFF_LINES = 2000
_TITLE = 140
_PASSAGE = 700


def code_language(path: str) -> CodeLanguage | None:
    """Return what a file is highlighted as; None for plain text."""
    name = PurePosixPath(path)
    return "dockerfile" if name.name == "Dockerfile" else _BY_SUFFIX.get(name.suffix.lower())


def tree(paths: Iterable[str], chosen: str = "") -> str:
    """Return files as a tree of folders; a file is a button that bears its path.

    Args:
        paths: relative, with forward slashes.
        chosen: the file that is open.
    """
    root: dict[str, Any] = {}
    for path in sorted(paths):
        *folders, name = path.split("/")
        at = root
        for folder in folders:
            at = at.setdefault(f"{folder}/", {})
        at[name] = path
    return f'<div class="swf-tree">{_branch(root, chosen)}</div>'


def _branch(entries: Mapping[str, Any], chosen: str) -> str:
    folders = "".join(
        f"<li><details open><summary>{esc(name)}</summary>{_branch(inside, chosen)}</details></li>"
        for name, inside in entries.items()
        if isinstance(inside, dict)
    )
    files = "".join(
        f'<li><button type="button" data-pick="{esc(path)}"{" aria-current=true" if path == chosen else ""}>'
        f"{esc(name)}</button></li>"
        for name, path in entries.items()
        if isinstance(path, str)
    )
    return f"<ul>{folders}{files}</ul>"


def diff(language: Language, text: str) -> str:
    """Return a unified diff with its lines coloured."""
    lines = text.splitlines()
    if not lines:
        return f'<p class="swf-empty">{esc(say(language, "no_diff"))}</p>'
    kinds = {"+": "add", "-": "del", "@": "hunk", "d": "file"}
    body = "\n".join(
        f'<span class="swf-{"file" if line.startswith(("+++", "---")) else kinds.get(line[:1], "same")}">'
        f"{esc(line) or ' '}</span>"
        for line in lines[:_DIFF_LINES]
    )
    rest = len(lines) - _DIFF_LINES
    more = f'<p class="swf-empty">{esc(say(language, "more_lines", count=rest))}</p>' if rest > 0 else ""
    return f'<pre class="swf-diff">{body}</pre>{more}'


def runs(language: Language, rows: Sequence[Run], chosen: str = "") -> str:
    """Return runs as a table; the id is a button that bears it.

    Args:
        language: of the reader.
        rows: newest first.
        chosen: id of the run that is chosen.
    """
    cells = [
        [
            f'<button type="button" class="swf-link" data-pick="{esc(run.id)}"'
            f"{' aria-current=true' if run.id == chosen else ''}>{esc(run.id)}</button>",
            esc(title_of(run)[:_TITLE]),
            status_badge(language, run.status),
            esc(run.model),
            esc(time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created))),
        ]
        for run in rows
    ]
    head = [say(language, f"runs_{name}") for name in ("id", "requirement", "status", "model", "created")]
    return table(head, cells, empty=say(language, "no_runs"))


def answer(language: Language, said: Answer) -> str:
    """Return a checked answer with its sources."""
    if not said.statements:
        parts = [f'<p class="swf-answer">{esc(say(said.language, "silence"))}</p>']
    else:
        sentences = " ".join(
            esc(s.text) + "".join(f"<sup>[{number}]</sup>" for number in s.sources) for s in said.statements
        )
        parts = [f'<p class="swf-answer">{sentences}</p>']
    cited = set(said.cited)
    for number, passage in enumerate(said.passages, start=1):
        mark = badge(say(language, "cited"), "good") if number in cited else ""
        text = clean(passage.text)
        shown = text[:_PASSAGE] + (" …" if len(text) > _PASSAGE else "")
        parts.append(
            f"<details class='swf-source'><summary>[{number}] <code>{esc(passage.source)}</code> {mark}</summary>"
            f'<pre class="swf-stream">{esc(shown)}</pre></details>'
        )
    if said.dropped:
        dropped = say(language, "left_out", text=clean(" ".join(said.dropped)))
        parts.append(f'<p class="swf-empty">{esc(dropped)}</p>')
    return "".join(parts)
