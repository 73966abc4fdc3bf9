"""The architect: which files to write, and in what order."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import Design, FilePlan, safe_path
from swfactory.domain.references import NOTHING, References
from swfactory.domain.requirement import Requirement
from swfactory.errors import PathEscapeError, ReplyError
from swfactory.programs.argument_parser import ARGUMENTS, nameless, parser_module
from swfactory.programs.record_module import record_module
from swfactory.programs.stores import store_path
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.text.files import PROGRAM, TEST_FOLDERS, named_files, program_file
from swfactory.roles.task import Task, ask, schema_of

__all__ = ["ROLE", "default_design", "name_arguments", "named_packages", "plan_files", "plan_tables", "unit_table"]

ROLE = "architect"
_MAX_FILES = 12
_MAX_PATH = 120
_MODULE = re.compile(
    r"[A-Za-z_]\w*(?:\.(?!(?:md|rst|txt|toml|cfg|ini|json|csv|ya?ml|html|css|js|sql|sh)$)[A-Za-z_]\w*)+"
)
_PROGRAM = re.compile(
    r"\b(?:program|script|command[- ]line|CLI|tool|app|application|game)\b|程序|脚本|命令行|工具|游戏", re.IGNORECASE
)
_LIBRARY = re.compile(
    r"\b(?:class|classes|function|functions|library|module|package)\b|\.py\b|类|函数|库|模块|包", re.IGNORECASE
)
_NOT_PACKAGES = frozenset(
    [
        "standard",
        "python",
        "a",
        "the",
        "this",
        "our",
        "my",
        "own",
        "that",
        "only",
        "no",
        "any",
        "its",
        "library",
        "package",
        "main",
    ]
)


_NAME = re.compile(r"[a-z][a-z_]{0,19}")
_NAME_SCHEMA = {"type": "string", "pattern": f"^{_NAME.pattern}$"}
_NAMES = TypeAdapter(dict[str, list[str]])
_FACTORS = TypeAdapter(dict[str, float])


class _Table(BaseModel):
    name: str = Field(pattern=f"^{_NAME.pattern}$")
    columns: list[Annotated[str, Field(pattern=f"^{_NAME.pattern}$")]] = Field(max_length=12)


class _Tables(BaseModel):
    tables: list[_Table] = Field(max_length=6)


class _File(BaseModel):
    path: str
    purpose: str
    interface: list[str]
    imports: list[str]


class _Reply(BaseModel):
    files: list[_File]


def named_packages(text: str) -> tuple[str, ...]:
    """Third-party packages that a requirement asks for: "using the requests library", "with package numpy"."""
    pattern = (
        r"\b(?:use|using|with|based on|needs?|requires?)\s+(?:the\s+)?(?:third-party\s+)?"
        r"(?:(?:library|package)\s+`?([A-Za-z][\w-]+)`?|`?([A-Za-z][\w-]+)`?\s+(?:library|package)\b)"
    )
    found = (a or b for a, b in re.findall(pattern, text, re.IGNORECASE))
    return tuple(
        dict.fromkeys(n for n in found if n.lower() not in _NOT_PACKAGES and n.lower() not in sys.stdlib_module_names)
    )


def plan_files(
    requirement: Requirement, *, seed: int = 0, comment: str = "", references: References = NOTHING
) -> Task[Design]:
    """Ask for the files; the ones that the requirement names are always among them.

    Args:
        requirement: what was asked for.
        seed: seed of the sample.
        comment: what a person said when rejecting the last design; empty for none.
        references: what is known of the user's own code and documents.
    """
    # Where the requirement names the files, there is nothing to look up for; a small model would list the library's.
    known = NOTHING if named_files(requirement.text) else references
    request = ask(
        ROLE,
        "design",
        Sampling(seed=seed, max_tokens=600, json_schema=schema_of(_Reply)),
        requirement=requirement,
        comment=comment,
        references=known,
    )
    return Task(request, lambda reply: _read(reply, requirement), lambda: default_design(requirement))


def name_arguments(requirement: Requirement, program: str) -> Task[dict[str, tuple[str, ...]]] | None:
    """Ask what the arguments of the program mean; None when they can be told apart.

    What is called ``text2`` is confused with ``text`` by whoever writes the program.

    Args:
        requirement: what was asked for.
        program: path of the program.
    """
    commands = nameless(requirement.text, program)
    if not commands:
        return None
    names = {
        command: {"type": "array", "items": _NAME_SCHEMA, "minItems": len(values), "maxItems": len(values)}
        for command, values in commands.items()
    }
    schema = {"type": "object", "properties": names, "required": [*names], "additionalProperties": False}
    request = ask(
        ROLE,
        "name_arguments",
        Sampling(max_tokens=300, json_schema=schema),
        requirement=requirement,
        commands=commands,
    )
    return Task(request, lambda reply: _read_names(reply, commands), dict, retries=0)


def unit_table(units: Sequence[str], base: str) -> Task[dict[str, float]]:
    """Ask what one of each unit is in one of them, and nothing else: beside a requirement, small models slip.

    Args:
        units: those that a requirement lists.
        base: one of them.
    """
    properties = {unit: {"type": "number"} for unit in units}
    schema = {"type": "object", "properties": properties, "required": [*units], "additionalProperties": False}
    sampling = Sampling(max_tokens=40 + 24 * len(units), json_schema=schema)
    request = ask(ROLE, "unit_table", sampling, units=units, base=base)
    return Task(request, _read_table, dict, retries=0)


def plan_tables(
    requirement: Requirement, *, temperature: float = 0.0, seed: int = 0, references: References = NOTHING
) -> Task[dict[str, tuple[str, ...]]]:
    """Ask for the tables of the database, each with its columns.

    Args:
        requirement: what was asked for.
        temperature: 0 is greedy.
        seed: seed of the sample.
        references: what is known of the user's own code and documents.
    """
    sampling = Sampling(temperature=temperature, seed=seed, max_tokens=250, json_schema=schema_of(_Tables))
    request = ask(ROLE, "tables", sampling, requirement=requirement, references=references)
    return Task(request, _read_tables, dict, retries=0)


def _read_tables(reply: Reply) -> dict[str, tuple[str, ...]]:
    try:
        answer = _Tables.model_validate_json(reply.text)
    except ValidationError as exc:
        raise ReplyError(f"the tables are not valid: {exc.errors()[0]['msg']}") from exc
    return {table.name: tuple(table.columns) for table in answer.tables}


def _read_table(reply: Reply) -> dict[str, float]:
    try:
        return _FACTORS.validate_json(reply.text)
    except ValidationError as exc:
        raise ReplyError(f"the table is not valid: {exc.errors()[0]['msg']}") from exc


def _read_names(reply: Reply, commands: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Names of the subcommands where all can be used: one that repeats a word of the call misleads about the rest."""
    try:
        answer = _NAMES.validate_json(reply.text)
    except ValidationError as exc:
        raise ReplyError(f"the names are not valid: {exc.errors()[0]['msg']}") from exc
    return {
        command: tuple(names)
        for command, names in answer.items()
        if len({*names} - {command, *commands.get(command, ())}) == len(names) == len(commands.get(command, ()))
        and all(map(_NAME.fullmatch, names))
    }


def default_design(requirement: Requirement) -> Design:
    """The files that the requirement names, or one program: the design when the model gives none."""
    return _complete([], requirement)


def _read(reply: Reply, requirement: Requirement) -> Design:
    try:
        answer = _Reply.model_validate_json(reply.text)
    except ValidationError as exc:
        raise ReplyError(f"the design is not valid: {exc.errors()[0]['msg']}") from exc
    return _complete(answer.files, requirement)


def _complete(proposed: Iterable[_File], requirement: Requirement) -> Design:
    """Keep what is usable of a proposal and add what the requirement names."""
    named = named_files(requirement.text)
    plans: dict[str, FilePlan] = {}
    for file in proposed:
        try:
            path = _canonical(safe_path(file.path), named)
        except PathEscapeError:
            continue
        usable = _is_source(path) and path not in plans and len(path) <= _MAX_PATH
        usable = usable and not _collides(path, (*plans, *named))
        if usable and len(plans) < _MAX_FILES and _wanted(path, named):
            plans[path] = FilePlan(
                path=path,
                purpose=file.purpose.strip()[:200],
                interface=tuple(s.strip()[:160] for s in file.interface if s.strip())[:16],
                imports=tuple(_canonical(i.strip(), named) for i in file.imports if i.strip()),
            )
    for path in named or ((), (PROGRAM,))[not plans]:
        plans.setdefault(path, FilePlan(path=path))
    for path in tuple(plans):
        if "/" in path:
            init = str(PurePosixPath(path).parent / "__init__.py")
            plans.setdefault(init, FilePlan(path=init, purpose="makes the folder a package"))
    entry = _entry(requirement.text, plans)
    if entry is not None and ARGUMENTS not in named and parser_module(requirement.text, entry):
        plans[ARGUMENTS] = FilePlan(path=ARGUMENTS, purpose="takes the command line apart", interface=("parse_args()",))
    store = store_path(requirement.text, named) if entry is not None else ""
    if store:
        plans[store] = FilePlan(path=store, purpose="keeps the data")
    ready = [path for path in plans if path == store or record_module(requirement.text, path)]
    for path in ready:
        plans[path] = plans[path].model_copy(update={"imports": (), "interface": ()})
    for path in {*plans} - {*ready, entry, ARGUMENTS} if ready else ():
        if not path.endswith("__init__.py"):
            plans[path] = plans[path].model_copy(update={"imports": (*dict.fromkeys((*plans[path].imports, *ready)),)})
    if entry is not None:
        others = tuple(path for path in plans if path != entry and not path.endswith("__init__.py"))
        plans[entry] = plans[entry].model_copy(update={"imports": others, "interface": ()})
    files = tuple(
        plan.model_copy(update={"imports": tuple(i for i in plan.imports if i in plans and i != plan.path)})
        for plan in plans.values()
    )
    return Design(files=Design(files=files).in_order(), entry_point=entry)


def _entry(text: str, plans: Mapping[str, FilePlan]) -> str | None:
    """The file that a user runs; None for a library.

    A requirement that shows no command may ask for a program all the same: then it is the file that no other one
    imports.
    """
    if (program := program_file(text)) in plans:
        return program
    modules = [path for path in plans if not path.endswith("__init__.py")]
    offers = any(read_outline(text, path) for path in modules)
    if offers or (_LIBRARY.search(text) and not _PROGRAM.search(text)):
        return None
    imported = {other for plan in plans.values() for other in plan.imports}
    return next((path for path in reversed(modules) if path not in imported), None)


def _canonical(path: str, named: tuple[str, ...]) -> str:
    """Give a path the spelling that the requirement uses; a module name becomes its file."""
    if path in named:
        return path
    if not path.endswith(".py") and _MODULE.fullmatch(path):
        path = path.replace(".", "/") + ".py"
    elif re.fullmatch(r"[A-Za-z_]\w*", path):
        path += ".py"
    return next((other for other in named if other.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1]), path)


def _is_source(path: str) -> bool:
    parts = path.split("/")
    name = parts[-1]
    return path.endswith(".py") and parts[0] not in TEST_FOLDERS and not name.startswith("test_") and name != "setup.py"


def _collides(path: str, others: Iterable[str]) -> bool:
    """Whether a file of that path would have to be a folder too, or another one would."""
    return any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in others)


def _wanted(path: str, named: tuple[str, ...]) -> bool:
    """A small model invents files; when the requirement names some, nothing else is needed."""
    return path in named or path.endswith("__init__.py") or not named
