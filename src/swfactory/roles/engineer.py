"""The engineer: one file at a time, and its repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.ports import Passage
from swfactory.roles.fences import code_block, file_blocks
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "repair_files", "write_file"]

ROLE = "engineer"
_FILE_TOKENS = 1600


def write_file(
    requirement: Requirement,
    design: Design,
    plan: FilePlan,
    context: Mapping[str, str],
    *,
    temperature: float = 0.0,
    seed: int = 0,
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
        passages: retrieved text, shown as data.
    """
    request = ask(
        ROLE,
        "code",
        Sampling(temperature=temperature, seed=seed, max_tokens=_FILE_TOKENS),
        requirement=requirement,
        design=design,
        plan=plan,
        context=context,
        modules=[path.removesuffix(".py").replace("/", ".") for path in context if not path.endswith("__init__.py")],
        entry=plan.path == design.entry_point,
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
    """Ask for corrected files.

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
        Sampling(temperature=temperature, seed=seed, max_tokens=_FILE_TOKENS),
        requirement=requirement,
        files=files,
        problems=problems,
    )

    def read(reply: Reply) -> dict[str, str]:
        return file_blocks(reply.text, tuple(files))

    return Task(request, read, retries=0)
