"""The tests that gate "done", before they are files."""

from __future__ import annotations

from swfactory.domain.spec import Example, Origin
from swfactory.domain.value import Value

__all__ = ["PlannedTest", "Suite"]


class PlannedTest(Value):
    """One test function.

    Args:
        name: name of the function, unique in the suite.
        criterion: id of the criterion it checks.
        title: what it checks, for its docstring.
        example: the check.
    """

    name: str
    criterion: str
    title: str
    example: Example

    @property
    def origin(self) -> Origin:
        """Whether its expectation is quoted from the requirement or derived."""
        return self.example.origin

    @property
    def path(self) -> str:
        """Path of its test file."""
        return "tests/test_commands.py" if self.example.kind == "command" else "tests/test_interface.py"

    @property
    def id(self) -> str:
        """Its pytest node id."""
        return f"{self.path}::{self.name}"


class Suite(Value):
    """All planned tests."""

    tests: tuple[PlannedTest, ...] = ()

    def without(self, dropped: frozenset[str]) -> Suite:
        """Leave out tests by id."""
        return Suite(tests=tuple(test for test in self.tests if test.id not in dropped))
