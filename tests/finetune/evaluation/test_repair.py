from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.domain.call import Reply
from swfactory.domain.execution import Execution
from swfactory.errors import InputError, ModelRefused, ModelUnavailable, NotFoundError
from swfactory.finetune.evaluation.repair import RepairExam
from swfactory.finetune.evaluation.replies import ReplySuite
from swfactory.ports import Sandbox
from swfactory.testing.sandbox import ScriptedSandbox
from tests.finetune.evaluation.fakes import DIFF, TESTS, WHOLE, fault_row, subject, write_rows

REPORT = '<testsuites><testsuite><testcase classname="test_it" name="test_one"/></testsuite></testsuites>'


@pytest.fixture
def exam(tmp_path: Path) -> RepairExam:
    write_rows(tmp_path / "items" / "test.jsonl", [fault_row()])
    return RepairExam(tmp_path / "items")


def test_an_item_is_the_module_and_not_the_words_of_every_prompt(exam: RepairExam) -> None:
    (item,) = exam.items()
    assert (item.id, item.name) == ("repair-0000", "total")
    assert item.text == "def total(xs):\n    return sum(xs) - 1\n"
    assert TESTS not in exam.question(item, "diff").messages[-1].content


def test_both_forms_show_the_same_material(exam: RepairExam) -> None:
    (item,) = exam.items()
    diff, function = exam.question(item, "diff"), exam.question(item, "function")
    assert [turn.role for turn in function.messages] == ["system", "user"]
    assert diff.messages[-1] == function.messages[-1]
    assert "wrong line" in diff.messages[0].content
    assert "corrected function" in function.messages[0].content


@pytest.mark.parametrize("text", [DIFF, WHOLE])
async def test_right_repairs_pass(exam: RepairExam, text: str, real_sandbox: Sandbox) -> None:
    (item,) = exam.items()
    verdict = await exam.judge(item, Reply(text=text), real_sandbox)
    assert verdict.passed, verdict.why
    assert verdict.figures == {"applied": 1}


@pytest.mark.parametrize(
    ("text", "applied", "said"),
    [
        ("- return sum(xs) - 1\n+ return sum(xs) + 1", 1, "assert 4 == 3"),
        ("```python\nimport os\nos._exit(0)\n\n\ndef total(xs):\n    return 3\n```", 1, "ended before the tests did"),
        ("- return 7\n+ return sum(xs)", 0, "'return 7' is not in the module"),
    ],
)
async def test_wrong_repairs_do_not(
    exam: RepairExam, text: str, applied: int, said: str, real_sandbox: Sandbox
) -> None:
    (item,) = exam.items()
    verdict = await exam.judge(item, Reply(text=text), real_sandbox)
    assert not verdict.passed
    assert verdict.figures == {"applied": applied}
    assert said in verdict.why


async def test_a_repair_that_never_ends_is_stopped(exam: RepairExam) -> None:
    (item,) = exam.items()
    verdict = await exam.judge(
        item, Reply(text=DIFF), ScriptedSandbox([Execution(exit_code=-9, verdict="timeout", files={})])
    )
    assert verdict.why == "ended at its limit of timeout"


async def test_every_sample_has_its_seed_and_its_verdict(exam: RepairExam) -> None:
    (item,) = exam.items()
    sandbox = ScriptedSandbox(lambda command: Execution(exit_code=0, files={"report.xml": REPORT}))
    base = subject("base", [DIFF, "no idea", DIFF])
    suite = ReplySuite(exam, sandbox, samples=3, temperature=0.7, seed=2, forms=("diff", "function"))
    measured = await suite.measure(item, base, "diff", Path())
    assert measured.passed == (True, False, True)
    assert measured.figures == {"applied": 2}
    assert measured.usage.calls == 3
    assert "neither" in measured.note
    drawn = [request.sampling for request in base.model.requests]
    assert len({one.seed for one in drawn}) == 3
    assert {one.temperature for one in drawn} == {0.7}
    assert suite.forms(adapted=True) == ("diff",)
    assert suite.forms(adapted=False) == ("diff", "function")


async def test_a_refused_item_is_a_result_and_a_lost_model_is_not(exam: RepairExam) -> None:
    (item,) = exam.items()
    suite = ReplySuite(exam, ScriptedSandbox([]))
    measured = await suite.measure(item, subject("base", [ModelRefused("too long")]), "", Path())
    assert (measured.passed, measured.note) == ((False,), "too long")
    with pytest.raises(ModelUnavailable):
        await suite.measure(item, subject("base", [ModelUnavailable("gone")]), "", Path())


def test_greedy_samples_are_refused(exam: RepairExam) -> None:
    with pytest.raises(InputError, match="5 samples"):
        ReplySuite(exam, ScriptedSandbox([]), samples=5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tests": " "}, r"test\.jsonl:1: 'tests' is empty"),
        ({"prompt": [{"role": "user", "content": "mend it"}]}, r":1: 'prompt' shows no module"),
        ({"prompt": []}, r":1: key 'prompt'"),
    ],
)
def test_a_malformed_row_is_named_with_its_line(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = write_rows(tmp_path / "test.jsonl", [{**fault_row(), **change}])
    with pytest.raises(InputError, match=said):
        RepairExam(path)


def test_missing_data(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nosuch"):
        RepairExam(tmp_path / "nosuch")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(InputError, match="no faults"):
        RepairExam(tmp_path / "empty.jsonl")
