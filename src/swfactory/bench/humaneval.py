"""HumanEval: one prompt against another way of writing a function, on the same problems with the same model."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.resources import files as resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from swfactory.bench.arms import ask_once
from swfactory.bench.blocks import fenced_blocks
from swfactory.bench.machine import factory_commit
from swfactory.bench.pairs import Answer, paired_table
from swfactory.bench.problems import Problem, judge
from swfactory.bench.results import ResultFolder
from swfactory.domain.budget import Budget, Usage
from swfactory.domain.requirement import Requirement
from swfactory.domain.value import Value
from swfactory.errors import ModelError, ModelUnavailable
from swfactory.ports import Sandbox

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["REPLY_TOKENS", "Solution", "Solver", "code_of", "one_prompt", "question", "repaired", "run_humaneval"]

REPLY_TOKENS = 1024
"""Most tokens of a reply: several times what a function takes."""


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


def question(prompt: str) -> str:
    """Return the message that asks for a function.

    Args:
        prompt: imports, signature and docstring.
    """
    template = resources("swfactory.bench").joinpath("prompts/humaneval.txt").read_text(encoding="utf-8")
    return template.format(prompt=prompt.strip())


def one_prompt(model: BaseChatModel, *, seed: int, max_tokens: int = REPLY_TOKENS) -> Solver:
    """Return the baseline: one greedy reply, taken as it is.

    Args:
        model: chat model.
        seed: seed of the sample.
        max_tokens: most tokens to generate.
    """

    async def solve(prompt: str, entry_point: str) -> Solution:
        reply, usage = await ask_once(model, question(prompt), seed=seed, max_tokens=max_tokens)
        return Solution(code=code_of(reply, entry_point), usage=usage)

    return solve


def repaired(model: BaseChatModel, sandbox: Sandbox, *, seed: int, budget: Budget) -> Solver:
    """Return the factory's engineer: the function is tested by the examples in its docstring, and repaired.

    Args:
        model: chat model.
        sandbox: where the examples run.
        seed: seed of every sample.
        budget: bounds of each problem.
    """

    async def solve(prompt: str, entry_point: str) -> Solution:
        from swfactory.graphs import solving
        from swfactory.graphs.context import FactoryContext
        from swfactory.workspace.git import GitWorkspace
        from swfactory.workspace.objects import FileObjectStore

        template = resources("swfactory.bench").joinpath("prompts/function.txt").read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            workspace = GitWorkspace(Path(folder) / "workspace.git", epoch=0)
            objects = FileObjectStore(Path(folder) / "objects")
            context = FactoryContext(
                requirement=Requirement.parse(template.format(module=solving.MODULE, prompt=prompt.strip())),
                models={"*": model},
                sandbox=sandbox,
                workspace=workspace,
                objects=objects,
                budget=budget,
                seed=seed,
            )
            begin = solving.start(prompt, entry_point, objects)
            final = await solving.build().compile().ainvoke(begin, context=context)
            code = workspace.tree(final["commit"]).get(solving.MODULE, "") if final.get("commit") else ""
        return Solution(code=code, usage=sum(final["usage"].values(), Usage()))

    return solve


def code_of(reply: str, entry_point: str) -> str:
    """Return the block of a reply that defines a function; its first one, or all of it, when none does.

    Args:
        reply: what the model said.
        entry_point: name of the function.
    """
    bodies = [block.body for block in fenced_blocks(reply)] or [reply]
    return next((body for body in bodies if re.search(rf"\bdef {entry_point}\b", body)), bodies[0])


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
        factory=factory_commit(),
        usage=solution.usage,
        seconds=seconds,
        note=verdict or "",
        passed=verdict is None,
        code=solution.code,
    )
