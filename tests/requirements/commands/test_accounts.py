"""What a sentence says of one command."""

import pytest

from swfactory.domain.spec import Step
from swfactory.requirements.commands.accounts import account_of

ARGV = ("python", "main.py", "cup")


def step(said: str, text: str = "") -> Step | None:
    account = account_of(said, text)
    return account.step(ARGV) if account else None


@pytest.mark.parametrize(
    ("said", "checks"),
    [
        (" prints `tea`.", {"stdout": "tea"}),
        (" prints `tea`, `milk` and exits.", {"stdout_contains": ("tea", "milk")}),
        (" prints `no tea` to stderr.", {"stderr_contains": ("no tea",), "exit_code": None, "refusable": True}),
        (" prints `no tea` and fails.", {"says": ("no tea",), "exit_code": None, "refusable": True}),
        (" exits with status 3.", {"exit_code": 3, "stderr_nonempty": True}),
        (" prints `1` or `2` and exits with status 3.", {"exit_code": 3}),
        (" exits with a non-zero status.", {"exit_code": None, "fails": True, "refusable": True}),
    ],
)
def test_each_fact_is_checked_where_it_shows(said: str, checks: dict[str, object]) -> None:
    assert step(said) == Step.model_validate({"argv": ARGV, **checks})


def test_values_below_each_other_are_all_of_the_output() -> None:
    said = " prints `tea` and `milk`."
    assert step(said, "Prints one per line.") == Step(argv=ARGV, stdout="tea\nmilk")


@pytest.mark.parametrize("said", [" works.", " prints its help.", " exits with status 1 or 2.", ""])
def test_what_is_not_literal_is_nothing(said: str) -> None:
    assert step(said) is None
