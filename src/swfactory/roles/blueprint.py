"""What is known of a file before a model writes it: all of it, a frame with gaps, or an outline."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.programs.argument_parser import ARGUMENTS, parameters_of, parser_module
from swfactory.programs.frames import open_functions
from swfactory.programs.functions import parse
from swfactory.programs.glue import glue
from swfactory.programs.module_outline import module_outline, parts_of
from swfactory.programs.record_module import record_module
from swfactory.programs.skeleton import Shared, program_skeleton
from swfactory.programs.stores import Store, store_of
from swfactory.programs.unit_table import table_source
from swfactory.requirements.interfaces.outline import offered, read_outline, records_in
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.files import PROGRAM, named_files

__all__ = ["as_shown", "begun", "frame", "outline_of", "parts", "planned_store", "ready_made"]


def ready_made(requirement: Requirement, design: Design, plan: FilePlan) -> str:
    """A file that no model needs to write; empty when one does.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    if plan.path == ARGUMENTS and design.entry_point is not None:
        return parser_module(requirement.text, design.entry_point, design.arguments)
    store = planned_store(requirement, design)
    if store and plan.path == store.path:
        return store.source
    begun = frame(requirement, design, plan)
    return begun if begun and not open_functions(begun) else record_module(requirement.text, plan.path)


def as_shown(requirement: Requirement, design: Design, context: Mapping[str, str]) -> dict[str, str]:
    """Finished files as a model sees them: of those that the machine wrote, what they offer."""
    store = planned_store(requirement, design)
    interface = {store.path: store.interface} if store else {}
    return {path: interface.get(path, source) for path, source in context.items() if path != ARGUMENTS}


def planned_store(requirement: Requirement, design: Design) -> Store | None:
    """The ready-made store; None when the product has none."""
    if design.entry_point is None:
        return None
    store = store_of(requirement.text, named_files(requirement.text), design.tables)
    return store if store and design.plan(store.path) else None


def frame(requirement: Requirement, design: Design, plan: FilePlan) -> str:
    """What the machine writes of a program, with ``...`` where a model goes on; empty for a module.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    if plan.path != design.entry_point or _is_module_too(requirement, plan):
        return ""
    store = planned_store(requirement, design)
    others = [file.path for file in design.files if file.path not in {plan.path, ARGUMENTS}]
    ready = {_module(path): names for path in others if (names := offered(requirement.text, path))}
    if store and not (store.database and ready):  # what opens a database is for the modules that work on it
        ready[_module(store.path)] = store.offers
    shared = _shared(requirement, design, store) if store else None
    constants = _constants(design, plan)
    return _sound(program_skeleton(requirement.text, plan.path, ready, design.arguments, constants, shared))


def _sound(source: str) -> str:
    """What the machine wrote; nothing of it when a requirement's words made no program (a model gets further)."""
    return source if parse(source) is not None else ""


def _shared(requirement: Requirement, design: Design, store: Store) -> Shared | None:
    """The one object that works on the database; None when there are several, or it needs something else too."""
    outlines = [read_outline(requirement.text, file.path) for file in design.files if file.path != design.entry_point]
    classes = [pair for outline in outlines if outline for pair in outline.classes.items()]
    if design.entry_point is None or not store.database or len(classes) != 1:
        return None
    (name, (maker, *methods)) = classes[0]
    if len(required(maker.parameters)) != 1:
        return None
    variable = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    commands = parameters_of(requirement.text, design.entry_point, design.arguments)
    if keyword.iskeyword(variable) or any(given.name == variable for row in commands.values() for given in row):
        return None
    known = glue(requirement.text, commands, methods, variable)
    return Shared(variable, name, f'{name}("{store.database}")', "sqlite3.Error", known)


def _is_module_too(requirement: Requirement, plan: FilePlan) -> bool:
    """Whether a program is imported as well: then neither the frame of the one nor the outline of the other fits."""
    return plan.path != PROGRAM and read_outline(requirement.text, plan.path) is not None


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _constants(design: Design, plan: FilePlan) -> str:
    """The table of units, in the file that converts between them: the module that there is, or the program."""
    modules = [file.path for file in design.files if file.path not in {design.entry_point, ARGUMENTS}]
    modules = [path for path in modules if not path.endswith("__init__.py")]
    home = modules[0] if modules else design.entry_point
    return table_source(design.factors) if design.factors and plan.path == home else ""


def outline_of(requirement: Requirement, design: Design, plan: FilePlan, part: str) -> str:
    """The outline of a module or of one of its classes; empty when nothing is known of it."""
    store = planned_store(requirement, design)
    opens = store.offers[0] if store and store.database and store.path in plan.imports else ""
    records = {path: [record.name for record in records_in(requirement.text, path)] for path in plan.imports}
    needed = {**records, store.path: [opens]} if store and opens else {}
    imports = [f"from {_module(path)} import {', '.join(names)}" for path, names in sorted(needed.items()) if names]
    shared = _shared(requirement, design, store) if store and opens else None
    answers = {known.method: known.answer for known in shared.known.values()} if shared else {}
    outline = module_outline(requirement.text, plan.path, imports, opens, answers, part)
    constants = _constants(design, plan)
    return f"{constants}\n\n{outline}" if constants and outline else outline or constants


def begun(requirement: Requirement, design: Design, plan: FilePlan, part: str = "") -> str:
    """What is known of a file before a model writes it, with ``...`` where something is missing; empty for nothing.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
        part: the one of its classes to write; empty for all.
    """
    if plan.path == design.entry_point and _is_module_too(requirement, plan):
        return ""
    return frame(requirement, design, plan) or _sound(outline_of(requirement, design, plan, part))


def parts(requirement: Requirement, design: Design, plan: FilePlan) -> tuple[str, ...]:
    """Names of the parts of a file that are written one by one; one that is empty when it is written whole.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    return ("",) if plan.path == design.entry_point else parts_of(requirement.text, plan.path)
