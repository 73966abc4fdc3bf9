"""The engineer: one file at a time, and its repair."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.references import NOTHING, Passage, References
from swfactory.domain.requirement import Requirement
from swfactory.errors import ReplyError
from swfactory.programs.argument_parser import ARGUMENTS, parameters_of
from swfactory.programs.frames import begin_with, open_functions
from swfactory.programs.functions import defines, runs
from swfactory.programs.skeleton import function_of
from swfactory.requirements.commands.command_notes import command_notes
from swfactory.requirements.commands.standard_input import asks_the_user
from swfactory.requirements.hints import hints_for
from swfactory.requirements.interfaces.outline import function_notes, offered
from swfactory.roles.blueprint import as_shown, frame, outline_of, planned_store
from swfactory.roles.fences import code_block, file_blocks
from swfactory.roles.task import Task, ask, render

__all__ = ["ROLE", "fill_function", "new_object", "repair_files", "write_file"]

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
    outline = "" if entry else outline_of(requirement, design, plan, part)
    imports = _library_imports(references)
    sources = as_shown(requirement, design, context)
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
        hints=hints_for(requirement.text, stored=planned_store(requirement, design) is not None),
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
        context=as_shown(requirement, design, context),
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
