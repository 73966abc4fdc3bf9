"""The documents that a gate shows, put so that a person can read them."""

from __future__ import annotations

import shlex

from pydantic import ValidationError

from swfactory.domain.design import Design
from swfactory.domain.report import TestReport
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Spec
from swfactory.report.progress import clean

__all__ = ["document_text"]

_MESSAGE_LINES = 6
"""Lines of a failure that are shown."""


def document_text(gate: str, document: str) -> str:
    """Return the document of a gate as text for a person; as it is where it is none of ours.

    Args:
        gate: name of the gate.
        document: what is to be decided on.
    """
    try:
        match gate:
            case "spec":
                lines = _spec_lines(Spec.model_validate_json(document))
            case "design":
                lines = _design_lines(Design.model_validate_json(document))
            case "release":
                lines = _report_lines(TestReport.model_validate_json(document))
            case _:
                return clean(document)
    except ValidationError:  # a graph of the user's own may show anything at a gate of that name
        return clean(document)
    return clean("\n".join(lines))


def _report_lines(report: TestReport) -> list[str]:
    lines = [f"{report.passed} of {report.total} tests pass"]
    for result in report.results:
        if result.outcome != "passed":
            about = f" ({result.criterion})" if result.criterion else ""
            lines.append(f"{result.outcome}: {result.id}{about}")
            lines += [f"    {line}" for line in result.message.splitlines()[:_MESSAGE_LINES]]
    for finding in report.findings:
        where = f"{finding.path}:{finding.line} " if finding.path else ""
        lines.append(f"{finding.tool}: {where}{finding.message}")
    return lines


def _spec_lines(spec: Spec) -> list[str]:
    lines = [spec.title, *([spec.summary] if spec.summary else []), ""]
    for criterion in spec.criteria:
        lines.append(f"{criterion.id}. {criterion.text}")
        lines += [f"    {line}" for line in _example_lines(criterion)]
    if spec.packages:
        lines += ["", f"packages: {', '.join(spec.packages)}"]
    return lines


def _example_lines(criterion: Criterion) -> list[str]:
    lines: list[str] = []
    for example in criterion.examples:
        match example:
            case CommandExample():
                for step in example.steps:
                    seen = [repr(step.stdout)] if step.stdout is not None else []
                    seen += [f"... {part!r} ..." for part in (*step.stdout_contains, *step.says)]
                    seen += [f"... {part!r} ... on stderr" for part in step.stderr_contains]
                    seen += [f"status {step.exit_code}"] if step.exit_code else []
                    seen += ["a status other than 0"] if step.fails else []
                    lines.append(f"$ {shlex.join(step.argv)}" + (f"  ->  {', '.join(seen)}" if seen else ""))
            case ApiExample():
                lines += [f">>> {line}" for line in example.code.splitlines()]
    return lines


def _design_lines(design: Design) -> list[str]:
    lines: list[str] = []
    for file in design.in_order():
        start = "  (starts here)" if file.path == design.entry_point else ""
        lines.append(f"{file.path}{start}" + (f": {file.purpose}" if file.purpose else ""))
        lines += [f"    {signature}" for signature in file.interface]
    if design.packages:
        lines += ["", f"packages: {', '.join(design.packages)}"]
    return lines
