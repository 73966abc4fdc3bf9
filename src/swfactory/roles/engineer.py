"""The engineer: one file at a time, and its repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.ports import Passage
from swfactory.roles.command_lines import ARGUMENTS, parser_module, words_of_commands
from swfactory.roles.fences import code_block, file_blocks
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "ready_made", "repair_files", "write_file"]

ROLE = "engineer"
_FILE_TOKENS = 1600
_PART_TOKENS = 900
_END_OF_BLOCK = "\n```\n"
_COMMAND_LINE = ("\ndef main(", "\nif __name__")


def ready_made(requirement: Requirement, design: Design, plan: FilePlan) -> str:
    """A file that no model needs to write; empty when one does.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file.
    """
    if plan.path != ARGUMENTS or design.entry_point is None:
        return ""
    return parser_module(requirement.text, design.entry_point)


def write_file(
    requirement: Requirement,
    design: Design,
    plan: FilePlan,
    context: Mapping[str, str],
    *,
    temperature: float = 0.0,
    seed: int = 0,
    examples: Sequence[str] = (),
    passages: Sequence[Passage] = (),
) -> Task[str]:
    """Ask for one whole file.

    Args:
        requirement: what was asked for.
        design: all planned files.
        plan: the file to write.
        context: finished files it may import, path to source.
        temperature: 0 is greedy; best-of-n samples higher.
        seed: seed of the sample.
        examples: what will be checked, in words; a model that sees the tests meets more of them (Mathews and Nagappan
            2024, arXiv:2402.13521).
        passages: retrieved text, shown as data.
    """
    # What follows the block is prose, and what a module adds below its functions is the program all over again.
    entry = plan.path == design.entry_point
    stop = (_END_OF_BLOCK,) if entry or design.entry_point is None else (_END_OF_BLOCK, *_COMMAND_LINE)
    request = ask(
        ROLE,
        "code",
        Sampling(temperature=temperature, seed=seed, max_tokens=_FILE_TOKENS, stop=stop),
        requirement=requirement,
        design=design,
        plan=plan,
        context=context,
        modules=[path.removesuffix(".py").replace("/", ".") for path in context if not path.endswith("__init__.py")],
        entry=entry,
        program=design.entry_point,
        examples=examples,
        parser=ARGUMENTS in context and entry,
        words=next(iter(words_of_commands(requirement.text, plan.path)), []) if entry else [],
        passages=passages,
    )
    return Task(request, lambda reply: code_block(reply.text))


def repair_files(
    requirement: Requirement,
    files: Mapping[str, str],
    problems: Sequence[str],
    *,
    temperature: float = 0.0,
    seed: int = 0,
) -> Task[dict[str, str]]:
    """Ask for the corrected parts of files: functions, methods or whole files, path to code.

    Args:
        requirement: what was asked for.
        files: files that may be at fault, path to source.
        problems: what the machine found, most important first.
        temperature: 0 is greedy.
        seed: seed of the sample.
    """
    request = ask(
        ROLE,
        "repair",
        Sampling(temperature=temperature, seed=seed, max_tokens=_PART_TOKENS),
        requirement=requirement,
        files=files,
        problems=problems,
    )

    def read(reply: Reply) -> dict[str, str]:
        return file_blocks(reply.text, files)

    return Task(request, read, retries=0)
