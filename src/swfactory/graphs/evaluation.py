"""Judging a candidate: machine checks, the tests in the sandbox, and a score that tells better from worse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from swfactory.domain.design import Design
from swfactory.domain.execution import Command, Execution, Limits
from swfactory.domain.report import Finding, TestReport, TestResult
from swfactory.domain.suite import Suite
from swfactory.domain.value import Value
from swfactory.graphs.desk import Desk
from swfactory.graphs.junit import REPORTING, read_junit
from swfactory.graphs.lookup import exports_of
from swfactory.graphs.state import Votes
from swfactory.programs.argument_parser import ARGUMENTS, parser_module
from swfactory.programs.canned_answers import canned_answers
from swfactory.programs.checks import check_sources
from swfactory.programs.testfiles import render_suite
from swfactory.programs.tidy import tidy
from swfactory.roles import blueprint

__all__ = ["Candidate", "count_votes", "evaluate", "has_say", "problems", "run_suite", "score", "wrong_tests"]

_JUNIT = "junit.xml"
_JURY = 8
_PROBLEMS = 4


class Candidate(Value):
    """A product and what the machine says of it.

    Args:
        sources: its files without the tests, path to text.
        report: results and findings.
    """

    sources: dict[str, str]
    report: TestReport

    @property
    def digest(self) -> str:
        """SHA-256 of the sources: the same program twice is one candidate."""
        return hashlib.sha256(json.dumps(self.sources, sort_keys=True).encode()).hexdigest()


async def run_suite(desk: Desk, product: Mapping[str, str], suite: Suite) -> tuple[tuple[TestResult, ...], Execution]:
    """Run tests beside a product in the sandbox.

    Raises:
        SandboxError: the sandbox cannot be set up.
    """
    if not suite.tests:
        return (), Execution(exit_code=0)
    command = Command(
        argv=("python", "-m", "pytest", "-q", *REPORTING, f"--junitxml={_JUNIT}", "-p", "no:cacheprovider", "tests"),
        files={**product, **render_suite(suite)},
        collect=(_JUNIT,),
        limits=Limits(seconds=20 + 2 * len(suite.tests)),
        packages=desk.state.get("packages") or None,
    )
    done = await desk.run(command)
    results = read_junit(done.files.get(_JUNIT, ""), suite)
    if done.verdict != "exited":
        said = f"the run was stopped: {done.verdict} limit"
        results = tuple(r.model_copy(update={"message": said}) if r.outcome == "error" else r for r in results)
    return results, done


async def evaluate(desk: Desk, sources: Mapping[str, str], suite: Suite, packages: Sequence[str] = ()) -> Candidate:
    """Check a product and run its tests; it is tidied first, and a parser that nobody uses is left out.

    Args:
        desk: the node's desk.
        sources: the product without its tests.
        suite: tests that still count.
        packages: importable third-party modules.
    """
    used = {path: text for path, text in sources.items() if path != ARGUMENTS or _mentions_parser(sources)}
    if ARGUMENTS in used and (made := _parser(desk)):
        used[ARGUMENTS] = made  # its arguments are named anew after each program that uses it
    fixed = tidy(used, _ready_made(desk), exports_of(desk))
    findings = list(check_sources(fixed, packages))
    results, done = await run_suite(desk, fixed, suite)
    canned = canned_answers(fixed, suite)
    results = tuple(
        r.model_copy(update={"outcome": "failed", "message": canned[r.id]})
        if r.outcome == "passed" and r.id in canned
        else r
        for r in results
    )
    if done.verdict != "exited":
        text = f"the tests were stopped at the {done.verdict} limit"
        findings.append(Finding(tool="sandbox", message=text))
    report = TestReport(results=results, findings=tuple(findings))
    desk.tell(
        "test",
        f"{report.passed} of {report.total} tests pass",
        passed=report.passed,
        total=report.total,
        seconds=done.seconds,
        results=[r.model_dump(mode="json") for r in results],
        findings=[f.model_dump(mode="json") for f in findings],
    )
    return Candidate(sources=fixed, report=report)


def _ready_made(desk: Desk) -> list[str]:
    """Paths of the run's files that no model writes, and that no program can do without."""
    plan = desk.load("design", Design) if desk.state.get("design") else None
    files = [file for file in plan.files if file.path != ARGUMENTS] if plan else []
    return [file.path for file in files if plan and blueprint.ready_made(desk.requirement, plan, file)]


def _parser(desk: Desk) -> str:
    """The ready-made parser of the run's requirement; empty when it has none."""
    plan = desk.load("design", Design) if desk.state.get("design") else None
    if plan is None or plan.entry_point is None:
        return ""
    return parser_module(desk.requirement.text, plan.entry_point, plan.arguments)


def _mentions_parser(sources: Mapping[str, str]) -> bool:
    """Whether some file uses the ready-made parser; a model may do without."""
    return any(path != ARGUMENTS and "parse_args" in text for path, text in sources.items())


def score(report: TestReport) -> tuple[int, int, int, int]:
    """Rank a report: quoted tests first, then files that can't be read, then what else blocks, then derived tests."""
    quoted = sum(r.outcome == "passed" for r in report.results if r.origin == "quoted")
    blocking = sum(f.blocking for f in report.findings)
    derived = sum(r.outcome == "passed" for r in report.results if r.origin != "quoted")
    unreadable = sum(f.tool == "compile" for f in report.findings)
    return quoted, -unreadable, -blocking, derived


def has_say(candidate: Candidate) -> bool:
    """Whether a candidate has a say in what is not known: it gets right all that the requirement says itself."""
    report = candidate.report
    known = all(result.outcome == "passed" for result in report.results if result.origin != "derived")
    return known and not any(finding.blocking for finding in report.findings)


def count_votes(votes: Votes, candidate: Candidate) -> Votes:
    """Add a candidate's results; one that does not even compile has no say."""
    if any(f.tool in {"compile", "sandbox"} for f in candidate.report.findings):
        return votes
    counted = {key: list(value) for key, value in votes.items()}
    for result in candidate.report.results:
        passed, total = counted.get(result.id, [0, 0])
        counted[result.id] = [passed + (result.outcome == "passed"), total + 1]
    return counted


def wrong_tests(votes: Votes, best: TestReport) -> frozenset[str]:
    """Derived tests that no candidate of a full jury passes, though the best one does all that is quoted.

    A role's reading of the requirement can be wrong; when independent programs agree against it, it most likely is
    (dual execution agreement, Chen et al. 2022, arXiv:2207.10397). Where they agree against several tests, more than a
    third of what was derived, it is rather the programs that share a fault.
    """
    sound = all(r.outcome == "passed" for r in best.results if r.origin == "quoted")
    if not sound or any(f.blocking for f in best.findings):
        return frozenset()
    derived = [r for r in best.results if r.origin == "derived"]
    wrong = frozenset(
        r.id
        for r in derived
        if r.outcome != "passed" and votes.get(r.id, [0, 0])[0] == 0 and votes.get(r.id, [0, 0])[1] >= _JURY
    )
    return wrong if len(wrong) <= max(1, len(derived) // 3) else frozenset()


def problems(report: TestReport) -> list[str]:
    """What a repair should know, most important first, each once."""
    found = [f"{f.path} line {f.line}: {f.message}" if f.path else f.message for f in report.findings if f.blocking]
    failed = [r for r in report.results if r.outcome in {"failed", "error"}]
    failed.sort(key=lambda r: r.origin != "quoted")
    found += [r.message for r in failed]
    return list(dict.fromkeys(found))[:_PROBLEMS]
