"""The module that a requirement describes, without what makes it work: a model fills it in.

A small model that writes a module from a paragraph forgets functions and adds others, and what the requirement says of
one is found at the other end of it, or passed over: of a row of clauses it follows the first.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import replace

from swfactory.programs.functions import parse
from swfactory.requirements.outline import Method, read_outline

__all__ = ["module_outline"]


def module_outline(text: str, path: str) -> str:
    """Write the outline of a module.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.

    Returns:
        Source with ``...`` where a model has to write; empty when the requirement shows nothing that the module offers.
    """
    outline = read_outline(text, path)
    if outline is None or not (outline.classes or any(function.clauses for function in outline.functions)):
        return ""
    blocks = [_class(name, methods) for name, methods in outline.classes.items()]
    blocks += ["\n".join(_function(function)) for function in outline.functions]
    if outline.general:
        blocks.insert(0, "\n".join(f"# {clause}" for clause in outline.general))
    code = "\n\n\n".join(blocks) + "\n"
    needed = {name for name in re.findall(r"=\s*(\w+)\.", code) if name in sys.stdlib_module_names}
    code = "".join(f"import {name}\n" for name in sorted(needed)) + "\n" * bool(needed) + code
    return code if parse(code) is not None else ""


def _class(name: str, methods: Iterable[Method]) -> str:
    return f"class {name}:\n" + "\n\n".join(_method(method) for method in methods)


def _method(method: Method) -> str:
    first = "cls" if method.class_method else "self"
    parameters = ", ".join(part for part in (first, method.parameters) if part)
    decorator = ["@classmethod"] if method.class_method else []
    lines = [*decorator, *_function(replace(method, parameters=parameters))]
    return "\n".join(f"    {line}" for line in lines)


def _function(function: Method) -> list[str]:
    clauses = [f"    # {clause}" for clause in function.clauses]
    return [f"def {function.name}({function.parameters}):", *clauses, "    ..."]
