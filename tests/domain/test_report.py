from swfactory.domain.report import Finding, TestReport, TestResult


def report(*outcomes, findings=()):
    return TestReport(
        results=tuple(TestResult(id=f"t{n}", outcome=o) for n, o in enumerate(outcomes)), findings=findings
    )


def test_dropped_tests_do_not_count():
    made = report("passed", "dropped", "passed")
    assert (made.passed, made.total, made.green) == (2, 2, True)


def test_a_failure_an_error_or_a_blocking_finding_is_not_green():
    assert not report("passed", "failed").green
    assert not report("error").green
    assert not report("passed", findings=(Finding(tool="compile", message="x"),)).green
    assert report("passed", findings=(Finding(tool="lint", message="x", blocking=False),)).green


def test_without_tests_only_findings_count():
    assert report().green
