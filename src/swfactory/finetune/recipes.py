"""Recipes: YAML files read into frozen values, with the place of every mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from swfactory.errors import InputError, NotFoundError

__all__ = ["load_recipe"]

RecipeT = TypeVar("RecipeT", bound=BaseModel)


def load_recipe(path: Path, kind: type[RecipeT], changes: Sequence[str] = ()) -> RecipeT:
    """Read a recipe.

    Args:
        path: YAML file.
        kind: the model that it must fit; unknown keys are mistakes.
        changes: keys that are set after reading, each ``key=value``; dots lead into mappings, the value is YAML.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no YAML, or a key or value cannot be used; the message names the key.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise NotFoundError(
            f"there is no recipe {str(path)!r}", hint="name a YAML file, e.g. one of finetune/"
        ) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"the recipe {str(path)!r} cannot be read: {exc}", hint="a recipe is a YAML file") from exc
    except yaml.YAMLError as exc:
        raise InputError(f"the recipe {str(path)!r} is not valid YAML: {exc}", hint="mend the line it names") from exc
    if not isinstance(data, dict):
        raise InputError(
            f"the recipe {str(path)!r} is no mapping of keys to values", hint="see the recipes of finetune/"
        )
    for change in changes:
        data = _changed(data, change)
    try:
        return kind.model_validate(data)
    except ValidationError as exc:
        error = exc.errors()[0]
        place = _place(error["loc"])
        if error["type"] == "extra_forbidden":
            known = _keys_at(kind, error["loc"][:-1])
            near = get_close_matches(str(error["loc"][-1]), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"
            raise InputError(f"{path}: unknown key {place!r}", hint=hint) from exc
        said = "is missing" if error["type"] == "missing" else f"cannot be {error['input']!r}: {error['msg']}"
        raise InputError(f"{path}: {place!r} {said}", hint="see the recipes of finetune/") from exc


def _changed(data: Mapping[str, Any], change: str) -> dict[str, Any]:
    path, sign, raw = change.partition("=")
    try:
        value = yaml.safe_load(raw)
    except yaml.YAMLError as exc:
        raise InputError(f"the value of {change!r} is not valid YAML: {exc}", hint="--set KEY=VALUE") from exc
    *parents, last = path.split(".")
    if not sign or not last:
        raise InputError(f"cannot set {change!r}", hint="--set KEY=VALUE, e.g. --set method.rank=32")
    changed = dict(data)
    here = changed
    for key in parents:
        inner = here.get(key, {})
        # a name alone stands for its kind with every default
        here[key] = {"kind": inner} if isinstance(inner, str) else dict(inner) if isinstance(inner, Mapping) else None
        if here[key] is None:
            raise InputError(f"cannot set {change!r}: {key!r} holds no keys", hint=f"--set {key}=VALUE")
        here = here[key]
    here[last] = value
    return changed


def _place(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _keys_at(kind: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """Keys that the recipe may have where a location points to."""
    here: list[type[BaseModel]] = [kind]
    for part in location:
        found: list[type[BaseModel]] = []
        for model in here:
            if isinstance(part, str) and part in model.model_fields:
                found += _models_in(model.model_fields[part].annotation)
        here = found or here
    return sorted({name for model in here for name in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) if not isinstance(inner, Mapping) for model in _models_in(inner)]
