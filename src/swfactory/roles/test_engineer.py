"""The test engineer: executable examples of criteria, and tests of the modules' interfaces."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import ApiExample, CommandExample
from swfactory.errors import ReplyError
from swfactory.roles.fences import code_block
from swfactory.roles.sessions import read_session, reads_files, session_schema
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "api_tests", "has_interface", "is_program", "sample_session"]

ROLE = "test_engineer"


def is_program(text: str) -> bool:
    """Whether a requirement asks for a program that is run from the command line."""
    return bool(re.search(r"python3? \S+\.py|command-line|命令行", text))


def has_interface(file: FilePlan, text: str) -> bool:
    """Whether a requirement fixes names of a module, so that tests can call them."""
    names = {match for signature in file.interface for match in re.findall(r"[A-Za-z_]\w{2,}", signature)}
    return any(re.search(rf"\b{re.escape(name)}\s*\(", text) for name in names) or bool(
        re.search(rf"{re.escape(file.path.rsplit('/', 1)[-1])}`?\s*(?:with|offers|:|provides|\(|里|提供|包含)", text)
    )


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
    with_files = reads_files(requirement.text)
    request = ask(
        ROLE,
        "session",
        Sampling(temperature=temperature, seed=seed, max_tokens=350, json_schema=session_schema(with_files)),
        requirement=requirement,
        program=program,
        with_files=with_files,
    )

    def read(reply: Reply) -> tuple[CommandExample, ...]:
        example = read_session(reply, program)
        return () if example is None else (example,)

    return Task(request, read, tuple, retries=0)


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
    starts = [i for i, line in enumerate(lines) if re.match(r"(?:def|class|@|import|from) ?", line)]
    while lines:
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as exc:
            wrong = exc.lineno or len(lines)
        except (ValueError, RecursionError, MemoryError):
            wrong = len(lines)
        # What precedes the line at fault may be whole; what starts after it is lost with it.
        starts = [i for i in starts if i < min(wrong, len(lines))]
        lines = lines[: starts.pop()] if starts else []
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
