"""What the machine mends without a model: forgotten imports, mistaken names, a program that is no function."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from swfactory.programs.annotations import defer_annotations
from swfactory.programs.argument_names import name_arguments
from swfactory.programs.copies import drop_copies, drop_redefined, drop_shadows
from swfactory.programs.functions import is_module
from swfactory.programs.imports import drop_unused, import_from_home, import_missing, names_taken
from swfactory.programs.names import name_date, name_datetime, name_locals, name_main

__all__ = ["tidy"]


def tidy(
    tree: Mapping[str, str], ready: Collection[str] = (), exports: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Mend what needs no thought.

    Args:
        tree: sources, path to text.
        ready: paths of files that no model wrote.
        exports: names that installed libraries offer, and the module that has each.

    Returns:
        All files, mended.
    """
    own = drop_copies(tree, ready)
    homed = {path: _mended(text, exports) if path.endswith(".py") else text for path, text in own.items()}
    named = name_arguments(homed)
    whole = {**named, **import_missing(named, exports)}
    homes = {module.partition(".")[0] for module in exports.values()}
    taken = names_taken({path: text for path, text in whole.items() if path.endswith(".py")})
    return {path: drop_unused(text, homes, taken[path]) if is_module(path) else text for path, text in whole.items()}


def _mended(source: str, exports: Mapping[str, str]) -> str:
    for mend in (drop_shadows, name_main, name_datetime, name_date):
        source = mend(source)
    return import_from_home(defer_annotations(name_locals(drop_redefined(source, exports), exports)), exports)
