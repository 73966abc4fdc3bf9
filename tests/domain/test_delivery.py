import pytest

from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import Finding


def delivery(*verdicts, findings=()):
    criteria = tuple(CriterionVerdict(id=f"C{n}", text="x", verdict=v) for n, v in enumerate(verdicts, 1))
    return Delivery(title="t", requirement="r", commit="c", criteria=criteria, findings=findings)


@pytest.mark.parametrize(
    ("verdicts", "complete"),
    [(["met", "met"], True), (["met", "unmet"], False), (["met", "unchecked"], False)],
)
def test_complete_means_that_every_criterion_is_met(verdicts, complete):
    assert delivery(*verdicts).complete is complete


def test_a_blocking_finding_spoils_it():
    assert not delivery("met", findings=(Finding(tool="lint", message="x"),)).complete
    assert delivery("met", findings=(Finding(tool="lint", message="x", blocking=False),)).complete
