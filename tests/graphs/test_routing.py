import pytest

from swfactory.domain.report import TestReport, TestResult
from swfactory.graphs import routing
from tests.graphs.conftest import make_rig

GREEN = TestReport(results=(TestResult(id="t", outcome="passed"),))
RED = TestReport(results=(TestResult(id="t", outcome="failed"),))


@pytest.mark.parametrize(
    ("decide", "state", "goes"),
    [
        (routing.after_spec, {}, "spec_gate"),
        (routing.after_spec, {"exhausted": "tokens"}, "deliver"),
        (routing.after_spec_gate, {}, "design"),
        (routing.after_spec_gate, {"rejected": {"spec": "no"}}, "specify"),
        (routing.after_spec_gate, {"rejected": {"design": "no"}}, "design"),
        (routing.after_design, {}, "design_gate"),
        (routing.after_design, {"exhausted": "time"}, "deliver"),
        (routing.after_design_gate, {}, "plan_tests"),
        (routing.after_design_gate, {"rejected": {"design": "no"}}, "design"),
        (routing.after_tests, {"suite": "s", "pending": ["a.py"]}, "write_file"),
        (routing.after_tests, {"suite": "s", "pending": []}, "verify"),
        (routing.after_tests, {"suite": "s", "pending": ["a.py"], "exhausted": "tokens"}, "verify"),
        (routing.after_tests, {"pending": ["a.py"], "exhausted": "tokens"}, "deliver"),
        (routing.after_release_gate, {}, "deliver"),
        (routing.after_release_gate, {"rejected": {"release": "no"}}, "repair"),
        (routing.after_release_gate, {"rejected": {"release": "no"}, "exhausted": "rounds"}, "repair"),
        (routing.after_release_gate, {"rejected": {"release": "no"}, "exhausted": "tokens"}, "deliver"),
    ],
)
def test_what_the_state_alone_decides(decide, state, goes):
    assert decide(state) == goes


@pytest.mark.parametrize(
    ("report", "state", "goes"),
    [
        (GREEN, {}, "confirm"),
        (GREEN, {"confirmed": True}, "review"),
        (GREEN, {"confirmed": True, "reviewed": True}, "document"),
        (RED, {}, "repair"),
        (RED, {"rounds": 60}, "repair"),
        (RED, {"exhausted": "rounds"}, "document"),
        (RED, {"exhausted": "stall"}, "document"),
        (GREEN, {"exhausted": "tokens"}, "document"),
        (RED, {"exhausted": "tokens"}, "document"),
    ],
)
def test_what_the_report_decides(report, state, goes):
    rig = make_rig()
    state = {"rounds": 0, "report": rig.context.objects.put(report.model_dump_json())} | state
    assert routing.after_verify(state, rig.runtime()) == goes


def test_after_the_review_there_is_no_second_one():
    rig = make_rig()
    for report, goes in ((GREEN, "document"), (RED, "repair")):
        state = {"rounds": 0, "report": rig.context.objects.put(report.model_dump_json())}
        assert routing.after_review(state, rig.runtime()) == goes
