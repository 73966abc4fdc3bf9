"""Files that a requirement names."""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from swfactory.requirements.text.clauses import covered

__all__ = ["PROGRAM", "TEST_FOLDERS", "named_files", "program_file", "with_file_names"]

PROGRAM = "main.py"
"""The program of a requirement that names none."""

_PATH = re.compile(r"(?<![\w/.-])((?:[A-Za-z_][\w-]*/)*[A-Za-z_][\w-]*\.py)\b")
_RUN = re.compile(r"(?:\bpython3?\s+|(?<![\w/.])\./)((?:[\w-]+/)*[A-Za-z_][\w-]*\.py)\b")
_PACKAGE = re.compile(r"(?<![\w/.-])([A-Za-z_]\w*)/(?=[\s,.;:，。；：)）]|$)")
_MODULE = re.compile(
    r"(?:(?:\b(?:write|create|make|build|implement|develop|need|want)|\A|(?<=[.!?]\s)|(?<=\n))\s*(?:an?|the|one)?\b"
    r"(?:(?!\b(?:with|using|uses?|our|on|from|by|via|that|which)\b)[^.`\n]){0,40}?"
    r"\b(?:library|module|package)\s+(?:called\s+|named\s+)?"
    r"|(?:写|编写|实现|做|开发|创建|需要)(?:(?!使用|用|基于|我们)[^。`\n]){0,20}?(?:库|模块|包)\s*(?:名为|叫做?)?\s*)"
    r"`(?P<name>[A-Za-z_]\w*)`(?!/)",
    re.IGNORECASE,
)
TEST_FOLDERS = frozenset(["tests", "test"])
"""Where tests are, not the product."""


@lru_cache(maxsize=16)
def with_file_names(text: str) -> str:
    """Return a requirement in which a module that is to be written has the name of its file: "a library `x.py`".

    Args:
        text: the requirement.
    """

    def spelled(match: re.Match[str]) -> str:
        name = match["name"]
        known = name in sys.stdlib_module_names or f"{name}.py" in text or f"{name}/" in text
        return match[0] if known else f"{match[0][:-1]}.py`"

    return _MODULE.sub(spelled, text)


def named_files(text: str) -> tuple[str, ...]:
    """Find the Python files that a requirement names; ``library/ with models.py`` gives ``library/models.py``.

    Args:
        text: the requirement.

    Returns:
        Their paths in the order of the text, without tests.
    """
    text = with_file_names(text)
    found: dict[str, None] = {}
    program = program_file(text)
    package: str | None = None
    last_end = 0
    for match in sorted((*_PATH.finditer(text), *_PACKAGE.finditer(text)), key=lambda m: m.start()):
        if match.re is _PACKAGE:
            package = match[1] if match[1] not in TEST_FOLDERS else None
            last_end = match.end()
            continue
        if package and re.search(r"[。.;；]\s", covered(text[last_end : match.start()])):
            package = None
        path = match[1]
        if "/" not in path and any(other.endswith("/" + path) for other in found):
            continue
        inside = package and "/" not in path and path != program
        found.setdefault(f"{package}/{path}" if inside else path)
        last_end = match.end() if package else last_end
    return tuple(path for path in found if path.split("/")[0] not in TEST_FOLDERS)


def program_file(text: str) -> str:
    """Return the file that a user runs: ``main.py`` where a requirement speaks of one, else what it shows being run.

    Args:
        text: the requirement.

    Returns:
        Its path; ``main.py`` when nothing is said.
    """
    run = _RUN.findall(text)
    return PROGRAM if not run or re.search(rf"(?<![\w/.-]){re.escape(PROGRAM)}\b", text) else str(run[0])
