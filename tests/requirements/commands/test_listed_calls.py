"""One reader for lists of subcommands: where each call is, and the words that it has."""

from __future__ import annotations

import pytest

from swfactory.requirements.commands.listed_calls import enumerated_calls, listed_calls


def test_a_list_may_hold_names_alone_placeholders_and_options() -> None:
    text = "It has the subcommands put KEY VALUE [--ttl N], get KEY (prints it, or `none`) and list. Keys are text."
    assert [call.words for call in enumerated_calls(text)] == [
        ["put", "<KEY>", "<VALUE>", "[--ttl", "N]"],
        ["get", "<KEY>"],
        ["list"],
    ]


def test_places_are_those_of_the_text() -> None:
    text = "Subcommands lend ISBN MEMBER, free (prints all). Then `x` and back ISBN follows."
    assert [text[call.start : call.end] for call in listed_calls(text)] == ["lend ISBN MEMBER", "free", "back ISBN"]


@pytest.mark.parametrize(
    "text",
    ["Every subcommand prints its count.", "The subcommands are described below.", "No list at all, only words."],
)
def test_prose_is_no_list(text: str) -> None:
    assert list(listed_calls(text)) == []


def test_chinese_lists_are_read() -> None:
    text = "子命令：add NAME（打印编号）、remove NAME 和 list。数据保存在文件里。"
    assert [call.text for call in listed_calls(text)] == ["add NAME", "remove NAME", "list"]


def test_what_stands_before_code_is_no_name() -> None:
    text = "Subcommands:\n\n- `python m.py find TEXT` prints all, as `NAME: PHONE`, sorted by name\n"
    assert enumerated_calls(text) == []
