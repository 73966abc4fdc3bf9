"""Verdicts on criteria: what counts as met, unmet and unchecked."""

import pytest

from swfactory.domain.report import TestResult
from swfactory.domain.spec import Criterion, Spec
from swfactory.graphs.closing import verdict_of

INTRODUCTION = Criterion(id="C1", text="It adds numbers", quote="A program that adds whole numbers.")
PRINTS = Criterion(id="C2", text="It prints the sum", quote="`python main.py 2 3` prints 5.")
SIBLING = Criterion(id="C3", text="The sum is 5", quote="`python main.py 2 3` prints 5.")
SILENT = Criterion(id="C4", text="It stores nothing", quote="It must not write any file.")
SPEC = Spec(title="Adder", criteria=(INTRODUCTION, PRINTS, SIBLING, SILENT))


def result(outcome, criterion="C2", number=1):
    return TestResult(id=f"tests/test_commands.py::test_{number}", criterion=criterion, outcome=outcome)


@pytest.mark.parametrize(("outcome", "verdict"), [("passed", "met"), ("failed", "unmet"), ("error", "unmet")])
def test_a_criterion_follows_its_own_tests(outcome, verdict):
    assert verdict_of(PRINTS, SPEC, (result(outcome),)) == verdict


def test_one_failure_among_its_tests_is_enough():
    assert verdict_of(PRINTS, SPEC, (result("passed"), result("failed", number=2))) == "unmet"


def test_a_criterion_without_tests_shares_those_of_its_sentence():
    assert verdict_of(SIBLING, SPEC, (result("passed"),)) == "met"


def test_a_sentence_that_only_names_the_product_follows_all_tests():
    assert verdict_of(INTRODUCTION, SPEC, (result("passed"),)) == "met"
    assert verdict_of(INTRODUCTION, SPEC, (result("failed"),)) == "unmet"
    assert verdict_of(INTRODUCTION, SPEC, ()) == "unchecked"


@pytest.mark.parametrize(("said", "verdict"), [("Write adder.py.", "met"), ("It writes a file.", "unchecked")])
def test_an_order_to_write_the_product_says_nothing_of_what_that_writes(said, verdict):
    assert verdict_of(Criterion(id="C1", text="It adds", quote=said), SPEC, (result("passed"),)) == verdict


def test_a_sentence_that_fixes_behaviour_is_unchecked_without_tests():
    assert verdict_of(SILENT, SPEC, (result("passed"),)) == "unchecked"


def test_a_dropped_test_does_not_count():
    assert verdict_of(PRINTS, SPEC, (result("dropped"),)) == "unchecked"
