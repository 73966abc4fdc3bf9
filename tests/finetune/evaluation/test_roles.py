from __future__ import annotations

import json
from pathlib import Path

import pytest

from swfactory.domain.call import Reply
from swfactory.errors import InputError
from swfactory.finetune.evaluation.roles import RolesExam
from swfactory.testing.sandbox import ScriptedSandbox

REQUIREMENT = "A Roman numeral converter in main.py. `python main.py 1994` prints MCMXCIV. It refuses 0."
SPEC = {
    "title": "Roman",
    "summary": "Converts.",
    "criteria": [{"sentence": 2, "text": "1994 gives MCMXCIV"}, {"sentence": 3, "text": "0 is refused"}],
}
DESIGN = {"files": [{"path": "main.py", "purpose": "all", "interface": [], "imports": []}]}
NOWHERE = ScriptedSandbox([])


@pytest.fixture
def exam(tmp_path: Path) -> RolesExam:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "roman.md").write_text(REQUIREMENT)
    (tmp_path / "r" / "notes.pdf").write_bytes(b"no requirement")
    return RolesExam(tmp_path / "r")


def test_a_requirement_gives_a_specification_and_a_design(exam: RolesExam) -> None:
    spec, design = exam.items()
    assert (spec.id, spec.part, design.id, design.part) == ("roman.spec", "spec", "roman.design", "design")
    asked = exam.question(spec, "")
    assert asked.role == "product_manager"
    assert asked.sampling.json_schema is not None
    assert "Roman numeral" in asked.messages[-1].content
    assert exam.question(design, "").role == "architect"


async def test_replies_are_read_as_the_factory_reads_them(exam: RolesExam) -> None:
    spec, design = exam.items()
    verdict = await exam.judge(spec, Reply(text=json.dumps(SPEC)), NOWHERE)
    assert verdict.passed
    assert verdict.figures["executable criteria"] >= 1
    assert verdict.figures["criteria"] >= verdict.figures["executable criteria"]
    assert (await exam.judge(design, Reply(text=json.dumps(DESIGN)), NOWHERE)).passed


@pytest.mark.parametrize("text", ["", "Certainly!", '{"title": 3}', '{"files": "main.py"}', "[" * 100_000])
async def test_what_would_be_asked_for_again_does_not_pass(exam: RolesExam, text: str) -> None:
    for item in exam.items():
        verdict = await exam.judge(item, Reply(text=text), NOWHERE)
        assert not verdict.passed
        assert verdict.why


def test_requirements_of_a_task_file() -> None:
    exam = RolesExam(Path(__file__).parents[3] / "benchmarks" / "tasks.yaml")
    assert "roman.spec" in {item.id for item in exam.items()}


def test_no_requirements(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    for place in (tmp_path, tmp_path / "empty.txt"):
        with pytest.raises(InputError, match="no requirement"):
            RolesExam(place)
    with pytest.raises(InputError, match="cannot be read"):
        RolesExam(tmp_path / "nosuch.md")
