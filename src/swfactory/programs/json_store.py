"""The module that keeps a program's data in a JSON file: written without a model.

A small model numbers entries by how many there are, so that a number comes back after a deletion; it keeps them under
numbers that JSON turns into texts; and what it writes into one module it uses otherwise in the next.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Collection

from swfactory.requirements.commands.command_lines import IDS
from swfactory.requirements.text.files import program_file

__all__ = ["offers", "store_interface", "store_module", "store_path"]

_FILE = re.compile(
    r"(?:\b(?:stored?|storage|keeps?|kept|saved?|saves|persist\w*|lives?)\s+(?:\w+\s+){0,3}?(?:in|to|as)\s+"
    r"(?:an? |the )?(?:(?:current|working) (?:directory|folder) (?:in|as) )?(?:JSON )?(?:file )?(?:called |named )?"
    r"|(?:保存|存储|存放|存)(?:在|到|于|进)[^`.。，,；;A-Za-z]{0,12})`?([A-Za-z_][\w-]*\.json)\b",
    re.IGNORECASE,
)
_TAKEN = frozenset(["change", "data", "id", "place"])
"""Names that the module itself uses."""

_STORES = frozenset(["storage", "store", "db", "database", "repository", "persistence"])

_PLAIN = '''\
"""Keeps the data of the program in {file}."""

import json
from pathlib import Path

FILE = Path("{file}")


def load(default):
    """Return what save() was given last; default when there is nothing yet."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else default


def save(data):
    """Keep dicts and lists of texts and numbers."""
    FILE.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\\n", encoding="utf-8")
'''
_NUMBERED = '''\
"""Keeps the {items} in {file}."""

import json
from pathlib import Path

FILE = Path("{file}")


def load() -> list[dict]:
    """Return the {items}, each a dict that has its id, an int, under "id"."""
    return _read()["{items}"]


def insert({item}: dict) -> int:
    """Keep one more {item}, a dict without an id; return its new id: they count up from 1, and none comes twice."""
    data = _read()
    data["last_id"] += 1
    data["{items}"].append({item} | {{"id": data["last_id"]}})
    _write(data)
    return data["last_id"]


def update(id: int, changes: dict) -> None:
    """Change the {item} of that id; KeyError when there is none."""
    _replace(id, lambda {item}: [{item} | changes])


def remove(id: int) -> None:
    """Drop the {item} of that id; KeyError when there is none."""
    _replace(id, lambda {item}: [])


def _replace(id, change):
    data = _read()
    places = [at for at, {item} in enumerate(data["{items}"]) if {item}["id"] == id]
    if not places:
        raise KeyError(f"there is no {item} {{id}}")
    data["{items}"][places[0] : places[0] + 1] = change(data["{items}"][places[0]])
    _write(data)


def _read():
    if not FILE.exists():
        return {{"last_id": 0, "{items}": []}}
    return json.loads(FILE.read_text(encoding="utf-8"))


def _write(data):
    FILE.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\\n", encoding="utf-8")
'''


def store_path(text: str, named: Collection[str]) -> str:
    """Where the module goes; empty when the requirement keeps nothing in a JSON file, or says otherwise how.

    Args:
        text: the requirement.
        named: the files that it names.
    """
    others = [path for path in named if path != program_file(text)]
    if _FILE.search(text) is None or len(others) > 1:
        return ""
    if not others:
        return "storage.py"
    stem = others[0].removesuffix(".py").rsplit("/", 1)[-1]
    described = re.search(rf"{re.escape(others[0])}`?\s*(?:with|offers|has|:|：|\(|（|提供|包含)", text)
    return others[0] if stem in _STORES and not described else ""


def store_module(text: str) -> str:
    """Source of the module.

    Args:
        text: a requirement that ``store_path`` found a place for.
    """
    found = _FILE.search(text)
    assert found is not None
    file = found[1]
    if not IDS.search(text):
        return _PLAIN.format(file=file)
    items = re.sub(r"\W", "_", file.removesuffix(".json"))
    item = items.removesuffix("s")
    item = "entry" if item == items or item in _TAKEN or keyword.iskeyword(item) else item
    return _NUMBERED.format(file=file, items=items, item=item)


def store_interface(text: str) -> str:
    """What a model is shown of the module: shown its source, a small one writes it again.

    Args:
        text: as for ``store_module``.
    """
    shown: list[str] = []
    for node in ast.parse(store_module(text)).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            node.body = node.body[:1]
            shown.append(ast.unparse(node) + "\n")
    return "\n".join(shown)


def offers(text: str) -> tuple[str, ...]:
    """Names that the module offers to the program."""
    return ("insert", "load", "remove", "update") if IDS.search(text) else ("load", "save")
