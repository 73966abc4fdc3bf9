"""From planned tests to pytest files that people like to read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping

from swfactory.domain.spec import FOLDER, ApiExample, CommandExample, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.requirements.commands.shapes import pattern_of

__all__ = ["STUB", "render_suite", "stub_product"]

_COMMANDS_HEAD = '''\
"""Runs the program the way a user would and checks what it prints, says and answers."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(folder, program, *arguments, stdin=""):
    command = [sys.executable, "-X", "utf8", str(ROOT / program), *arguments]
    options = {"cwd": folder, "input": stdin, "capture_output": True, "encoding": "utf-8", "timeout": 20}
    done = subprocess.run(command, **options)
    done.shown = " ".join(["python", program, *(repr(a) if " " in a or not a else a for a in arguments)])
    return done


def crash(error):
    """The exception of a traceback, and the last line of the product that it passed through."""
    lines = error.splitlines()
    own = [i for i, line in enumerate(lines) if f'File "{ROOT}' in line]
    where = lines[own[-1]].split(f"{ROOT}/")[1].replace('", line', " line") if own else ""
    code = lines[own[-1] + 1].strip() if own and own[-1] + 1 < len(lines) else ""
    return f"{lines[-1]} (in {where}: {code})"


def expect(
    done,
    exit_code=0,
    stdout=None,
    stdout_contains=(),
    stderr_contains=(),
    says=(),
    says_why=False,
    like=None,
    fails=False,
    refusable=False,
):
    seen = f"`{done.shown}`"
    error = done.stderr.strip()
    assert "Traceback (most recent call last)" not in error, f"{seen} crashed with {crash(error)}"
    understood = exit_code is not None or refusable or "\\nusage: " not in f"\\n{error}"
    assert understood, f"{seen} was not understood: {error[-200:]}"
    if exit_code is not None and done.returncode != exit_code:
        said = (error or done.stdout.strip())[-200:]
        raise AssertionError(f"{seen} exited with status {done.returncode}, expected {exit_code}; it said {said!r}")
    assert done.returncode or not fails, f"{seen} exited with status 0, expected an error"
    if stdout is not None and done.stdout.strip() != stdout.strip():
        raise AssertionError(f"{seen} printed {done.stdout.strip()[:300]!r}, expected {stdout.strip()!r}")
    for part in stdout_contains:
        assert part in done.stdout, f"{seen} printed {done.stdout[:300]!r}, which lacks {part!r}"
    if like is not None and not done.returncode:
        shape, pattern = like
        printed = done.stdout.strip()
        for line in [printed] if "\\n" in shape else printed.splitlines():
            assert re.fullmatch(pattern, line), f"{seen} printed the line {line[:200]!r}, which is not like {shape!r}"
    for part in stderr_contains:
        assert part.lower() in error.lower(), f"{seen} said {error[:200]!r} on stderr, which lacks {part!r}"
    for part in says:
        said = done.stdout + done.stderr
        assert part in said, f"{seen} says {said.strip()[-200:]!r}, which lacks {part!r}"
    if says_why:
        assert error, f"{seen} says nothing on stderr"
'''

_INTERFACE_HEAD = '"""Checks what the modules promise to code that imports them."""\n'

_CONFTEST = '''\
"""Lets the tests import the product from the folder above, wherever they are run from."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
'''

STUB = """\
class _Stub:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return None

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Stub()
"""
"""A module that has every name and does nothing: a test that passes on it checks nothing."""


def render_suite(suite: Suite, unmet: frozenset[str] = frozenset()) -> dict[str, str]:
    """Render test files, path to source.

    Args:
        suite: the tests.
        unmet: ids of tests that the delivered product fails; they are marked as expected to, strictly, so that the
            suite is green today and says so on the day when one is mended.
    """
    commands = [test for test in suite.tests if isinstance(test.example, CommandExample)]
    interface = [test for test in suite.tests if isinstance(test.example, ApiExample)]
    files: dict[str, str] = {}
    if commands:
        head = _COMMANDS_HEAD
        if any(test.id in unmet for test in commands):
            head = head.replace("from pathlib import Path\n", "from pathlib import Path\n\nimport pytest\n")
        files["tests/test_commands.py"] = "\n\n".join([head, *(_marked(_command_test(t), t, unmet) for t in commands)])
    if interface:
        imports, functions = _interface_tests(interface)
        if any(test.id in unmet for test in interface) and "import pytest" not in imports.splitlines():
            imports = f"import pytest\n{imports}"
        marked = [_marked(function, test, unmet) for function, test in zip(functions, interface, strict=True)]
        files["tests/test_interface.py"] = "\n\n".join([f"{_INTERFACE_HEAD}\n{imports}\n", *marked])
    if files:
        files["tests/conftest.py"] = _CONFTEST
    return files


def _marked(function: str, test: PlannedTest, unmet: frozenset[str]) -> str:
    if test.id not in unmet:
        return function
    return f'@pytest.mark.xfail(reason="not met: see REPORT.md", strict=True)\n{function}'


def _docstring(test: PlannedTest) -> str:
    title = "".join(char if char.isprintable() else " " for char in test.title)
    text = " ".join(title.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'    """{test.criterion}: {text}{" " if text.endswith(chr(34)) else ""}"""'


def _command_test(test: PlannedTest) -> str:
    assert isinstance(test.example, CommandExample)
    lines = [f"def {test.name}(tmp_path):", _docstring(test)]
    for path, content in test.example.files.items():
        if "/" in path:
            lines.append(f"    (tmp_path / {path!r}).parent.mkdir(parents=True, exist_ok=True)")
        lines.append(f'    (tmp_path / {path!r}).write_text({content!r}, encoding="utf-8")')
    lines += [f"    expect({_call(step)}{_expectations(step)})" for step in test.example.steps]
    return "\n".join(lines) + "\n"


def _call(step: Step) -> str:
    words = ", ".join(repr(word) for word in step.argv[1:])
    return f"run(tmp_path, {words}{f', stdin={step.stdin!r}' if step.stdin else ''})"


def _expectations(step: Step) -> str:
    parts: list[str] = []
    if step.exit_code != 0:
        parts.append(f"exit_code={step.exit_code!r}")
    if step.stdout is not None:
        parts.append(f"stdout={step.stdout!r}")
    if step.stdout_contains:
        parts.append(f"stdout_contains={step.stdout_contains!r}")
    if step.stderr_contains:
        parts.append(f"stderr_contains={step.stderr_contains!r}")
    if step.says:
        parts.append(f"says={step.says!r}")
    if step.stderr_nonempty:
        parts.append("says_why=True")
    if step.lines_like:
        parts.append(f"like=({step.lines_like!r}, {pattern_of(step.lines_like)!r})")
    if step.fails:
        parts.append("fails=True")
    if step.refusable:
        parts.append("refusable=True")
    return "".join(f", {part}" for part in parts)


def _interface_tests(tests: Iterable[PlannedTest]) -> tuple[str, list[str]]:
    imports: dict[str, None] = {}
    functions: list[str] = []
    for test in tests:
        assert isinstance(test.example, ApiExample)
        body: list[ast.stmt] = []
        arguments = ""
        for node in ast.parse(test.example.code).body:
            if isinstance(node, ast.Import | ast.ImportFrom) and not _of_product(node):
                imports.setdefault(ast.unparse(node))
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                body += [n for n in node.body if not _is_docstring(n)]
                arguments = ", ".join(a.arg for a in node.args.args)
            else:
                body.append(node)
        statements = "\n".join(ast.unparse(node) for node in body) or "pass"
        if FOLDER in test.example.code and not arguments:
            arguments = FOLDER
        indented = "\n".join(f"    {line}" if line else "" for line in statements.splitlines())
        functions.append(f"def {test.name}({arguments}):\n{_docstring(test)}\n{indented}\n")
    ordered = sorted(imports, key=lambda line: (line.startswith("from "), line))
    return "\n".join(ordered), functions


def _of_product(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import may fail with the product: it stays in its test, so that one missing name fails one test."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name.split(".")[0] not in {*sys.stdlib_module_names, "pytest"} for name in names)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def stub_product(tree: Mapping[str, str], paths: Iterable[str], program: str | None) -> dict[str, str]:
    """A product that does nothing, with the given tests beside it.

    Args:
        tree: test files.
        paths: planned source files.
        program: the entry point; it becomes an empty program.
    """
    stubs = dict.fromkeys(paths, STUB)
    if program is not None:
        stubs[program] = ""
    return {**stubs, **tree}
