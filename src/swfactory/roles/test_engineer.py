"""The test engineer: executable examples of criteria, and tests of the modules' interfaces."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Sequence

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import FilePlan, safe_path
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.errors import PathEscapeError, ReplyError
from swfactory.roles.fences import code_block
from swfactory.roles.quotations import PLACEHOLDERS
from swfactory.roles.task import Task, ask, schema_of

__all__ = ["ROLE", "api_tests", "has_interface", "is_program", "sample_session"]

ROLE = "test_engineer"
_MAX_FILE = 4_000


def is_program(text: str) -> bool:
    """Whether a requirement asks for a program that is run from the command line."""
    return bool(re.search(r"python3? \S+\.py|command-line|命令行", text))


def has_interface(file: FilePlan, text: str) -> bool:
    """Whether a requirement fixes names of a module, so that tests can call them."""
    names = {match for signature in file.interface for match in re.findall(r"[A-Za-z_]\w{2,}", signature)}
    return any(re.search(rf"\b{re.escape(name)}\s*\(", text) for name in names) or bool(
        re.search(rf"{re.escape(file.path.rsplit('/', 1)[-1])}`?\s*(?:with|offers|:|provides|\(|里|提供|包含)", text)
    )


class _File(BaseModel):
    name: str
    content: str


class _Session(BaseModel):
    commands: list[str] = Field(max_length=6)


class _SessionWithFiles(BaseModel):
    files: list[_File] = Field(max_length=2)
    commands: list[str] = Field(max_length=6)


_READS_FILES = re.compile(r"\b[A-Z]*FILES?\b|\breads?\b.{0,40}\bfile|input file|读取.{0,20}文件|文件中")


def sample_session(
    requirement: Requirement, program: str, *, temperature: float = 0.0, seed: int = 0
) -> Task[tuple[CommandExample, ...]]:
    """Ask for a session that uses every command of the program as it is meant: none may crash or be misunderstood.

    Neither outputs nor exit statuses are asked for: a small model guesses them wrong more often than programs get them
    wrong.

    Args:
        requirement: what was asked for.
        program: path of the program, e.g. ``main.py``.
        temperature: 0 is greedy.
        seed: seed of the sample.
    """
    with_files = bool(_READS_FILES.search(requirement.text))
    schema = schema_of(_SessionWithFiles if with_files else _Session)
    request = ask(
        ROLE,
        "session",
        Sampling(temperature=temperature, seed=seed, max_tokens=350, json_schema=schema),
        requirement=requirement,
        program=program,
        with_files=with_files,
    )

    def read(reply: Reply) -> tuple[CommandExample, ...]:
        session = _read_session(reply)
        files: dict[str, str] = {}
        for file in session.files:
            try:
                path = safe_path(file.name)
            except PathEscapeError as exc:
                raise ReplyError(exc.message) from exc
            if not path.endswith(".py") and len(file.content) <= _MAX_FILE:
                files[path] = file.content
        steps = tuple(s for s in (_step(command, program) for command in session.commands) if s is not None)
        return (CommandExample(files=files, steps=steps),) if steps else ()

    return Task(request, read, tuple, retries=0)


def _read_session(reply: Reply) -> _SessionWithFiles:
    """Read a session, even when its end was cut off."""
    try:
        answer = from_json(reply.text, allow_partial=True)
        session = _SessionWithFiles.model_validate({"files": [], **answer})
    except (ValueError, TypeError, ValidationError) as exc:
        raise ReplyError(f"the session is not valid: {exc}") from exc
    if reply.finish == "length":
        session = session.model_copy(update={"commands": session.commands[:-1]})
    return session


def _step(command: str, program: str) -> Step | None:
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words and words[0] in {"python", "python3"}:
        words = words[1:]
    shell = any(word in {"|", ">", ">>", "<", "&&", ";"} for word in words)
    if not words or words[0] != program or shell or any(w.strip("<>[]") in PLACEHOLDERS for w in words[1:]):
        return None
    return Step(argv=("python", *words), exit_code=None)


def api_tests(
    requirement: Requirement, files: Sequence[FilePlan], *, limit: int = 8, temperature: float = 0.0, seed: int = 0
) -> Task[tuple[ApiExample, ...]]:
    """Ask for tests of the modules; each function becomes an example of its own.

    Args:
        requirement: what was asked for.
        files: modules to test.
        limit: most test functions.
        temperature: 0 is greedy; a vote among samples wants more.
        seed: seed of the sample.
    """
    modules = [file.path.removesuffix(".py").replace("/", ".") for file in files]
    request = ask(
        ROLE,
        "api_tests",
        Sampling(temperature=temperature, seed=seed, max_tokens=120 * limit),
        requirement=requirement,
        files=files,
        modules=", ".join(modules),
        limit=limit,
    )

    def read(reply: Reply) -> tuple[ApiExample, ...]:
        examples = _split_tests(code_block(reply.text), modules)[:limit]
        if not examples:
            raise ReplyError("no usable test function in the reply")
        return examples

    return Task(request, read, lambda: ())


def _split_tests(source: str, modules: Sequence[str]) -> tuple[ApiExample, ...]:
    """Split a test file into functions that stand alone; what is cut off at the end is left out."""
    tree = _parse_prefix(source)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    kept_imports = [ast.unparse(node) for node in imports if not _is_main(node)]
    head = "\n".join(dict.fromkeys(kept_imports))
    found: list[ApiExample] = []
    seen: set[str] = set()
    for node in tree.body:
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test")):
            continue
        body = ast.unparse(node)
        if node.name in seen or not _checks_something(node) or {a.arg for a in node.args.args} - {"tmp_path"}:
            continue
        seen.add(node.name)
        used = "\n".join(line for line in head.splitlines() if _uses(line, body))
        if not any(module in used for module in modules):
            continue
        found.append(ApiExample(code=f"{used}\n\n\n{body}\n"))
    return tuple(found)


def _parse_prefix(source: str) -> ast.Module:
    """Parse as much of a file as parses."""
    lines = source.splitlines()
    while lines:
        try:
            return ast.parse("\n".join(lines))
        except (SyntaxError, ValueError, RecursionError):
            starts = [i for i, line in enumerate(lines) if re.match(r"(?:def|class|@|import|from) ?", line)]
            lines = lines[: starts[-1]] if starts else []
    raise ReplyError("the tests are not Python")


def _is_main(node: ast.Import | ast.ImportFrom) -> bool:
    return (isinstance(node, ast.ImportFrom) and node.module == "main") or any(a.name == "main" for a in node.names)


def _uses(line: str, body: str) -> bool:
    """Whether a function uses a name that an import line binds."""
    names = [alias.asname or alias.name.split(".")[0] for alias in ast.parse(line).body[0].names]  # type: ignore[attr-defined]
    return any(name == "*" or re.search(rf"\b{re.escape(name)}\b", body) for name in names)


def _checks_something(node: ast.FunctionDef) -> bool:
    """Whether a test can fail on purpose: it asserts what is not a constant, or expects an exception."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert) and any(isinstance(n, ast.Call | ast.Name) for n in ast.walk(inner.test)):
            return True
        if isinstance(inner, ast.With) and any("raises" in ast.unparse(item.context_expr) for item in inner.items):
            return True
    return False
