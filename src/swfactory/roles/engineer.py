"""The engineer: one file at a time, and its repair."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence

from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.references import NOTHING, Passage, References
from swfactory.domain.requirement import Requirement
from swfactory.errors import ReplyError
from swfactory.programs.argument_parser import ARGUMENTS, parameters_of, parser_module
from swfactory.programs.frames import begin_with, open_functions
from swfactory.programs.functions import defines, parse, runs
from swfactory.programs.glue import glue
from swfactory.programs.module_outline import module_outline, parts_of
from swfactory.programs.record_module import record_module
from swfactory.programs.skeleton import Shared, function_of, program_skeleton
from swfactory.programs.stores import Store, store_of
from swfactory.programs.unit_table import table_source
from swfactory.requirements.command_notes import command_notes
from swfactory.requirements.files import PROGRAM, named_files
from swfactory.requirements.hints import hints_for
from swfactory.requirements.outline import function_notes, offered, read_outline, records_in
from swfactory.requirements.parameters import required
from swfactory.requirements.standard_input import asks_the_user
from swfactory.roles.fences import code_block, file_blocks
from swfactory.roles.task import Task, ask, render

__all__ = ["ROLE", "begun", "fill_function", "frame", "new_object", "parts", "ready_made", "repair_files", "write_file"]

ROLE = "engineer"
_FILE_TOKENS = 1600
_PART_TOKENS = 500
_FIRST = 2
"""Passages that say what the requirement is about."""
_IMPORTS = 3
"""Definitions of the user's libraries that a file begins with."""
_SIMPLE_CLASS = re.compile(r"^class ([A-Z]\w*)(?:\([\w., ]*\))?:\n(?:.*\n)*? +def __init__\(self\)", re.MULTILINE)
_END_OF_BLOCK = "\n```\n"
_COMMAND_LINE = ("\ndef main(", "\nif __name__", "\n# Example", "\n# Usage")


def ready_made(requirement: Requirement, design: Design, plan: FilePlan) -> str:
    """A file that no model needs to write; empty when one does.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    if plan.path == ARGUMENTS and design.entry_point is not None:
        return parser_module(requirement.text, design.entry_point, design.arguments)
    store = _store(requirement, design)
    if store and plan.path == store.path:
        return store.source
    begun = frame(requirement, design, plan)
    return begun if begun and not open_functions(begun) else record_module(requirement.text, plan.path)


def _shown(requirement: Requirement, design: Design, context: Mapping[str, str]) -> dict[str, str]:
    """Finished files as a model sees them: of those that the machine wrote, what they offer."""
    store = _store(requirement, design)
    interface = {store.path: store.interface} if store else {}
    return {path: interface.get(path, source) for path, source in context.items() if path != ARGUMENTS}


def _store(requirement: Requirement, design: Design) -> Store | None:
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
    store = _store(requirement, design)
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


def _outline(requirement: Requirement, design: Design, plan: FilePlan, part: str) -> str:
    """The outline of a module or of one of its classes; empty when nothing is known of it."""
    store = _store(requirement, design)
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
    return frame(requirement, design, plan) or _sound(_outline(requirement, design, plan, part))


def parts(requirement: Requirement, design: Design, plan: FilePlan) -> tuple[str, ...]:
    """Names of the parts of a file that are written one by one; one that is empty when it is written whole.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    return ("",) if plan.path == design.entry_point else parts_of(requirement.text, plan.path)


def write_file(
    requirement: Requirement,
    design: Design,
    plan: FilePlan,
    context: Mapping[str, str],
    *,
    part: str = "",
    temperature: float = 0.0,
    seed: int = 0,
    examples: Sequence[str] = (),
    references: References = NOTHING,
    passages: Sequence[Passage] = (),
    start: str = "",
) -> Task[str]:
    """Ask for one whole file, or one of the parts that it is written in.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file to write.
        context: finished files it may import, path to source.
        part: the one of its classes to write; empty for all.
        temperature: 0 is greedy; best-of-n samples higher.
        seed: seed of the sample.
        examples: what will be checked, in words; a model that sees the tests meets more of them (Mathews and Nagappan
            2024, arXiv:2402.13521).
        references: what is known of the user's own code and documents.
        passages: what was looked up for this file besides.
        start: a statement that each missing function begins with; empty for none.
    """
    # What follows the block is prose, and what a module adds below its functions is the program all over again.
    entry = plan.path == design.entry_point
    skeleton = frame(requirement, design, plan)
    wanted = open_functions(skeleton) if skeleton else (part,) if part else offered(requirement.text, plan.path)
    outline = "" if entry else _outline(requirement, design, plan, part)
    imports = _library_imports(references)
    sources = _shown(requirement, design, context)
    stop = (_END_OF_BLOCK,) if entry or design.entry_point is None else (_END_OF_BLOCK, *_COMMAND_LINE)
    request = ask(
        ROLE,
        "code",
        Sampling(temperature=temperature, seed=seed, max_tokens=_FILE_TOKENS, stop=stop),
        requirement=requirement,
        design=design,
        plan=plan,
        context=sources,
        modules=[path.removesuffix(".py").replace("/", ".") for path in sources if not path.endswith("__init__.py")],
        entry=entry,
        program=None if entry else design.entry_point,
        examples=examples,
        asks=asks_the_user(requirement.text),
        hints=hints_for(requirement.text, stored=_store(requirement, design) is not None),
        skeleton=begin_with(imports + skeleton, start) if skeleton else "",
        holes=wanted if skeleton else (),
        outline=begin_with(f"{imports}\n{outline}", start) if imports and outline else outline,
        part=part,
        references=references,
        passages=passages,
    )

    def read(reply: Reply) -> str:
        code = code_block(reply.text)
        if wanted and not (defines(code, wanted) or (entry and runs(code))):
            raise ReplyError(f"it is not {plan.path}, which must define {', '.join(wanted)}")
        return code

    return Task(request, read)


def _library_imports(references: References) -> str:
    """What a file may begin with: a small model that sees the import uses the definition, else it writes it again."""
    known = (passage for passage in references.passages if passage.library in references.libraries)
    public = (
        passage.statement for passage in known if re.fullmatch(r"from [\w.]+ import [A-Za-z]\w*", passage.statement)
    )
    return "".join(f"{statement}\n" for statement in [*dict.fromkeys(public)][:_IMPORTS])


def new_object(references: References) -> str:
    """The statement that makes the object which the user's libraries have for the matter; empty for none.

    It is made of a class that is among what is shown first, when it needs no arguments. A small model that is shown a
    class works without it; one that is given the object works with it.

    Args:
        references: what is known of the user's own code and documents.
    """
    own = [passage for passage in references.passages if passage.library in references.libraries]
    for passage in own[:_FIRST]:
        if found := _SIMPLE_CLASS.search(passage.text):
            return f"{found[1].lower()} = {found[1]}()"
    return ""


def fill_function(
    requirement: Requirement,
    design: Design,
    path: str,
    name: str,
    source: str,
    context: Mapping[str, str],
    *,
    examples: Sequence[str] = (),
    wrong: Sequence[str] = (),
    references: References = NOTHING,
    passages: Sequence[Passage] = (),
    temperature: float = 0.0,
    seed: int = 0,
) -> Task[str]:
    """Ask for one function of a file that lacks it.

    Args:
        requirement: what was asked for.
        design: all planned files.
        path: the file.
        name: the function, dotted with its class.
        source: the file with a hole in place of the function's body.
        context: finished files it may import, path to source.
        examples: what does not hold yet, in words.
        wrong: what went wrong with what was there before.
        references: what is known of the user's own code and documents.
        passages: what was looked up for what went wrong.
        temperature: 0 is greedy.
        seed: seed of the sample.
    """
    commands = parameters_of(requirement.text, path, source=context[ARGUMENTS]) if ARGUMENTS in context else {}
    said = {function_of(command): notes for command, notes in command_notes(requirement.text, commands).items()}
    request = ask(
        ROLE,
        "infill",
        Sampling(temperature=temperature, seed=seed, max_tokens=_PART_TOKENS, stop=(_END_OF_BLOCK,)),
        requirement=requirement,
        path=path,
        function=name,
        source=source,
        context=_shown(requirement, design, context),
        arguments=commands if "args." in source and name == "main" else {},
        notes=said.get(name) or function_notes(requirement.text, path, name),
        examples=examples,
        wrong=wrong,
        references=references,
        passages=passages,
    )
    return Task(request, lambda reply: code_block(reply.text), retries=0)


def repair_files(
    written: Request,
    path: str,
    files: Mapping[str, str],
    problems: Sequence[str],
    *,
    passages: Sequence[Passage] = (),
    temperature: float = 0.0,
    seed: int = 0,
) -> Task[dict[str, str]]:
    """Ask for the corrected parts of files, functions or methods, path to code.

    The question goes on with the conversation in which a file was written, so that the model's prefix cache serves all
    but what is wrong.

    Args:
        written: how the file was asked for, with the other files in sight.
        path: the file.
        files: files that the reply may change, path to source; ``path`` among them.
        problems: what the machine found, most important first.
        passages: what was looked up for it.
        temperature: 0 is greedy.
        seed: seed of the sample.
    """
    messages = (
        *written.messages,
        Message(role="assistant", content=f"```python\n{files[path]}```"),
        Message(role="user", content=render("repair", path=path, files=files, problems=problems, passages=passages)),
    )
    stop = (_END_OF_BLOCK,) if len(files) == 1 else ()
    sampling = Sampling(temperature=temperature, seed=seed, max_tokens=_PART_TOKENS, stop=stop)
    request = Request(role=ROLE, messages=messages, sampling=sampling)
    return Task(request, lambda reply: file_blocks(reply.text, files), retries=0)
