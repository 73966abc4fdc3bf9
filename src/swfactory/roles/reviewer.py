"""The reviewer: input that the program may not handle, for the machine to try.

An opinion of a small model on code is worth little; a command that crashes the program is worth a repair.
"""

from __future__ import annotations

from collections.abc import Mapping

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import CommandExample
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.roles.sessions import read_session, reads_files, session_schema
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "find_crashes"]

ROLE = "reviewer"
_MAX_COMMANDS = 3


def find_crashes(
    requirement: Requirement, files: Mapping[str, str], program: str, *, seed: int = 0
) -> Task[tuple[CommandExample, ...]]:
    """Ask for commands that may crash the program; each becomes an example that no traceback may end.

    Args:
        requirement: what was asked for.
        files: the product's sources.
        program: path of the program.
        seed: seed of the sample.
    """
    with_files = reads_files(requirement.text)
    request = ask(
        ROLE,
        "review",
        Sampling(seed=seed, max_tokens=200, json_schema=session_schema(with_files)),
        requirement=requirement,
        files=files,
        program=program,
        with_files=with_files,
    )

    def read(reply: Reply) -> tuple[CommandExample, ...]:
        example = read_session(reply, program, lambda words: not has_placeholder(words, requirement.text))
        if example is None:
            return ()
        # Input that is meant to be bad may be refused in any way but a traceback.
        steps = [s.model_copy(update={"exit_code": None, "refusable": True}) for s in example.steps[:_MAX_COMMANDS]]
        return tuple(CommandExample(files=example.files, steps=(step,)) for step in steps)

    return Task(request, read, tuple, retries=0)
