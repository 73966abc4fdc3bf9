"""Where the functions and classes of a requirement live: the module that it puts each in."""

from __future__ import annotations

import re

from swfactory.requirements.text.files import with_file_names

__all__ = ["module_of"]


def module_of(text: str, name: str) -> str | None:
    """Name the module that a requirement puts a function or class in: the last ``x.py`` before its first mention."""
    text = with_file_names(text)
    first = re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\.py\b)", text)  # a module may have its function's name
    if first is None:
        return None
    paths: list[str] = re.findall(r"([A-Za-z_][\w/]*)\.py\b", text[: first.start()])
    module = paths[-1].replace("/", ".") if paths else None
    return None if module in {None, "main"} else module
