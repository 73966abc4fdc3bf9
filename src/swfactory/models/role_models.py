"""The models of roles in the settings file, changed line by line so that everything else stays as it was."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from swfactory.errors import ConfigError, InputError, StoreError

__all__ = ["drop_role_model", "set_role_model"]

_TABLE = re.compile(r"\s*\[\s*role_models\s*\]\s*(#.*)?$")
_HEADER = re.compile(r"\s*\[")
_INLINE = re.compile(r"(?P<lead>\s*role_models\s*=\s*)\{.*\}(?P<rest>\s*(?:#.*)?)$")
_ROLE = re.compile(r"[a-z][a-z0-9_]*")


def set_role_model(file: Path, role: str, url: str) -> str:
    """Give a role a model of its own in a settings file, which is made when there is none.

    Args:
        file: the settings file.
        role: e.g. ``engineer``.
        url: model URL.

    Returns:
        The line that was written.

    Raises:
        InputError: the role cannot be one.
        ConfigError: the file is not valid TOML, or is written in a way that needs a hand.
        StoreError: it cannot be written.
    """
    if not _ROLE.fullmatch(role):
        raise InputError(f"{role!r} cannot be the name of a role", hint="for example engineer, reviewer or writer")
    text, before = _read(file)
    line = f"{role} = {_quoted(url)}"
    wanted = {**before, "role_models": {**before.get("role_models", {}), role: url}}
    _write(file, _with_line(text, role, line, wanted["role_models"]), wanted, line)
    return line


def drop_role_model(file: Path, role: str) -> str:
    """Take the model of a role out of a settings file.

    Args:
        file: the settings file.
        role: e.g. ``engineer``.

    Returns:
        The model URL that the role had.

    Raises:
        InputError: the file gives the role no model.
        ConfigError: the file is not valid TOML, or is written in a way that needs a hand.
        StoreError: it cannot be written.
    """
    text, before = _read(file)
    models = dict(before.get("role_models", {}))
    if role not in models:
        raise InputError(f"{str(file)!r} gives the role {role!r} no model", hint="swf adapters list")
    url = str(models.pop(role))
    after = {key: value for key, value in before.items() if key != "role_models"}
    _write(file, _without_line(text, role, models), {**after, "role_models": models}, f"no line for {role}")
    return url


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        return "", {}
    except (OSError, ValueError) as exc:  # a TOMLDecodeError is a ValueError
        raise ConfigError(f"{file} is not valid TOML: {exc}", hint=f"edit {file}") from exc


def _with_line(text: str, role: str, line: str, models: dict[str, str]) -> str:
    lines = text.splitlines()
    start, end = _table(lines)
    if start is None:
        for number, old in enumerate(lines):
            if match := _INLINE.match(old):
                lines[number] = f"{match['lead']}{_inline(models)}{match['rest']}"
                return _joined(lines)
            if _is_entry(old, role, dotted=True):
                lines[number] = f"role_models.{line}{_comment(old)}"
                return _joined(lines)
        return _joined([*lines, *([""] if lines else []), "[role_models]", line])
    for number in range(start, end):
        if _is_entry(lines[number], role):
            lines[number] = line + _comment(lines[number])
            return _joined(lines)
    while end > start and not lines[end - 1].strip():
        end -= 1
    return _joined([*lines[:end], line, *lines[end:]])


def _without_line(text: str, role: str, models: dict[str, str]) -> str:
    lines = text.splitlines()
    start, end = _table(lines)
    if start is not None:
        return _joined([old for n, old in enumerate(lines) if not (start <= n < end and _is_entry(old, role))])
    kept = []
    for old in lines:
        if match := _INLINE.match(old):
            kept.append(f"{match['lead']}{_inline(models)}{match['rest']}")
        elif not _is_entry(old, role, dotted=True):
            kept.append(old)
    return _joined(kept)


def _table(lines: list[str]) -> tuple[int | None, int]:
    """First line behind ``[role_models]``, and the one where its entries end."""
    for number, line in enumerate(lines):
        if _TABLE.match(line):
            ends = (at for at in range(number + 1, len(lines)) if _HEADER.match(lines[at]))
            return number + 1, next(ends, len(lines))
    return None, 0


def _is_entry(line: str, role: str, *, dotted: bool = False) -> bool:
    start = r"role_models\s*\.\s*" if dotted else ""
    return re.match(rf"\s*{start}(?:{role}|\"{role}\"|'{role}')\s*=", line) is not None


def _comment(line: str) -> str:
    """The comment at the end of an entry, with the space before it."""
    match = re.search(r"=\s*(?:\"(?:[^\"\\]|\\.)*\"|'[^']*')(\s*#.*)$", line)
    return match[1] if match else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _inline(models: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{role} = {_quoted(url)}" for role, url in models.items()) + " }" if models else "{}"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n" if lines else ""


def _write(file: Path, text: str, wanted: dict[str, Any], line: str) -> None:
    """Replace the file, when its text says what is wanted and nothing else."""
    try:
        safe = {"role_models": {}, **tomllib.loads(text)} == wanted
    except tomllib.TOMLDecodeError:
        safe = False
    if not safe:
        raise ConfigError(
            f"{file} gives the roles their models in a way that cannot be changed safely",
            hint=f"edit [role_models] in {file} to have: {line}",
        )
    target = file.resolve()
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        if target.exists():
            draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as exc:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{str(file)!r} cannot be written: {exc}", hint="check its permissions") from exc
