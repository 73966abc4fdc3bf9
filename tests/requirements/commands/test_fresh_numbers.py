"""Numbers that are never given twice."""

from __future__ import annotations

import pytest

from swfactory.requirements.commands.fresh_numbers import fresh_number_examples

ENGLISH = (
    "`python n.py add TEXT` adds a note and prints `saved note N`, where N counts from 1 and is never used twice; "
    "`python n.py list` lists all, `python n.py delete N` deletes one."
)
CHINESE = "`python n.py add 茶` 打印 `编号 1`（编号不重复使用），`python n.py remove 1` 删除。数据保存在 n.json。"


@pytest.mark.parametrize(
    ("text", "words", "printed"),
    [
        (ENGLISH, ["add text1", "delete 1", "add text1"], "saved note 2\n"),
        (CHINESE, ["add 茶", "remove 1", "add 茶"], "编号 2\n"),
    ],
)
def test_what_was_taken_away_leaves_its_number(text: str, words: list[str], printed: str) -> None:
    (example,) = fresh_number_examples(text, "n.py")
    assert [" ".join(step.argv[2:]) for step in example.steps] == words
    assert example.steps[-1].stdout == printed


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH.replace(" and is never used twice", ""),
        ENGLISH.replace("saved note N", "saved NAME as N"),
        ENGLISH.replace("delete N", "show N"),
    ],
)
def test_without_that_rule_or_a_number_nothing_is_asked(text: str) -> None:
    assert fresh_number_examples(text, "n.py") == ()
