from typing import get_args

import pytest
from pydantic import ValidationError

from swfactory.domain.requirement import Requirement
from swfactory.domain.run import FINISHED, Event, Run, RunStatus


def test_the_finished_ones_are_statuses():
    assert set(get_args(RunStatus)) > FINISHED


def test_a_run_survives_json():
    run = Run(id="r1", requirement=Requirement.parse("x y"), model="llama:x", gates=("spec",), options={"epoch": 5})
    assert Run.model_validate_json(run.model_dump_json()) == run


@pytest.mark.parametrize("bad", [{"status": "done"}, {"gates": ("lunch",)}])
def test_unknown_words_are_refused(bad):
    with pytest.raises(ValidationError):
        Run(id="r", requirement=Requirement.parse("x"), model="m", **bad)
    with pytest.raises(ValidationError):
        Event(run="r", kind="gossip")
