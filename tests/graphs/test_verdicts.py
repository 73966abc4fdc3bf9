"""Verdicts on criteria: what counts as met, unmet and unchecked."""

import pytest

from swfactory.domain.report import TestResult
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Spec, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs.verdicts import evidence_of, verdict_of

INTRODUCTION = Criterion(id="C1", text="It adds numbers", quote="A program that adds whole numbers.")
PRINTS = Criterion(id="C2", text="It prints the sum", quote="`python main.py 2 3` prints 5.")
SIBLING = Criterion(id="C3", text="The sum is 5", quote="`python main.py 2 3` prints 5.")
SILENT = Criterion(id="C4", text="It stores nothing", quote="It must not write any file.")
LISTS = Criterion(id="C5", text="It lists the sums", quote="`python main.py list` shows them; they are never lost.")
SPEC = Spec(title="Adder", criteria=(INTRODUCTION, PRINTS, SIBLING, SILENT, LISTS))
NONE = Suite(tests=())


def result(outcome, criterion="C2", number=1):
    return TestResult(id=f"tests/test_commands.py::test_{number}", criterion=criterion, outcome=outcome)


@pytest.mark.parametrize(("outcome", "verdict"), [("passed", "met"), ("failed", "unmet"), ("error", "unmet")])
def test_a_criterion_follows_its_own_tests(outcome, verdict):
    assert verdict_of(PRINTS, SPEC, (result(outcome),), NONE) == verdict


def test_one_failure_among_its_tests_is_enough():
    assert verdict_of(PRINTS, SPEC, (result("passed"), result("failed", number=2)), NONE) == "unmet"


def test_a_criterion_without_tests_shares_those_of_its_sentence():
    assert verdict_of(SIBLING, SPEC, (result("passed"),), NONE) == "met"


def test_a_sentence_that_only_names_the_product_follows_all_tests():
    assert verdict_of(INTRODUCTION, SPEC, (result("passed"),), NONE) == "met"
    assert verdict_of(INTRODUCTION, SPEC, (result("failed"),), NONE) == "unmet"
    assert verdict_of(INTRODUCTION, SPEC, (), NONE) == "unchecked"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Write adder.py.", "met"),
        ("It writes a file.", "unchecked"),
        ("Write `adder.py`, which adds numbers of standard input.", "met"),
        ("Build a tool `python main.py FILE` that adds numbers.", "met"),
        ("Build a tool `python main.py 2 3` that adds numbers.", "unchecked"),
        ("Write a library with a function `add(a, b=0)` that adds.", "unchecked"),  # no test calls it
        ("Write a library `adder`; `add(1)` is 1.", "unchecked"),
    ],
)
def test_an_order_to_write_the_product_says_nothing_of_what_that_writes(said, verdict):
    assert verdict_of(Criterion(id="C1", text="It adds", quote=said), SPEC, (result("passed"),), NONE) == verdict


def test_a_sentence_that_fixes_behaviour_is_unchecked_without_tests():
    assert verdict_of(SILENT, SPEC, (result("passed"),), NONE) == "unchecked"


def test_a_dropped_test_does_not_count():
    assert verdict_of(PRINTS, SPEC, (result("dropped"),), NONE) == "unchecked"


def listing(**seen) -> Suite:
    add = Step(argv=("python", "main.py", "add", "2"), stdout="1")
    example = CommandExample(steps=(add, Step(argv=("python", "main.py", "list"), **seen)))
    return Suite(tests=(PlannedTest(name="test_1", criterion="C2", title="sums", example=example),))


def test_where_a_sentence_shows_how_the_program_is_called_what_checks_it_speaks():
    form = Criterion(
        id="C6", text="It prints the index", quote="`python bmi.py KG METRES` prints the index: 3 is high."
    )
    other = form.model_copy(update={"quote": "`python bmi.py list` prints the index: 3 is high."})
    example = CommandExample(steps=(Step(argv=("python", "bmi.py", "70", "1.75"), stdout="22.9"),))
    suite = Suite(tests=(PlannedTest(name="test_1", criterion="C2", title="bmi", example=example),))
    assert verdict_of(form, SPEC, (result("passed"),), suite) == "met"
    assert verdict_of(form, SPEC, (result("failed"),), suite) == "unmet"
    assert verdict_of(other, SPEC, (result("passed"),), suite) == "unchecked"


def test_what_checks_a_command_of_its_sentence_speaks_for_a_criterion_without_tests():
    results = (result("passed"), result("passed", number=2))
    checked = listing(stdout="2\n")
    assert [r.id for r in evidence_of(LISTS, SPEC, results, checked)] == [checked.tests[0].id]
    assert verdict_of(LISTS, SPEC, results, checked) == "met"
    assert verdict_of(LISTS, SPEC, (result("failed"),), checked) == "unmet"
    assert verdict_of(SILENT, SPEC, results, checked) == "unchecked"


def test_a_command_that_only_runs_says_nothing():
    assert verdict_of(LISTS, SPEC, (result("passed"),), listing()) == "unchecked"


@pytest.mark.parametrize("said", ["It stores the sums in sums.json.", "数据保存在当前目录的 sums.json。"])
def test_that_data_is_kept_is_seen_by_a_later_command(said):
    kept = Criterion(id="C6", text="It keeps the sums", quote=said)
    assert verdict_of(kept, SPEC, (result("passed"),), listing(stdout="2")) == "met"
    assert verdict_of(kept, SPEC, (result("failed"),), listing(stdout="2")) == "unmet"
    assert verdict_of(kept, SPEC, (result("passed"),), listing()) == "unchecked"


@pytest.mark.parametrize(("code", "verdict"), [("assert add(1, 2) == 3", "met"), ("add(1, 2)", "unchecked")])
def test_what_a_function_is_for_follows_the_tests_of_that_function(code, verdict):
    said = Criterion(id="C9", text="It adds", quote="Write a library with a function `add(a, b=0)` that adds.")
    example = ApiExample(code=f"from adder import add\n\n{code}\n")
    suite = Suite(tests=(PlannedTest(name="test_1", criterion="C2", title="sums", example=example),))
    passed = TestResult(id=suite.tests[0].id, criterion="C2", outcome="passed")
    assert verdict_of(said, SPEC, (passed,), suite) == verdict
