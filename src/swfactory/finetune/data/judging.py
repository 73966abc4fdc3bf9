"""Many small test modules judged in one sandbox: pytest itself, each test under an alarm of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from swfactory.domain.execution import Command, Limits
from swfactory.domain.value import Value
from swfactory.errors import SandboxError
from swfactory.graphs.junit import cases_of
from swfactory.ports import Sandbox

__all__ = ["Case", "Judged", "judge"]

_SECONDS_A_TEST = 1
_BATCH = 100
_JUNIT = "junit.xml"
_OPTIONS = (
    *("-q", "--no-header", "--tb=long", "--continue-on-collection-errors", "-p", "no:cacheprovider"),
    *("-o", "python_files=case_*.py", "-o", "junit_family=xunit1"),
)
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_LINES = 14
_WIDTH = 160

_ALARM = "raise TimeoutError(str(exc)) from None"
_CONFTEST = f'''\
"""A test that does not end by itself is ended: faults often make loops endless."""

import signal

import pytest


class Endless(BaseException):
    """Not caught by what catches exceptions."""


def _ring(number, frame):
    raise Endless("the test did not end within {_SECONDS_A_TEST} second")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, {_SECONDS_A_TEST})  # of the processor: a busy machine changes nothing
    try:
        return (yield)
    except Endless as exc:
        {_ALARM}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
'''


class Case(Value):
    """A program and its tests.

    Args:
        code: the program.
        tests: functions of pytest that call what the program defines.
    """

    code: str
    tests: str


class Judged(Value):
    """What came of a case.

    Args:
        passed: whether every test passed.
        ran: whether pytest said something of it; a case that stopped the whole process did not run.
        output: of the first test that failed: its lines, as pytest shows them.
    """

    passed: bool
    ran: bool = True
    output: str = ""


_PROBE = Case(code="", tests="def test_probe():\n    pass\n")


def judge(cases: Sequence[Case], sandbox: Sandbox) -> list[Judged]:
    """Run each case's tests and return what came of them, in the same order.

    Must not be called where an event loop runs.

    Args:
        cases: programs with tests.
        sandbox: where they run.

    Raises:
        SandboxError: the sandbox runs nothing at all.
    """
    judged: list[Judged] = []
    for start in range(0, len(cases), _BATCH):
        batch = asyncio.run(_judge(cases[start : start + _BATCH], sandbox))
        if not any(case.ran for case in batch):
            (probe,) = asyncio.run(_judge([_PROBE], sandbox))
            if not probe.passed:
                raise SandboxError(f"the sandbox {sandbox.name!r} ran nothing: {probe.output}", hint="swf doctor")
        judged += batch
    return judged


async def _judge(cases: Sequence[Case], sandbox: Sandbox) -> list[Judged]:
    """One call of the sandbox; where a case ended the whole process, each half anew."""
    files = {f"case_{number:04}.py": f"{case.code}\n\n{case.tests}\n" for number, case in enumerate(cases)}
    done = await sandbox.run(
        Command(
            argv=("python", "-m", "pytest", *_OPTIONS, f"--junitxml={_JUNIT}"),
            files={**files, "conftest.py": _CONFTEST},
            env={"PYTHONHASHSEED": "0"},  # sets are shown in the same order each time
            collect=(_JUNIT,),
            limits=Limits(seconds=20 + 2 * len(cases), memory_mb=1024, output_kb=4096),
        )
    )
    report = _read(done.files.get(_JUNIT, "")) if done.verdict == "exited" else {}
    modules = [name.removesuffix(".py") for name in files]
    if report.keys() >= set(modules):
        return [report[module] for module in modules]
    if len(cases) == 1:
        return [Judged(passed=False, ran=False, output=done.stderr[-200:])]
    middle = len(cases) // 2
    return [*await _judge(cases[:middle], sandbox), *await _judge(cases[middle:], sandbox)]


def _read(junit: str) -> dict[str, Judged]:
    """Results by module; empty when the report is not whole."""
    found: dict[str, Judged] = {}
    for case in cases_of(junit):
        module = (case.home or case.name).rpartition(".")[2] or case.name
        known = found.get(module)
        if case.outcome != "failed":
            found[module] = known or Judged(passed=True)
        elif known is None or known.passed:
            found[module] = Judged(passed=False, output=_shown(case.text, case.name or module))
    return found


def _shown(text: str, name: str) -> str:
    """The lines of a failure that say what was asked, what came, and where; the rest is the function, known anyway."""
    text = _ADDRESS.sub("0x...", text)
    lines = [line[:_WIDTH].rstrip() for line in text.splitlines() if line.startswith((">", "E ")) and _tells(line)]
    return "\n".join([*lines[:_LINES], f"FAILED test_solution.py::{name}"])


def _tells(line: str) -> bool:
    """Whether a line says something: not an empty one, advice on pytest's options, or our own alarm."""
    return len(line.split()) > 1 and "Use -v to get" not in line and _ALARM not in line
