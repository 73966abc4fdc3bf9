"""Files that a requirement names."""

from __future__ import annotations

import re

__all__ = ["PROGRAM", "TEST_FOLDERS", "named_files", "program_file"]

PROGRAM = "main.py"
"""The program of a requirement that names none."""

_PATH = re.compile(r"(?<![\w/.-])((?:[A-Za-z_][\w-]*/)*[A-Za-z_][\w-]*\.py)\b")
_RUN = re.compile(r"(?:\bpython3?\s+|(?<![\w/.])\./)((?:[\w-]+/)*[A-Za-z_][\w-]*\.py)\b")
_PACKAGE = re.compile(r"(?<![\w/.-])([A-Za-z_]\w*)/(?=[\s,.;:，。；：)）]|$)")
TEST_FOLDERS = frozenset(["tests", "test"])
"""Where tests are, not the product."""


def named_files(text: str) -> tuple[str, ...]:
    """Find the Python files that a requirement names; ``library/ with models.py`` gives ``library/models.py``.

    Args:
        text: the requirement.

    Returns:
        Their paths in the order of the text, without tests.
    """
    found: dict[str, None] = {}
    program = program_file(text)
    package: str | None = None
    last_end = 0
    for match in sorted((*_PATH.finditer(text), *_PACKAGE.finditer(text)), key=lambda m: m.start()):
        if match.re is _PACKAGE:
            package = match[1] if match[1] not in TEST_FOLDERS else None
            last_end = match.end()
            continue
        if re.search(r"[。.;；]\s", text[last_end : match.start()]) and package:
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
