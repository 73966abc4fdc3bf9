"""What independent candidates agree on becomes what the tests expect.

The test engineer says how the product is used, not what it answers, because a small model guesses answers wrong. But
when most of several programs, written independently, answer alike, that answer is most likely right (dual execution
agreement: Chen et al. 2022, arXiv:2207.10397).
"""

from __future__ import annotations

import ast
import inspect
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from swfactory.domain.execution import Command, Limits
from swfactory.domain.spec import FOLDER, ApiExample, CommandExample
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs import observer
from swfactory.graphs.desk import Desk

__all__ = ["Observations", "agree", "is_smoke", "observe", "strengthen"]

Observations = Mapping[str, Sequence[str | None]]
"""Test id to what each of its commands printed; None where it failed."""

_SHARE = 0.6
_LEAST = 3
_LONGEST = 600


def is_smoke(example: ApiExample | CommandExample) -> bool:
    """Whether an example only asks that nothing goes wrong, and says nothing of what is answered."""
    if isinstance(example, CommandExample):
        return not any(step.stdout is not None or step.complains for step in example.steps)
    return "assert " not in example.code and "pytest.raises" not in example.code


async def observe(desk: Desk, sources: Mapping[str, str], suite: Suite) -> Observations:
    """Run the smoke tests of a suite beside a product and return what they print.

    Args:
        desk: the node's desk.
        sources: the product without its tests.
        suite: the tests.
    """
    probes = {test.id: probe for test in suite.tests if (probe := _probe(test)) is not None}
    if not probes:
        return {}
    files = {"probes.json": json.dumps(probes), "observer.py": inspect.getsource(observer)}
    done = await desk.run(
        Command(
            argv=("python", "observer.py"),
            files={**sources, **files},
            collect=("observations.json",),
            limits=Limits(seconds=10 + observer.SECONDS * len(probes)),
            packages=desk.state.get("packages") or None,
        )
    )
    try:
        seen = json.loads(done.files.get("observations.json", "{}"))
    except ValueError:
        return {}
    return {name: seen[name] for name in probes if isinstance(seen.get(name), list)}


def _probe(test: PlannedTest) -> dict[str, object] | None:
    example = test.example
    if not is_smoke(example):
        return None
    if isinstance(example, CommandExample):
        return {"files": example.files, "commands": [[step.argv, step.stdin] for step in example.steps]}
    answer = _answer(example.code)
    if answer is None:
        return None
    before, expression = answer
    folder = f"import pathlib\n{FOLDER} = pathlib.Path().resolve()\n" if FOLDER in example.code else ""
    return {"files": {}, "commands": [[("python", "-c", f"{folder}{before}\nprint(repr({expression}))"), ""]]}


def _answer(code: str) -> tuple[str, str] | None:
    """Split a snippet into what comes before and its last expression; None when it ends with something else."""
    *before, last = ast.parse(code).body
    if isinstance(last, ast.With) and len(last.body) == 1:  # what may also raise
        last = last.body[0]
    if not isinstance(last, ast.Expr):
        return None
    return "\n".join(map(ast.unparse, before)), ast.unparse(last.value)


def agree(observed: Sequence[Observations]) -> dict[str, list[str | None]]:
    """Return what most candidates printed, test by test and command by command; None where they do not agree.

    Those that fail have no answer, and count only against one that no more of them give: what most refuse may rightly
    be refused.
    """
    agreed: dict[str, list[str | None]] = {}
    for name in dict.fromkeys(name for seen in observed for name in seen):
        rows = [seen[name] for seen in observed if name in seen]
        width = max(map(len, rows))
        agreed[name] = [_mode([row[i] for row in rows if i < len(row)], len(observed)) for i in range(width)]
    return agreed


def _mode(outputs: Sequence[str | None], voters: int) -> str | None:
    answers = [out.strip() for out in outputs if out is not None]
    counted = Counter(out for out in answers if " at 0x" not in out and len(out) < _LONGEST)
    best, count = next(iter(counted.most_common(1)), ("", 0))
    least = max(_LEAST, ceil(_SHARE * len(answers)))
    return best if count >= least and count > voters - len(answers) else None


def strengthen(suite: Suite, agreed: Observations) -> Suite:
    """Let smoke tests expect what was agreed on; their names stay.

    A command that the requirement shows with an error is not voted on: its error is no answer.
    """
    return Suite(tests=tuple(_stronger(test, agreed.get(test.id, ())) for test in suite.tests))


def _stronger(test: PlannedTest, outputs: Sequence[str | None]) -> PlannedTest:
    example = test.example
    if not any(out is not None for out in outputs):
        return test
    if isinstance(example, CommandExample):
        shown = example.origin == "quoted"
        steps = tuple(
            step
            if out is None or (shown and step.exit_code is None)
            else step.model_copy(update={"stdout": out, "exit_code": 0, "lines_like": ""})
            for step, out in zip(example.steps, outputs, strict=False)
        )
        if len(steps) != len(example.steps):
            return test
        return test.model_copy(update={"example": example.model_copy(update={"steps": steps})})
    answer = _answer(example.code)
    if answer is None or outputs[0] in {None, "", "None"} or "\n" in str(outputs[0]):
        return test  # nothing is answered, or something else is printed beside the answer
    before, expression = answer
    seen = str(outputs[0])
    left, right = (expression, seen) if _is_literal(seen) else (f"repr({expression})", repr(seen))
    # An answer such as `'b' in subject` would be read as a part of a longer comparison.
    compound = not isinstance(ast.parse(left, mode="eval").body, ast.Call | ast.Name | ast.Subscript | ast.Attribute)
    code = f"{before}\n\nassert {f'({left})' if compound else left} == {right}\n"
    return test.model_copy(update={"example": example.model_copy(update={"code": code})})


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
