"""Sessions with a program, as a test engineer or reviewer proposes them: commands, and the files they need."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from swfactory.domain.call import Reply
from swfactory.domain.design import safe_path
from swfactory.domain.spec import CommandExample, Step
from swfactory.errors import PathEscapeError, ReplyError
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.roles.task import schema_of

__all__ = ["parted", "read_session", "reads_files", "session_schema"]

_MAX_FILE = 4_000


class _File(BaseModel):
    name: str
    content: str


class _Session(BaseModel):
    commands: list[str] = Field(max_length=6)


class _SessionWithFiles(BaseModel):
    files: list[_File] = Field(max_length=2)
    commands: list[str] = Field(max_length=6)


_READS_FILES = re.compile(
    r"\b[A-Z]*FILES?\b|\breads?\b.{0,40}\bfile|input file|\b(?:turns?|converts?)\b.{0,30}\bfile|\bIN(?:PUT)?\.[a-z]"
    r"|读取.{0,20}文件|文件中|[把将].{0,20}文件"
)
_FILE = re.compile(r"[\w-]+\.[A-Za-z]\w{0,5}")


def reads_files(text: str) -> bool:
    """Whether a requirement speaks of files that a user gives to the program."""
    return bool(_READS_FILES.search(text))


def session_schema(with_files: bool) -> dict[str, object]:
    """JSON Schema of a session."""
    return schema_of(_SessionWithFiles if with_files else _Session)


def read_session(
    reply: Reply, program: str, fits: Callable[[list[str]], bool] = lambda _: True
) -> CommandExample | None:
    """Read a session; commands that cannot be run are left out, and with none left there is no example.

    Args:
        reply: JSON, possibly cut off at its end; the command that was being written is lost.
        program: path of the program that every command starts.
        fits: whether the words of a command are what the program takes.

    Raises:
        ReplyError: the reply is no session.
    """
    try:
        answer = from_json(reply.text, allow_partial=True)
        session = _SessionWithFiles.model_validate({"files": [], **answer})
    except (ValueError, TypeError, ValidationError) as exc:
        raise ReplyError(f"the session is not valid: {exc}") from exc
    files: dict[str, str] = {}
    for file in session.files:
        try:
            path = safe_path(file.name)
        except PathEscapeError as exc:
            raise ReplyError(exc.message) from exc
        if not path.endswith(".py") and len(file.content) <= _MAX_FILE:
            files[path] = file.content
    made = (_step(command, program) for command in session.commands)
    steps = tuple(step for step in made if step is not None and fits([*step.argv[2:]]))
    if not steps:
        return None
    # What comes first is surely meant to succeed, unless it begins with a file that nobody has given; later commands
    # may rightly be refused.
    words = steps[0].argv[2:]
    missing = words and _FILE.fullmatch(words[0]) and words[0] not in files
    first = steps[0].model_copy(update={"exit_code": None if missing else 0})
    return CommandExample(files=files, steps=(first, *steps[1:]))


def parted(session: CommandExample) -> tuple[CommandExample, ...]:
    """Take a session apart whose commands each read a file that is given: none depends on the one before it."""
    if not all(any(word in session.files for word in step.argv) for step in session.steps):
        return (session,)
    return tuple(session.model_copy(update={"steps": (step,)}) for step in session.steps)


def _step(command: str, program: str) -> Step | None:
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words and words[0] in {"python", "python3"}:
        words = words[1:]
    shell = any(word in {"|", ">", ">>", "<", "&&", ";"} for word in words)
    if not words or words[0] != program or shell or has_placeholder(words[1:]):
        return None
    return Step(argv=("python", *words), exit_code=None)
