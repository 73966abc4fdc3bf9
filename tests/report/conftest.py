from __future__ import annotations

import pytest

from swfactory.domain.budget import Budget, Usage
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import Finding, TestResult


@pytest.fixture
def delivery() -> Delivery:
    """A partial delivery with something in every section."""
    return Delivery(
        title="Roman",
        summary="Converts numbers to Roman numerals.",
        requirement="`python main.py 1994` prints MCMXCIV.\nIt refuses 0.",
        commit="a" * 40,
        criteria=(
            CriterionVerdict(
                id="C1",
                text="1994 becomes MCMXCIV",
                quote="`python main.py 1994` prints MCMXCIV.",
                verdict="met",
                files=("main.py", "roman/core.py"),
                tests=("tests/test_c1.py::test_1994",),
            ),
            CriterionVerdict(id="C2", text="0 is refused", quote="It refuses 0.", verdict="unmet", files=("main.py",)),
            CriterionVerdict(id="C3", text="It is easy to use", verdict="unchecked"),
        ),
        results=(
            TestResult(id="tests/test_c1.py::test_1994", criterion="C1", origin="quoted", outcome="passed"),
            TestResult(
                id="tests/test_c2.py::test_zero", criterion="C2", outcome="failed", message="assert 0 == 2\n  where 0"
            ),
            TestResult(id="tests/test_c2.py::test_odd", criterion="C2", outcome="dropped"),
            TestResult(id="tests/test_smoke.py::test_import", outcome="passed"),
        ),
        findings=(Finding(tool="lint", path="main.py", line=3, message="unused import os", blocking=False),),
        notes=("flask was replaced by http.server",),
        files=("main.py", "roman/core.py", "README.md"),
        run_command=("python", "main.py", "a b"),
        usage={
            "engineer": Usage(calls=2, prompt_tokens=1500, cached_tokens=900, completion_tokens=400, seconds=20),
            "architect": Usage(calls=1, prompt_tokens=300, completion_tokens=100, seconds=5),
        },
        rounds=2,
        budget=Budget(max_tokens=12_000, max_seconds=None, max_rounds=6),
        model="llama:qwen2.5-coder-1.5b",
        model_digest="cc" * 32,
        seed=7,
        sources={"main.py": ("docs/guide.md:12",)},
    )
