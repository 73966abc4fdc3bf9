"""What a line of output looks like."""

from __future__ import annotations

import re

import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.command_walks import command_walk
from swfactory.requirements.shapes import (
    aggregating,
    bare_walks,
    output_shapes,
    pattern_of,
    shape_of,
    stated_parts,
    with_lines,
    with_shapes,
)

TEXT = (
    "`python main.py add 3 tea` saves. `python main.py sum` prints the total with two decimals, `python main.py list` "
    "prints one line per item as `3: tea [hot]`, `python main.py find WORD` prints those with WORD in the same form. "
    "`python main.py count` prints the number of items, `python main.py show 1` prints `tea`."
)


def test_shapes_by_subcommand() -> None:
    assert output_shapes(TEXT) == {
        "sum": "0.00",
        "list": "3: tea [hot]",
        "find": "3: tea [hot]",
        "count": "0",
        "show": "tea",
    }
    no_store = TEXT.replace("saves", "answers")
    assert "show" not in output_shapes(no_store), "what is printed of nothing is the whole output"


def test_subcommands_that_are_listed() -> None:
    text = "The subcommands are size NAME (prints a number) and seek TEXT (lines `NAME | SIZE` sorted by name)."
    assert output_shapes(text) == {"size": "0", "seek": "NAME | SIZE"}


def test_chinese() -> None:
    text = "`python main.py sum` 打印总额，保留两位小数；`python main.py list` 每行打印一条，格式为 `3: 茶`。"
    assert output_shapes(text) == {"sum": "0.00", "list": "3: 茶"}


def test_a_program_without_subcommands() -> None:
    assert output_shapes("`python main.py FILE` prints each range on a line like `1-8`.") == {"": "1-8"}
    text = "`python main.py FILE` prints lines like `1-8`. `python main.py FILE --x` prints 3."
    assert output_shapes(text) == {"": "1-8", "--x": ""}
    assert [shape_of(words, output_shapes(text)) for words in (["FILE"], ["FILE", "--x"], ["--y", "FILE"])] == [
        "1-8",
        "",
        "",
    ]
    same = "`python main.py FILE` prints lines like `1-8`. `python main.py X` prints lines like `3`."
    assert output_shapes(same) == {}


def test_what_is_shown_after_like_is_a_line() -> None:
    text = "`python main.py FILE --top N` prints the N most frequent words with their counts, like `the 3`."
    assert output_shapes(text) == {"": "the 3"}
    assert output_shapes("`python main.py FILE` fails when it gets words like `the`.") == {}


def test_several_lines_are_the_whole_output() -> None:
    text = "`python main.py FILE` prints three lines: `lines: N`, `words: N` (as wc does) and `longest: WORD`."
    shape = output_shapes(text)[""]
    assert shape == "lines: N\nwords: N\nlongest: WORD"
    assert re.fullmatch(pattern_of(shape), "lines: 3\nwords: 12\nlongest: river")
    for wrong in ("lines: 3\nwords: 12", "words: 12\nlines: 3\nlongest: river", "Lines: 3\nwords: 12\nlongest: a"):
        assert not re.fullmatch(pattern_of(shape), wrong)
    assert output_shapes("`python main.py FILE` 打印两行：`总数: N` 和 `最大: N`。")[""] == "总数: N\n最大: N"
    walk = CommandExample(files={"a": "b"}, steps=(Step(argv=("python", "main.py", "a"), exit_code=None),))
    assert with_shapes(walk, {"": shape}).steps[0].lines_like == shape


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        ("food: 12.50", ["rent: 700.00", "two words: -1.25"], ["rent 700.00", "rent: 700", "rent: 7.5"]),
        ("0.00", ["720.00", "-3.10"], ["Total: 720.00", "720", "720.000"]),
        ("1: text [urgent, work]", ["12: Pay rent", "1: a [b]"], ["Pay rent", "1 a"]),
        ("a -> b -> c", ["x -> y", "x -> y -> z -> w"], ["x y"]),
        ("NAME | SIZE", ["a | b"], ["a b"]),
        ("2024-01-31 09:00 周会", ["2025-12-01 10:30 复盘"], ["周会"]),
    ],
)
def test_patterns(shape: str, good: list[str], bad: list[str]) -> None:
    pattern = pattern_of(shape)
    assert [line for line in (*good, *bad) if re.fullmatch(pattern, line)] == good


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
