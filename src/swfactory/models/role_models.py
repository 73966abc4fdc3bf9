"""The models of roles in the settings file, changed so that everything else stays as it was."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.errors import ConfigError, InputError, StoreError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

__all__ = ["drop_role_model", "set_role_model"]

_TABLE = "role_models"
_ROLE = re.compile(r"[a-z][a-z0-9_]*")


def set_role_model(file: Path, role: str, url: str) -> str:
    """Give a role a model of its own in a settings file, which is made when there is none.

    Args:
        file: the settings file.
        role: e.g. ``engineer``.
        url: model URL.

    Returns:
        The line that stands for it in ``[role_models]``.

    Raises:
        InputError: the role cannot be one.
        ConfigError: the file is not valid TOML, or its role_models are no table.
        StoreError: it cannot be written.
    """
    import tomlkit

    if not _ROLE.fullmatch(role):
        raise InputError(f"{role!r} cannot be the name of a role", hint="for example engineer, reviewer or writer")
    document = _read(file)
    document.setdefault(_TABLE, tomlkit.table())[role] = url
    _write(file, document)
    return f"{role} = {tomlkit.string(url).as_string()}"


def drop_role_model(file: Path, role: str) -> str:
    """Take the model of a role out of a settings file.

    Args:
        file: the settings file.
        role: e.g. ``engineer``.

    Returns:
        The model URL that the role had.

    Raises:
        InputError: the file gives the role no model.
        ConfigError: the file is not valid TOML, or its role_models are no table.
        StoreError: it cannot be written.
    """
    document = _read(file)
    models = document.get(_TABLE, {})
    if role not in models:
        raise InputError(f"{str(file)!r} gives the role {role!r} no model", hint="swf adapters list")
    url = str(models.pop(role))
    _write(file, document)
    return url


def _read(file: Path) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, ValueError, TOMLKitError) as exc:
        raise ConfigError(f"{file} is not valid TOML: {exc}", hint=f"edit {file}") from exc
    if not isinstance(models := document.get(_TABLE, {}), dict):
        raise ConfigError(f"{_TABLE} of {file} is {models!r}, and no table", hint=f"edit [{_TABLE}] in {file}")
    return document


def _write(file: Path, document: TOMLDocument) -> None:
    import tomlkit

    target = file.resolve()
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(tomlkit.dumps(document), encoding="utf-8")
        if target.exists():
            draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as exc:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{str(file)!r} cannot be written: {exc}", hint="check its permissions") from exc
