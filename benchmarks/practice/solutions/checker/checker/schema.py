"""Fields from descriptions in JSON."""

from checker.errors import SchemaError
from checker.fields import Flag, ListOf, Number, Record, Text


def _count(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _texts(value):
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


# type: (class, keys and what their values must be)
_TYPES = {
    "text": (Text, {"min_length": _count, "max_length": _count, "choices": _texts}),
    "number": (Number, {"minimum": _number, "maximum": _number, "integer": lambda value: isinstance(value, bool)}),
    "flag": (Flag, {}),
    "list": (ListOf, {"item": lambda value: True, "min_items": _count}),
    "record": (Record, {name: lambda value: isinstance(value, dict) for name in ("required", "optional")}),
}
_NEEDED = {"list": "item", "record": "required"}


def build(description):
    """Make a field from a dict such as ``{"type": "text", "min_length": 3}``."""
    if not isinstance(description, dict):
        raise SchemaError(f"not a description: {description!r}")
    settings = dict(description)
    kind = settings.pop("type", None)
    if not isinstance(kind, str) or kind not in _TYPES:
        raise SchemaError(f"unknown or missing type: {kind!r}")
    field, keys = _TYPES[kind]
    for key, value in settings.items():
        if key not in keys or not keys[key](value):
            raise SchemaError(f"{kind} cannot have {key}: {value!r}")
    if kind in _NEEDED and _NEEDED[kind] not in settings:
        raise SchemaError(f"{kind} needs {_NEEDED[kind]}")
    if kind == "list":
        settings["item"] = build(settings["item"])
    elif kind == "record":
        settings = {key: {name: build(inner) for name, inner in fields.items()} for key, fields in settings.items()}
    return field(**settings)
