"""What the machine found: results of tests and findings of checkers."""

from __future__ import annotations

from typing import Literal

from swfactory.domain.spec import Origin
from swfactory.domain.value import Value

__all__ = ["Finding", "Outcome", "TestReport", "TestResult"]

Outcome = Literal["passed", "failed", "error", "dropped"]


class Finding(Value):
    """Something a checker or reviewer says about a file.

    Args:
        tool: who says it: ``compile``, ``import``, ``interface``, ``lint``, ``review``, ``sandbox``, ``security``.
        path: file it is about; empty for the whole product.
        line: line number from 1; 0 when unknown.
        message: what is wrong.
        blocking: whether the product is broken by it.
    """

    tool: str
    path: str = ""
    line: int = 0
    message: str
    blocking: bool = True


class TestResult(Value):
    """Result of one test.

    Args:
        id: pytest node id below the project root.
        criterion: id of the criterion it checks; empty when it checks none.
        origin: whether its expectation is quoted from the requirement or derived by a role.
        outcome: how it ended; ``dropped`` when the test itself was judged wrong.
        message: the failure, trimmed.
    """

    __test__ = False

    id: str
    criterion: str = ""
    origin: Origin = "derived"
    outcome: Outcome
    message: str = ""


class TestReport(Value):
    """Results of one run of all tests."""

    __test__ = False

    results: tuple[TestResult, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> int:
        """Number of tests that passed."""
        return sum(r.outcome == "passed" for r in self.results)

    @property
    def total(self) -> int:
        """Number of tests that count: all but the dropped ones."""
        return sum(r.outcome != "dropped" for r in self.results)

    @property
    def green(self) -> bool:
        """Whether nothing blocks and every test that counts passed."""
        return self.passed == self.total and not any(f.blocking for f in self.findings)
