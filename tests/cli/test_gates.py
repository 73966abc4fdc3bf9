from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.cli.gates import choose_gate, decision_of, how_to_answer, read_document
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Run
from swfactory.errors import InputError
from swfactory.runtime.decision import Decision, PendingGate

RUN = Run(id="r1", requirement=Requirement.parse("x"), model="m")


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
