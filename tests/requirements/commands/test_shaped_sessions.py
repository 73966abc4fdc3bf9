"""Sessions whose commands print what looks like what the requirement shows."""

from __future__ import annotations

import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.command_walks import command_walk
from swfactory.requirements.commands.shaped_sessions import (
    bare_walks,
    before_changes,
    stated_parts,
    with_lines,
    with_shapes,
)
from swfactory.requirements.commands.shapes import aggregating, output_shapes


def test_only_what_nothing_else_is_said_of() -> None:
    steps = (Step(argv=("python", "main.py", "sum")), Step(argv=("python", "main.py", "sum"), stdout="1.00"))
    example = with_shapes(CommandExample(steps=(*steps, Step(argv=("python", "main.py", "add", "x")))), {"sum": "0.00"})
    assert [step.lines_like for step in example.steps] == ["0.00", "", ""]


def walk(*commands: str) -> CommandExample:
    return CommandExample(steps=tuple(Step(argv=("python", "main.py", *line.split())) for line in commands))


@pytest.mark.parametrize(
    ("commands", "known"),
    [
        (["add 3 tea --tag hot", "list"], True),
        (["add 3 tea --tag hot", "list", "list --tag hot"], True),
        (["add 3 tea --tag hot", "list --tag ho"], True),
        (["add 3 tea --tag hot", "list --tag cold"], False),
        (["add 3 tea --tag hot", "add 3 tea --tag hot", "list"], False),
        (["add 4 tea --tag hot", "list"], False),
        (["list"], False),
    ],
    ids=["all", "after reading", "found by a part", "not found", "two", "other words", "nothing"],
)
def test_a_line_of_what_one_command_put_in_is_the_whole_output(commands, known) -> None:
    last = with_shapes(walk(*commands), {"list": "3: tea [hot]"}).steps[-1]
    assert (last.stdout, last.lines_like) == (("3: tea [hot]\n", "") if known else (None, "3: tea [hot]"))


@pytest.mark.parametrize(
    ("said", "bare"),
    [("(without brackets when there are none)", True), ("(no brackets if there are none)", True), ("(sorted)", False)],
)
def test_what_is_left_out_without_options_is_tested(said, bare):
    text = (
        f"`python main.py add milk --mark a` adds, `python main.py list` prints one line each as `1: milk [a]` {said}, "
        "`python main.py list --mark a` those with a mark, `python main.py find WORD` finds, in the same form."
    )
    shapes = output_shapes(text)
    walks = bare_walks(text, with_shapes(command_walk(text, "main.py"), shapes), shapes)
    seen = [([step.argv[2:] for step in walk.steps], walk.steps[-1].stdout) for walk in walks]
    add = ("add", "milk")
    assert seen == ([([add, ("list",)], "1: milk\n"), ([add, ("find", "milk")], "1: milk\n")] if bare else [])


def test_no_vote_drops_what_the_requirement_shows_as_a_whole():
    text = (
        "`python main.py add milk` adds, `python main.py list` prints lines like `1: milk`, `python main.py drop` ends."
    )
    walk = with_shapes(command_walk(text, "main.py"), output_shapes(text))
    (part,) = stated_parts(walk)
    assert (part.origin, [step.argv[2] for step in part.steps]) == ("stated", ["add", "list"])
    assert stated_parts(CommandExample(steps=walk.steps[:1])) == ()


def test_of_one_entry_the_sum_is_its_own():
    text = (
        "`python main.py add 2024-03-05 3.5` adds, `python main.py sum` prints the total with two decimals, "
        "`python main.py sum --month 2024-03` of a month, `python main.py sum --month 2024-04` too, "
        "`python main.py count` prints how many there are."
    )
    walk = with_shapes(command_walk(text, "main.py"), output_shapes(text), aggregating(text))
    assert [step.stdout for step in walk.steps] == [None, "3.50\n", "3.50\n", None, None]


def test_of_two_entries_nothing_is_known():
    text = "`python main.py add 3.5` adds, `python main.py sum` prints the total with two decimals."
    commands = [("add", "3.5"), ("add", "4"), ("sum",)]
    example = CommandExample(steps=tuple(Step(argv=("python", "main.py", *words)) for words in commands))
    last = with_shapes(example, output_shapes(text), aggregating(text)).steps[-1]
    assert (last.stdout, last.lines_like) == (None, "0.00")


def marked(text: str) -> list[tuple[str, ...]]:
    walk = command_walk(text, "main.py")
    assert walk is not None
    return [step.stdout_contains for step in with_lines(text, walk).steps]


def test_lines_that_name_what_a_command_was_given_are_its_own():
    text = "`python main.py mark --from 1 3 8` prints one line per number, `3 low` or `8 high`."
    assert marked(text) == [("3 low", "8 high")]
    assert marked(text.replace("3 8", "2 9")) == [()]
    assert marked(text.replace("`8 high`", "nothing")) == [()]
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [part.origin for part in stated_parts(with_lines(text, walk))] == ["stated"]


def test_several_lines_are_all_that_is_printed() -> None:
    shape = "lines: N\nwords: N"
    walk = CommandExample(files={"a": "b"}, steps=(Step(argv=("python", "main.py", "a"), exit_code=None),))
    assert with_shapes(walk, {"": shape}).steps[0].lines_like == shape


DONE = (
    'Keeps tasks in t.json. `python t.py add "Buy milk"` adds one, `python t.py done 1` marks it and prints '
    "`Done: Buy milk`, `python t.py list` prints every open task as `1. Buy milk`."
)


def test_what_was_changed_is_not_shown_as_before() -> None:
    walk, shapes = command_walk(DONE, "t.py"), output_shapes(DONE)
    assert walk is not None
    assert [step.stdout for step in with_shapes(walk, shapes).steps] == [None, None, None]
    (before,) = before_changes(walk, shapes)
    assert [step.argv[2:] for step in before.steps] == [("add", "Buy milk"), ("list",)]
    assert (before.origin, before.steps[-1].stdout) == ("stated", "1. Buy milk\n")
