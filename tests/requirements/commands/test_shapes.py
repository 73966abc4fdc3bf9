"""What a line of output looks like."""

from __future__ import annotations

import re

import pytest

from swfactory.requirements.commands.shapes import output_shapes, pattern_of, shape_of

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


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ("ends it and prints nothing", ""),
        ("prints its length as `1:30`", "1:30"),
        ("ends the running entry and prints its length as `1:30`", "1:30"),
        ("prints the new count `A1: 7`", "A1: 7"),
        ("prints the new count as `A1: 7` does", ""),
        ("prints a calendar as `cal` does", ""),
    ],
)
def test_a_value_may_follow_what_it_is(said: str, shape: str) -> None:
    text = f"It is stored. `python main.py start 9` begins, `python main.py stop 10:30` {said}."
    assert output_shapes(text).get("stop", "") == shape


def test_lines_that_look_differently_have_no_shape() -> None:
    text = (
        "`python main.py history` prints lines `+5.00 pay` and `-2.50 comic`, `python main.py sides` prints one line "
    )
    text += "per item as `1 left`, `2 both`."
    assert output_shapes(text) == {"sides": "1 left"}


def test_a_sum_in_the_same_form_is_no_such_line() -> None:
    text = (
        "`python main.py report` prints one line per project as `alpha 3:15`, `python main.py total` prints the sum in "
        "the same form, `python main.py best` prints the line of the largest sum in the same form."
    )
    assert output_shapes(text) == {"report": "alpha 3:15", "best": "alpha 3:15"}


@pytest.mark.parametrize(
    "said",
    [
        "prints a line per bin as `8 2`, then `2 bins`.",
        "prints lines like `8 2`, and finally the number of bins.",
        "每行打印一个箱子，形如 `8 2`，最后打印箱子数。",
    ],
)
def test_lines_that_others_follow_are_not_all_of_the_output(said: str) -> None:
    assert output_shapes(f"`python main.py pack 10 8 2` {said}") == {}


def test_an_end_that_follows_lines_is_none_of_them() -> None:
    assert output_shapes("`python main.py pack 10` prints lines like `8 2`, then exits.") == {"pack": "8 2"}


def test_what_a_failing_command_prints_is_no_shape() -> None:
    text = "It is stored. `python main.py put a 5` saves. `python main.py take a 9` prints `only 5 left` and fails."
    assert output_shapes(text) == {}


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


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        ("food: 12.50", ["rent: 700.00", "two words: -1.25"], ["rent 700.00", "rent: 700", "rent: 7.5"]),
        ("0.00", ["720.00", "-3.10"], ["Total: 720.00", "720", "720.000"]),
        ("1: text [urgent, work]", ["12: Pay rent", "1: a [b]"], ["Pay rent", "1 a"]),
        ("a -> b -> c", ["x -> y", "x -> y -> z -> w"], ["x y"]),
        ("NAME | SIZE", ["a | b"], ["a b"]),
        ("192.168.0.1 3", ["10.0.0.7 1", "8.8.8.8 12"], ["10.0.0.7"]),
        ("numpy 1.26.0", ["flask 3.0", "black 24.1.0"], ["flask"]),
        ("100,200", ["5,7", "2024,1,-3", "1,234"], ["5;7"]),
        ("2024,100,500", ["1,2,3"], ["1"]),
        ("1,234.50", ["12.50", "-1,000,000.25"], ["12.5", "1234.50"]),
        ("2024-01-31 09:00 周会", ["2025-12-01 10:30 复盘"], ["周会"]),
    ],
)
def test_patterns(shape: str, good: list[str], bad: list[str]) -> None:
    pattern = pattern_of(shape)
    assert [line for line in (*good, *bad) if re.fullmatch(pattern, line)] == good


@pytest.mark.parametrize(
    "said",
    [
        "takes a date in the format `YYYY-MM-DD`",
        "skips lines that start with `#x`",
        "prints the lines that contain `error`",
        "prints one line per item separated by `a; b`",
        "prints each line with `> x` in front",
        "reads a file with one line per entry as `name 3`",
        "saves it in the form `key=value`",
        "读取每行，按 `,` 分隔",
        "打印各列，每行的列以 `a,` 开头",
        "prints a line per item, separated by `a; b`",
        "prints the number with two digits",
        "读取每行，格式为 `a,b`",
        "prints the number rounded to two decimals",
    ],
)
def test_what_is_given_or_a_part_of_a_line_is_no_shape(said: str) -> None:
    assert output_shapes(f"`python main.py log FILE` {said}.") == {}


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ("prints the average as a number with two decimals", "0.00"),
        ("reads FILE and prints one line per name as `name 3`", "name 3"),
        ("lists the notes, one line each: `1. tea`", "1. tea"),
        ("prints lines in the form `key=value`", "key=value"),
        ("prints the notes; `1: tea [a]`", ""),
        ("prints three lines such as `lines: 3`, `words: 4` and `longest: river`", "lines: 3\nwords: 4\nlongest: TEXT"),
        ("prints the lines that contain the word, each as `3: tea`", "3: tea"),
        ("每行以 `1: 茶` 的形式打印", "1: 茶"),
        ("每行按 `1: 茶` 的格式打印", "1: 茶"),
        ("列出已保存的条目，每行为 `1: 茶`", "1: 茶"),
        ("显示添加的条目，每行为 `1: 茶`", "1: 茶"),
        ("prints the number of digits", "0"),
        ("prints two lines: `state: open`, `doors: N`", "state: open\ndoors: N"),
    ],
)
def test_what_is_said_of_output_is_one(said: str, shape: str) -> None:
    assert output_shapes(f"`python main.py log FILE` {said}.").get("log", "") == shape


def test_a_value_after_a_label_stands_for_any() -> None:
    assert re.fullmatch(pattern_of("lines: 3\nlongest: TEXT"), "lines: 12\nlongest: a b")
