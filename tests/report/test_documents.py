import pytest

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.report import Finding, TestReport, TestResult
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Spec, Step
from swfactory.report.documents import document_text


def test_a_spec_is_shown_as_criteria_and_commands() -> None:
    step = Step(argv=("python", "main.py", "a b"), stdout="A B\n", stdout_contains=("A",), exit_code=3)
    failing = Step(argv=("python", "main.py"), stderr_contains=("no text",), exit_code=None, fails=True)
    spec = Spec(
        title="Upper\x1b[2J",
        summary="Shouts.",
        criteria=(
            Criterion(id="C1", text="it shouts", examples=(CommandExample(steps=(step, failing)),)),
            Criterion(
                id="C2", text="as a library too", examples=(ApiExample(code="import main\nassert main.up('a')"),)
            ),
        ),
        packages=("flask",),
    )
    assert document_text("spec", spec.model_dump_json()).splitlines() == [
        "Upper",
        "Shouts.",
        "",
        "C1. it shouts",
        "    $ python main.py 'a b'  ->  'A B\\n', ... 'A' ..., status 3",
        "    $ python main.py  ->  ... 'no text' ... on stderr, a status other than 0",
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
    assert document_text("design", design.model_dump_json()).splitlines() == [
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
    assert document_text("release", report.model_dump_json()).splitlines() == [
        "1 of 2 tests pass",
        "failed: t::b (C2)",
        "    assert 1 == 2",
        "lint: main.py:3 unused import",
    ]


@pytest.mark.parametrize("gate", ["spec", "design", "release", "security"])
def test_a_document_of_another_kind_is_shown_as_it_is(gate: str) -> None:
    assert document_text(gate, "# Report\x07") == "# Report "
