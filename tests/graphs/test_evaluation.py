import pytest

from swfactory.domain.execution import Execution
from swfactory.domain.report import Finding, TestReport, TestResult
from swfactory.domain.spec import CommandExample, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs.evaluation import (
    Candidate,
    count_votes,
    evaluate,
    has_say,
    problems,
    run_suite,
    score,
    wrong_tests,
)
from swfactory.testing.sandbox import ScriptedSandbox
from tests.graphs.conftest import BROKEN, GOOD, make_rig

STEP = Step(argv=("python", "main.py", "add", "2", "3"), stdout="5")
TEST = PlannedTest(name="test_c1_1", criterion="C1", title="t", example=CommandExample(steps=(STEP,)))
SUITE = Suite(tests=(TEST,))
JUNIT = '<testsuites><testsuite><testcase classname="tests.test_commands" name="test_c1_1"/></testsuite></testsuites>'


def report(quoted="", derived="", stated="", findings=0):
    """A report with a result for each letter: p passed, f failed, e error, d dropped."""
    words = {"p": "passed", "f": "failed", "e": "error", "d": "dropped"}
    results = [
        TestResult(id=f"{origin}{n}", origin=origin, outcome=words[letter], message=f"{origin} {n} is wrong")
        for origin, letters in (("derived", derived), ("stated", stated), ("quoted", quoted))
        for n, letter in enumerate(letters)
    ]
    blocking = tuple(Finding(tool="lint", path="main.py", line=n + 1, message="x") for n in range(findings))
    return TestReport(results=tuple(results), findings=blocking)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (report("pp"), report("pf")),
        (report("pp", "fff"), report("pf", "ppp")),
        (report("pp", findings=3), report("pf", "ppp")),
        (report("p", "f"), report("p", "p", findings=1)),
        (report("p", "pp"), report("p", "pf")),
        (report("f", "f", findings=1), report("f", "f", findings=2)),
    ],
)
def test_the_order_of_candidates(better, worse):
    assert score(better) > score(worse)


@pytest.mark.parametrize(
    ("known", "has"),
    [
        (report("pp", "ffff"), True),
        (report("pf"), False),
        (report("p", stated="pppp"), True),
        (report("p", stated="pppf"), False),
        (report("pp", "pp", findings=1), False),
    ],
    ids=["all that is quoted", "less than is quoted", "all that is stated", "less than is stated", "a fault"],
)
def test_who_has_a_say_in_what_is_not_known(known, has):
    assert has_say(Candidate(sources={}, report=known)) == has


def test_what_can_be_read_is_better_than_what_has_fewer_faults():
    unread = TestReport(results=report("f", "p").results, findings=(Finding(tool="compile", message="x"),))
    assert score(report("f", "f", findings=3)) > score(unread)


def test_dropped_and_broken_tests_are_no_merit():
    assert score(report("pe", "pd")) == score(report("pf", "pf"))


def test_votes_are_counted_by_test():
    one, two = Candidate(sources={}, report=report("p", "f")), Candidate(sources={}, report=report("p", "p"))
    votes = count_votes(count_votes({}, one), two)
    assert votes == {"quoted0": [2, 2], "derived0": [1, 2]}
    broken = TestReport(results=one.report.results, findings=(Finding(tool="compile", message="x"),))
    assert count_votes(votes, Candidate(sources={}, report=broken)) == votes


def test_a_vote_does_not_change_the_state_it_came_from():
    votes = {"quoted0": [1, 1]}
    count_votes(votes, Candidate(sources={}, report=report("p")))
    assert votes == {"quoted0": [1, 1]}


@pytest.mark.parametrize(
    ("votes", "best", "wrong"),
    [
        ([0, 8], report("p", "f"), {"derived0"}),
        ([0, 9], report("p", "e"), {"derived0"}),
        ([0, 7], report("p", "f"), set()),
        ([1, 9], report("p", "f"), set()),
        ([0, 9], report("f", "f"), set()),
        ([0, 9], report("p", "f", findings=1), set()),
        ([4, 4], report("p", "p"), set()),
    ],
    ids=["full jury", "error", "small jury", "one agrees", "best is unsound", "best is blocked", "passes"],
)
def test_a_derived_test_is_wrong_when_a_full_jury_is_against_it(votes, best, wrong):
    assert wrong_tests({"derived0": votes, "quoted0": [0, 9]}, best) == wrong


def test_a_quoted_test_is_never_wrong():
    assert wrong_tests({"quoted0": [0, 99], "quoted1": [99, 99]}, report("fp")) == frozenset()


def test_what_the_requirement_states_is_never_wrong_and_counts_like_what_was_derived():
    stated, derived = report("p", "f"), report("p", "p")
    results = tuple(r.model_copy(update={"origin": "stated"} if r.origin == "derived" else {}) for r in stated.results)
    assert wrong_tests({"derived0": [0, 99]}, stated.model_copy(update={"results": results})) == frozenset()
    passed = tuple(r.model_copy(update={"origin": "stated"} if r.origin == "derived" else {}) for r in derived.results)
    assert score(derived.model_copy(update={"results": passed})) == score(derived)


@pytest.mark.parametrize(("derived", "wrong"), [("fp", 1), ("ffp", 0), ("ffpppp", 2), ("fffppp", 0)])
def test_programs_that_fail_much_of_what_was_derived_share_a_fault(derived, wrong):
    votes = {f"derived{n}": [0, 99] for n, letter in enumerate(derived) if letter == "f"}
    assert len(wrong_tests(votes, report("p", derived))) == wrong


def test_a_test_without_any_vote_is_not_wrong():
    assert wrong_tests({}, report("p", "f")) == frozenset()


def test_problems_come_by_importance_each_once_and_few():
    found = problems(report("pf", "ffffff", findings=1))
    assert found[:2] == ["main.py line 1: x", "quoted 1 is wrong"]
    assert len(found) == 4
    twice = TestReport(results=tuple(TestResult(id=f"t{n}", outcome="failed", message="same") for n in range(5)))
    assert problems(twice) == ["same"]
    assert problems(report("p", "d")) == []


def test_the_same_program_is_one_candidate():
    assert (
        Candidate(sources={"a.py": "x", "b.py": "y"}, report=report()).digest
        == Candidate(sources={"b.py": "y", "a.py": "x"}, report=report("p")).digest
    )
    assert (
        Candidate(sources={"a.py": "x"}, report=report()).digest
        != Candidate(sources={"a.py": "y"}, report=report()).digest
    )


async def test_without_tests_nothing_is_run():
    results, done = await run_suite(make_rig().desk(), {"main.py": GOOD}, Suite())
    assert (results, done.ok) == ((), True)


async def test_a_candidate_gets_its_forgotten_imports():
    sandbox = ScriptedSandbox([Execution(exit_code=0, files={"junit.xml": JUNIT})])
    rig = make_rig(sandbox=sandbox)
    candidate = await evaluate(rig.desk(), {"main.py": "print(sys.argv)\n"}, SUITE)
    assert candidate.sources == {"main.py": "import sys\nprint(sys.argv)\n"}
    assert sandbox.commands[0].files["main.py"] == candidate.sources["main.py"]
    assert "tests/test_commands.py" in sandbox.commands[0].files
    assert candidate.report.green
    assert rig.told("test") == ["1 of 1 tests pass"]


async def test_packages_reach_the_sandbox_and_the_checks():
    sandbox = ScriptedSandbox([Execution(exit_code=0, files={"junit.xml": JUNIT})])
    desk = make_rig(sandbox=sandbox).desk(packages="/packages")
    candidate = await evaluate(desk, {"main.py": "import rich\nprint(rich)\n"}, SUITE, ["rich"])
    assert candidate.report.green
    assert sandbox.commands[0].packages == "/packages"


@pytest.mark.parametrize("verdict", ["timeout", "memory", "output", "disk"])
async def test_a_product_that_is_stopped_is_blocked_and_told(verdict):
    rig = make_rig(sandbox=ScriptedSandbox([Execution(exit_code=-9, verdict=verdict)]))
    candidate = await evaluate(rig.desk(), {"main.py": GOOD}, SUITE)
    assert [r.message for r in candidate.report.results] == [f"the run was stopped: {verdict} limit"]
    assert not candidate.report.green
    assert f"the tests were stopped at the {verdict} limit" in problems(candidate.report)
    assert rig.told("finding") == [f"the sandbox stopped a run: {verdict} limit"]


async def test_a_syntax_error_blocks_even_when_nothing_else_fails():
    rig = make_rig(sandbox=ScriptedSandbox([Execution(exit_code=0, files={"junit.xml": JUNIT})]))
    candidate = await evaluate(rig.desk(), {"main.py": BROKEN}, SUITE)
    assert not candidate.report.green
    assert problems(candidate.report)[0].startswith("main.py line 1: syntax error")
