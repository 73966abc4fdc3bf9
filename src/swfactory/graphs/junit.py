"""Results of a test run, read from the JUnit XML that pytest writes."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from swfactory.domain.report import TestResult
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.requirements.examples import describe

__all__ = ["REPORTING", "JunitCase", "cases_of", "read_junit"]

REPORTING = ("--tb=short", "--showlocals")
"""Options of pytest that make it say what is read here."""

_STATEMENT = re.compile(
    r"^tests/[\w/]+\.py:\d+: in test_\w+\n    (?P<code>.+)(?P<rest>(?:\n(?!\S+\.py:\d+: ).*)*)", re.MULTILINE
)
_DIFFERENCE = re.compile(r"$|[-?] |\+ (?! where)")
_LOCAL = re.compile(r"^ {8}(\w+) +=\s(.{1,120})$", re.MULTILINE)

_NOISE = (
    (re.compile(r"0x[0-9a-f]{6,}"), "0x..."),
    (re.compile(r"/[\w./-]*/(?:box|tmp|pytest-of-\w+)/[\w./-]*/([\w.-]+)"), r"\1"),
    (re.compile(r"(?:/box|/tmp/pytest-of-\w+/pytest-\d+/\w+?)/"), ""),
    (re.compile(r"\bin \d+\.\d+s\b"), "in 0s"),
)


class JunitCase(NamedTuple):
    """One case of a report.

    Args:
        home: module and class of the test, dotted; empty for what failed before there was one.
        name: of the test, with its parameters in brackets.
        outcome: what came of it; an error is a failure.
        message: of the failure, in a line.
        text: of the failure, as pytest shows it.
    """

    home: str
    name: str
    outcome: Literal["passed", "failed", "skipped"]
    message: str = ""
    text: str = ""


def cases_of(xml: str) -> list[JunitCase]:
    """Return the cases of a JUnit report in order; none of one that is not whole, as a program leaves that ends pytest.

    Args:
        xml: the file pytest wrote; empty when it wrote none.
    """
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - no entities: expat refuses external ones, and it is capped
    except ElementTree.ParseError:
        return []
    return [_case(case) for case in root.iter("testcase")]


def _case(case: ElementTree.Element) -> JunitCase:
    home, name = case.get("classname") or "", case.get("name") or ""
    problem = next((child for child in case if child.tag in {"failure", "error"}), None)
    if problem is not None:
        return JunitCase(home, name, "failed", (problem.get("message") or "").strip(), problem.text or "")
    return JunitCase(home, name, "passed" if case.find("skipped") is None else "skipped")


def read_junit(xml: str, suite: Suite) -> tuple[TestResult, ...]:
    """Read results from pytest's JUnit XML; a planned test that is not in it did not run, which is an error.

    Args:
        xml: the file pytest wrote; empty when it wrote none.
        suite: the tests that should have run.
    """
    seen: dict[str, tuple[str, str]] = {}
    broken = ""
    for case in cases_of(xml):
        place = f"{case.home.replace('.', '/')}.py::{case.name}"
        if case.outcome != "failed":
            seen[place] = ("passed", "")
            continue
        message = _message(case)
        if not case.home or not case.name.startswith("test_c"):
            broken = message
        seen[place] = ("failed", message)
    return tuple(
        TestResult(id=test.id, criterion=test.criterion, origin=test.origin, outcome=outcome, message=told)
        for test in suite.tests
        for outcome, message in [seen.get(test.id, ("error", broken or "the test did not run"))]
        for told in [_not_raised(test) if "DID NOT RAISE" in message else message]
    )


def _not_raised(test: PlannedTest) -> str:
    """The call that should have raised: pytest shows the line above it."""
    return f"it should be that {describe(test.example)}, but nothing was raised"


def _message(case: JunitCase) -> str:
    """What a person would read of a failure: the failing line, what was seen, where in the product."""
    text, head = case.text, case.message
    lines = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    frames = re.findall(r"^((?!tests/)[\w/]+\.py):(\d+): (\w+)?", text, re.MULTILINE)
    if "`" in head and head.startswith("AssertionError: "):
        message = head.removeprefix("AssertionError: ").split("\nassert ")[0]
    else:
        # How two texts differ takes many lines and is seen from themselves.
        plain = [line for line in lines if not _DIFFERENCE.match(line)]
        message = _failing_call(text) + ("; ".join(dict.fromkeys(plain)) or head)
        if frames:
            message += f" (raised at {frames[-1][0]} line {frames[-1][1]})"
    for pattern, plain_text in _NOISE:
        message = pattern.sub(plain_text, message)
    return message[:500]


def _failing_call(text: str) -> str:
    """The statement of the test that failed, with what its variables were."""
    found = _STATEMENT.search(text)
    if found is None:
        return ""
    words = set(re.findall(r"[A-Za-z_]\w*", found["code"]))
    known = [f"{name} = {value}" for name, value in _LOCAL.findall(found["rest"]) if name in words and value[0] != "<"]
    return f"`{found['code']}`{' with ' + ', '.join(known) if known else ''}: "
