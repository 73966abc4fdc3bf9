"""Rewards by execution: the code of a reply must pass the row's tests, in the sandbox."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Sequence

from swfactory.domain.execution import Command, Limits
from swfactory.errors import PathEscapeError, ReplyError
from swfactory.finetune.rows import Prompt
from swfactory.graphs.junit import cases_of
from swfactory.ports import Sandbox
from swfactory.roles.fences import code_block

__all__ = ["Reward", "run_tests"]

Reward = Callable[[Sequence[Prompt], Sequence[str]], list[float]]
"""Scores each reply to its prompt."""

_TESTS = "test_reply.py"
_REPORT = "report.xml"


def run_tests(sandbox: Sandbox, *, seconds: float) -> Reward:
    """Return the reward that is the share of a row's test functions that the reply's code passes, in every case.

    Args:
        sandbox: where the code runs; it may do anything.
        seconds: most time of one reply.
    """

    def reward(rows: Sequence[Prompt], replies: Sequence[str]) -> list[float]:
        async def every() -> list[float]:
            return [await _passed(row, reply, sandbox, seconds) for row, reply in zip(rows, replies, strict=True)]

        return asyncio.run(every())

    return reward


async def _passed(row: Prompt, reply: str, sandbox: Sandbox, seconds: float) -> float:
    try:
        code = code_block(reply)
    except ReplyError:
        return 0.0
    command = Command(
        argv=("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={_REPORT}", _TESTS),
        files={row.module: code, _TESTS: row.tests},
        collect=(_REPORT,),
        limits=Limits(seconds=seconds),
    )
    try:
        execution = await sandbox.run(command)
    except PathEscapeError:
        return 0.0
    # A program that ends the test run early has not passed the tests that were never reached.
    planned = _planned(row.tests)
    return len(planned & _passed_tests(execution.files.get(_REPORT, ""))) / max(1, len(planned))


def _passed_tests(xml: str) -> set[str]:
    """Names of the test functions of which every case has passed."""
    cases = [(case.name.partition("[")[0], case.outcome) for case in cases_of(xml)]
    return {name for name, _ in cases} - {name for name, outcome in cases if outcome != "passed"}


def _planned(tests: str) -> set[str]:
    tree = ast.parse(tests)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions) and node.name.startswith("test")}
