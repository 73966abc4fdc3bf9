"""Examples in words: what a check does and sees, in one line that a model or a person reads."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterable

from swfactory.domain.spec import ApiExample, CommandExample, Example, Step

__all__ = ["describe", "describe_all"]


def describe_all(examples: Iterable[Example], limit: int) -> list[str]:
    """Describe the examples that see something, those that are quoted first, each line once."""
    ordered = sorted(examples, key=lambda example: (example.origin != "quoted", _steps(example)))
    return list(dict.fromkeys(line for example in ordered if (line := describe(example))))[:limit]


def _steps(example: Example) -> int:
    return len(example.steps) if isinstance(example, CommandExample) else 1


def describe(example: Example) -> str:
    """Describe an example; empty when all it asks is that nothing goes wrong.

    Examples:
        ``"`python main.py 5 km m` prints `5000.00`"``, ``"`encode('a1')` raises ValueError"``
    """
    return _command(example) if isinstance(example, CommandExample) else _call(example)


def _command(example: CommandExample) -> str:
    *before, last = example.steps
    seen = _seen(last)
    if not seen:
        return ""
    after = "after " + ", ".join(f"`{shlex.join(step.argv)}`" for step in before) + ": " if before else ""
    piped = f" with {last.stdin!r} on stdin" if last.stdin else ""
    return f"{after}`{shlex.join(last.argv)}`{piped} {' and '.join(seen)}"


def _seen(step: Step) -> list[str]:
    seen: list[str] = []
    if step.stdout is not None:
        seen.append(f"prints `{step.stdout}`" if "\n" not in step.stdout else f"prints {step.stdout!r}")
    seen += [f"prints something with `{part}`" for part in step.stdout_contains]
    if step.exit_code:
        seen.append(f"exits with status {step.exit_code}")
    if step.fails:
        seen.append("exits with a status other than 0")
    seen += [f"says something with `{part}` on stderr" for part in step.stderr_contains]
    seen += [f"says something with `{part}`" for part in step.says]
    if step.stderr_nonempty and not step.stderr_contains:
        seen.append("says why on stderr")
    return seen


def _call(example: ApiExample) -> str:
    lines: list[str] = []
    for node in ast.parse(example.code).body:
        match node:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.With(items=[item], body=body) if "pytest.raises" in ast.unparse(item):
                expected = ast.unparse(item).removeprefix("pytest.raises(").removesuffix(")")
                lines.append(f"{'; '.join(map(ast.unparse, body))}` raises {expected}")
            case ast.Assert(test=test):
                lines.append(f"{ast.unparse(test)}`")
            case _:
                lines.append(ast.unparse(node))
    return f"`{'; '.join(lines)}" if lines and "`" in lines[-1] else ""
