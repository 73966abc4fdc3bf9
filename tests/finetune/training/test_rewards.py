"""Replies are rewarded for the tests they pass, and for nothing else."""

from __future__ import annotations

import pytest

from swfactory.finetune.rows import Message, Prompt
from swfactory.finetune.training.rewards import run_tests
from swfactory.testing.sandbox import ScriptedSandbox

TESTS = """
from solution import add

def test_one():
    assert add(1) == 2

def test_two():
    assert add(2) == 3
"""
ROW = Prompt(prompt=(Message(role="user", content="Add one."),), tests=TESTS)


def fenced(code):
    return f"Here it is:\n```python\n{code}\n```\n"


REPLIES = {
    "right": (fenced("def add(a):\n    return a + 1"), 1.0),
    "half": (fenced("def add(a):\n    return 2"), 0.5),
    "wrong": (fenced("def add(a):\n    return a"), 0.0),
    "broken": (fenced("def add(a:"), 0.0),
    "prose": ("I would rather not.", 0.0),
    "leaves": (fenced("import os\nos._exit(0)"), 0.0),
    "endless": (fenced("while True: pass"), 0.0),
}


CASES = """
import pytest
from solution import add

@pytest.mark.parametrize("a", [1, 2, 3, 4])
def test_each(a):
    assert add(a) == a + 1

def test_zero():
    assert add(0) == 1
"""


@pytest.mark.slow
@pytest.mark.parametrize(("code", "share"), [("return a + 1", 1.0), ("return a + (a < 4)", 0.5), ("return 2", 0.0)])
def test_a_test_counts_once_however_many_cases_it_has(bubblewrap, code, share):
    row = ROW.model_copy(update={"tests": CASES})
    assert run_tests(bubblewrap, seconds=5)([row], [fenced(f"def add(a):\n    {code}")]) == [share]


@pytest.mark.slow
def test_the_reward_is_the_share_of_tests_that_pass(bubblewrap):
    score = run_tests(bubblewrap, seconds=5)
    replies = [reply for reply, _ in REPLIES.values()]
    assert score([ROW] * len(replies), replies) == [wanted for _, wanted in REPLIES.values()]


def test_a_reply_without_code_is_not_run():
    sandbox = ScriptedSandbox([])
    assert run_tests(sandbox, seconds=5)([ROW], ["I would rather not."]) == [0.0]
    assert sandbox.commands == ()


def test_no_rows_no_rewards():
    assert run_tests(ScriptedSandbox([]), seconds=5)([], []) == []
