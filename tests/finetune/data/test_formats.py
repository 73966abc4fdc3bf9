from __future__ import annotations

import json

import pytest

from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.data.formats import kind_of_file, read_rows, write_rows
from swfactory.finetune.data.forms import convert_rows
from swfactory.finetune.rows import Conversation, Message

from .conftest import read_lines, turns, write_lines

USER, REPLY = {"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}
PAIR = {"prompt": [USER], "chosen": [REPLY], "rejected": [{"role": "assistant", "content": "z"}]}
SAME = (
    turns("q", "a"),
    {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]},
    {"instruction": "q", "input": "", "output": "a"},
    {"instruction": "q", "output": "a"},
)


@pytest.mark.parametrize("entry", SAME)
def test_every_form_of_a_conversation_reads_the_same(tmp_path, entry):
    (row,) = read_rows(write_lines(tmp_path / "r.jsonl", [entry, ""]), "sft")
    assert row == Conversation(messages=(Message(role="user", content="q"), Message(role="assistant", content="a")))


def test_system_history_and_input_are_turns_as_well(tmp_path):
    entry = {"instruction": "i", "input": "x", "output": "o", "system": "s", "history": [["h", "r"]]}
    (row,) = read_rows(write_lines(tmp_path / "r.jsonl", [entry]), "sft")
    assert [(turn.role, turn.content) for turn in row.messages] == [
        ("system", "s"),
        ("user", "h"),
        ("assistant", "r"),
        ("user", "i\n\nx"),
        ("assistant", "o"),
    ]


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("preference", PAIR),
        ("preference", {"prompt": "q", "chosen": "a", "rejected": "z"}),
        (
            "preference",
            {
                "conversations": [{"from": "human", "value": "q"}],
                "chosen": {"from": "gpt", "value": "a"},
                "rejected": {"from": "gpt", "value": "z"},
            },
        ),
    ],
)
def test_pairs_may_be_texts_or_turns(tmp_path, kind, entry):
    (row,) = read_rows(write_lines(tmp_path / "r.jsonl", [entry]), kind)
    assert (row.prompt[0].content, row.chosen[0].content, row.rejected[0].content) == ("q", "a", "z")


@pytest.mark.parametrize("ends", [{"chosen": "a", "rejected": "z"}, {"output": "a", "label": True}])
def test_what_came_before_a_judged_reply_is_kept(tmp_path, ends):
    entry = {"instruction": "q", "system": "s", "history": [["h", "r"]], **ends}
    (row,) = read_rows(write_lines(tmp_path / "r.jsonl", [entry]), "kto" if "label" in ends else "preference")
    assert [(turn.role, turn.content) for turn in row.prompt] == [
        ("system", "s"),
        ("user", "h"),
        ("assistant", "r"),
        ("user", "q"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"prompt": "q", "completion": "a", "label": True},
        {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}], "kto_tag": True},
        {"messages": [USER, REPLY], "label": True},
        {"prompt": "q", "output": "a", "label": True},
        {"instruction": "q", "output": "a", "kto_tag": True},
    ],
)
def test_judged_replies_have_three_forms(tmp_path, entry):
    (row,) = read_rows(write_lines(tmp_path / "r.jsonl", [entry]), "kto")
    assert (row.prompt[0].content, row.completion[0].content, row.label) == ("q", "a", True)


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("sft", "{", "no JSON"),
        ("sft", "[1]", "list where an object"),
        ("sft", json.dumps({"messages": []}), "'messages'"),
        ("sft", json.dumps({"messages": [USER]}), "last turn"),
        ("sft", json.dumps({"messages": [USER, {"role": "assistant", "content": 3}]}), r"messages\.1\.content"),
        ("sft", json.dumps({"messages": [{"role": "robot", "content": "x"}]}), r"messages\.0\.role.*'robot'"),
        ("sft", json.dumps({"instruction": "q"}), "'output'"),
        ("sft", json.dumps({"text": "q"}), r"keys: text"),
        ("sft", json.dumps(PAIR), "kind 'preference', where kind 'sft'"),
        ("preference", json.dumps({"prompt": "q", "chosen": "a"}), "'rejected'"),
        ("kto", json.dumps({"prompt": "q", "completion": "a", "label": "yes"}), "'label'.*'yes'"),
        ("prompt", json.dumps({"prompt": [USER], "tests": 3}), "'tests'"),
        ("sft", json.dumps({**turns("q", "a"), "origin": {"source": "s"}}), r"'origin\.group'"),
    ],
)
def test_a_malformed_row_is_named_by_file_line_and_key(tmp_path, kind, line, said):
    good = {"sft": turns("q", "a"), "preference": PAIR, "prompt": {"prompt": "q"}}
    good["kto"] = {"prompt": "q", "completion": "a", "label": False}
    path = write_lines(tmp_path / "r.jsonl", [good[kind], line])
    with pytest.raises(InputError, match=rf"r\.jsonl:2: .*{said}"):
        list(read_rows(path, kind))


def test_bytes_that_are_no_text_are_named_too(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"messages": "\xff"}\n')
    with pytest.raises(InputError, match=r"r\.jsonl:1"):
        list(read_rows(path, "sft"))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFoundError):
        list(read_rows(tmp_path / "none.jsonl", "sft"))
    with pytest.raises(InputError, match="no rows"):
        kind_of_file(write_lines(tmp_path / "empty.jsonl", []))


@pytest.mark.parametrize("form", ["messages", "sharegpt", "alpaca"])
def test_a_conversation_survives_every_form(tmp_path, form):
    entry = {
        "messages": [
            {"role": "system", "content": "s"},
            USER,
            REPLY,
            {"role": "user", "content": "质量?"},
            {"role": "assistant", "content": "好"},
        ]
    }
    source = write_lines(tmp_path / "in.jsonl", [entry])
    assert convert_rows(source, tmp_path / "out.jsonl", form) == 1
    assert list(read_rows(tmp_path / "out.jsonl", "sft")) == list(read_rows(source, "sft"))


def test_a_pair_becomes_two_judged_replies_or_its_better_one(tmp_path):
    source = write_lines(tmp_path / "in.jsonl", [PAIR])
    assert convert_rows(source, tmp_path / "kto.jsonl", "kto") == 2
    assert [(row["completion"][0]["content"], row["label"]) for row in read_lines(tmp_path / "kto.jsonl")] == [
        ("a", True),
        ("z", False),
    ]
    convert_rows(source, tmp_path / "sft.jsonl", "messages")
    assert read_lines(tmp_path / "sft.jsonl") == [{"messages": [USER, REPLY]}]


def test_a_reply_that_is_judged_bad_is_no_conversation(tmp_path):
    rows = [{"prompt": "q", "completion": text, "label": text == "a"} for text in "ab"]
    assert convert_rows(write_lines(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", "alpaca") == 1
    assert read_lines(tmp_path / "out.jsonl") == [{"instruction": "q", "input": "", "output": "a"}]


def test_what_a_form_cannot_say_is_an_error_and_leaves_no_file(tmp_path):
    source = write_lines(tmp_path / "in.jsonl", [turns("q", "a")])
    with pytest.raises(InputError, match="Conversation cannot be written as 'preference'"):
        convert_rows(source, tmp_path / "out.jsonl", "preference")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    with pytest.raises(InputError, match="exists"):
        write_rows(source, [])
