"""Listings show what was put in."""

import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.entries import with_entries


def listed(*commands: str) -> list[tuple[str, ...]]:
    """What each command must show."""
    steps = tuple(Step(argv=("python", "main.py", *command.split()), exit_code=None) for command in commands)
    return [step.stdout_contains for step in with_entries(CommandExample(steps=steps)).steps]


def test_a_listing_shows_every_entry() -> None:
    assert listed("add 张三 138", "add 李四 139", "list") == [(), (), ("张三", "李四")]
    assert listed("add 12.50 food", "list", "add 3 rent", "list") == [(), (), (), ("food", "rent")]


@pytest.mark.parametrize(
    "commands",
    [
        ("add milk", "list"),  # one entry
        ("add milk", "add milk", "list"),  # the same again
        ("add milk", "add bread", "done 1", "list"),  # something was done in between
        ("add milk", "add bread", "list --all"),
        ("add 1", "add 2", "list"),  # numbers may be shown otherwise
        ("3", "list"),
    ],
)
def test_what_may_be_shown_in_another_way_is_not_expected(commands: tuple[str, ...]) -> None:
    assert not any(listed(*commands))


def test_what_is_said_of_a_listing_stays() -> None:
    put = [Step(argv=("python", "main.py", "add", word)) for word in ("milk", "bread")]
    shown = Step(argv=("python", "main.py", "list"), stdout="2 entries")
    session = CommandExample(steps=(*put, shown))
    assert with_entries(session) == session
