"""A small template engine."""

import re

PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
DEFAULT = re.compile(r'default:\s*"(.*)"')


def look_up(name, values):
    for part in name.split("."):
        if not isinstance(values, dict) or part not in values:
            raise KeyError(name)
        values = values[part]
    return values


def fill(text, values):
    name, _, change = (part.strip() for part in text.partition("|"))
    default = DEFAULT.fullmatch(change)
    try:
        found = str(look_up(name, values))
    except KeyError:
        if default is None:
            raise
        return default[1]
    return found.upper() if change == "upper" else found.lower() if change == "lower" else found


def render(text, values):
    if "{{" in PART.sub("", text):
        raise ValueError("braces are never closed")
    return PART.sub(lambda match: fill(match[1].strip(), values), text)
