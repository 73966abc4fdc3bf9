from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.cli.gates import choose_gate, decision_of, how_to_answer, read_document, summarise
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.report import Finding, TestReport, TestResult
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Run
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Spec, Step
from swfactory.errors import InputError
from swfactory.runtime.decision import Decision, PendingGate

RUN = Run(id="r1", requirement=Requirement.parse("x"), model="m")


def test_a_spec_is_shown_as_criteria_and_commands() -> None:
    step = Step(argv=("python", "main.py", "a b"), stdout="A B\n", stdout_contains=("A",), exit_code=3)
    spec = Spec(
        title="Upper\x1b[2J",
        summary="Shouts.",
        criteria=(
            Criterion(id="C1", text="it shouts", examples=(CommandExample(steps=(step,)),)),
            Criterion(
                id="C2", text="as a library too", examples=(ApiExample(code="import main\nassert main.up('a')"),)
            ),
        ),
        packages=("flask",),
    )
    assert summarise(PendingGate(gate="spec", id="1", document=spec.model_dump_json())).splitlines() == [
        "Upper",
        "Shouts.",
        "",
        "C1. it shouts",
        "    $ python main.py 'a b'  ->  'A B\\n', ... 'A' ..., status 3",
        "C2. as a library too",
        "    >>> import main",
        "    >>> assert main.up('a')",
        "",
        "packages: flask",
    ]


def test_a_design_is_shown_in_the_order_of_writing() -> None:
    design = Design(
        files=(
            FilePlan(path="main.py", purpose="the command line", imports=("core.py",)),
            FilePlan(path="core.py", interface=("def up(text: str) -> str",)),
        ),
        entry_point="main.py",
    )
    assert summarise(PendingGate(gate="design", id="1", document=design.model_dump_json())).splitlines() == [
        "core.py",
        "    def up(text: str) -> str",
        "main.py  (starts here): the command line",
    ]


def test_a_release_is_shown_by_what_is_wrong_with_it() -> None:
    report = TestReport(
        results=(
            TestResult(id="t::a", criterion="C1", outcome="passed"),
            TestResult(id="t::b", criterion="C2", outcome="failed", message="assert 1 == 2"),
        ),
        findings=(Finding(tool="lint", path="main.py", line=3, message="unused import"),),
    )
    assert summarise(PendingGate(gate="release", id="1", document=report.model_dump_json())).splitlines() == [
        "1 of 2 tests pass",
        "failed: t::b (C2)",
        "    assert 1 == 2",
        "lint: main.py:3 unused import",
    ]


@pytest.mark.parametrize("gate", ["spec", "design", "release", "security"])
def test_a_document_of_another_kind_is_shown_as_it_is(gate: str) -> None:
    assert summarise(PendingGate(gate=gate, id="1", document="# Report\x07")) == "# Report "


def test_an_answer_is_for_the_one_gate_or_the_one_named() -> None:
    spec, design = PendingGate(gate="spec", id="1"), PendingGate(gate="design", id="2")
    assert choose_gate([spec], None, RUN) is spec
    assert choose_gate([spec, design], "design", RUN) is design
    with pytest.raises(InputError, match="several gates: spec, design"):
        choose_gate([spec, design], None, RUN)
    with pytest.raises(InputError, match="no gate"):
        choose_gate([], None, RUN)
    with pytest.raises(InputError, match=r"'release' \(waiting: spec\)"):
        choose_gate([spec], "release", RUN)


def test_options_give_one_decision(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text("{}")
    assert decision_of(False, None, None) is None
    assert decision_of(True, None, None) == Decision(decision="approve")
    assert decision_of(False, " shorter ", None) == Decision(decision="reject", comment="shorter")
    assert decision_of(False, None, file) == Decision(decision="edit", document="{}")
    for bad in ((True, "x", None), (True, None, file), (False, "", None)):
        with pytest.raises(InputError):
            decision_of(*bad)


@pytest.mark.parametrize("content", [None, b" ", b"\xff"])
def test_a_document_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "spec.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=r"spec\.json"):
        read_document(file)


def test_editing_is_offered_where_there_is_a_document_to_edit() -> None:
    assert any("--edit spec.json" in line for line in how_to_answer(RUN, [PendingGate(gate="spec", id="1")]))
    assert not any("--edit" in line for line in how_to_answer(RUN, [PendingGate(gate="release", id="1")]))
