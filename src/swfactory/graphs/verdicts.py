"""Verdicts on criteria: which tests speak for one, and what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from swfactory.domain.delivery import Verdict
from swfactory.domain.report import TestResult
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Example, Spec
from swfactory.domain.suite import Suite
from swfactory.graphs.agreement import is_smoke
from swfactory.requirements.commands.command_lines import subcommand_of
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.requirements.commands.shapes import CALL

__all__ = ["evidence_of", "verdict_of"]

_CONCRETE = re.compile(
    r"[`\"“\d]|\b(?:prints?|exits?|raises?|returns?|errors?|must|should|unless|when|if|reads?|writes?|stores?|sort\w*)\b"
    r"|打印|输出|退出|抛出|返回|错误|必须|如果|读取|写入|保存|排序",
    re.IGNORECASE,
)
"""What a sentence that fixes behaviour has in it."""
_KEPT = re.compile(
    r"\b(?:stor(?:ed?|es|age)|kept|keeps?|saved?|saves|persist\w*|lives?)\b[^.;]*\.(?:json|db|sqlite3?)\b"
    r"|(?:保存|存储|存放)[^。；]*\.(?:json|db|sqlite3?)",
    re.IGNORECASE,
)
"""Says where data is kept."""
_ORDER = re.compile(r"^(?:please )?write\b", re.IGNORECASE)
"""Asks for the product itself: nothing that it does is written by that."""
_SPAN = re.compile(r"`([^`\n]+)`|(?<![\w`])[\w/-]+\.py\b")
_SIGNATURE = re.compile(r"\.?([A-Za-z_]\w*)\(([^()]*)\)")
_NAME = re.compile(r"[A-Za-z_][\w./-]*")


def verdict_of(criterion: Criterion, spec: Spec, results: Sequence[TestResult], suite: Suite) -> Verdict:
    """Say whether a criterion is met.

    Args:
        criterion: one of the specification's.
        spec: the specification.
        results: of all tests.
        suite: the tests.

    Returns:
        ``met`` when all tests that speak for it pass, ``unchecked`` when there are none.
    """
    mine = evidence_of(criterion, spec, results, suite)
    if not mine:
        return "unchecked"
    return "met" if all(r.outcome == "passed" for r in mine) else "unmet"


def evidence_of(criterion: Criterion, spec: Spec, results: Sequence[TestResult], suite: Suite) -> list[TestResult]:
    """Find the tests that speak for a criterion.

    They are its own; else those of its sentence, else those that check what a command of its sentence does, or the
    program, where its sentence shows how that is called (``python bmi.py KG METRES``). Where data is kept, sessions
    speak that see again what an earlier command has put in, each command being a process of its own.
    A sentence that only names the product or its functions and says what they are for ("A program that adds numbers.")
    follows the tests of those functions, or all tests together.

    Args:
        criterion: one of the specification's.
        spec: the specification.
        results: of all tests; those that were dropped don't count.
        suite: the tests.
    """
    counted = [r for r in results if r.outcome != "dropped"]
    own = [r for r in counted if r.criterion == criterion.id]
    if own:
        return own
    said, functions = _without_names(_ORDER.sub("", criterion.quote or criterion.text))
    if not _CONCRETE.search(said):
        calling = {test.id for test in suite.tests if _calls(test.example, functions)}
        return [r for r in counted if r.id in calling] if functions else counted
    siblings = {c.id for c in spec.criteria if c.quote and c.quote == criterion.quote}
    if of_sentence := [r for r in counted if r.criterion in siblings]:
        return of_sentence
    if _KEPT.search(criterion.quote) and not CALL.search(criterion.quote):
        seen = {test.id for test in suite.tests if _sees_again(test.example)}
        return [r for r in counted if r.id in seen]
    calls = [match[1].split() for match in CALL.finditer(criterion.quote)]
    commands = {subcommand_of(words) for words in calls} - {""}
    form = not commands and any(has_placeholder(words, criterion.quote) for words in calls)
    checking = {test.id for test in suite.tests if _checks(test.example, None if form else commands)}
    return [r for r in counted if r.id in checking]


def _without_names(sentence: str) -> tuple[str, set[str]]:
    """A sentence without the names of files, commands and functions in it, and the functions."""
    functions: set[str] = set()

    def named(match: re.Match[str]) -> str:
        span = match[1]
        if span is None or _NAME.fullmatch(span):
            return ""
        if (signature := _SIGNATURE.fullmatch(span)) and not re.search(r"(?:^|[,\s])[\"'\d]", signature[2]):
            functions.add(signature[1])
            return ""
        call = CALL.fullmatch(match[0])
        return "" if call and (not call[1] or has_placeholder(call[1].split(), sentence)) else match[0]

    return _SPAN.sub(named, sentence), functions


def _calls(example: Example, functions: Collection[str]) -> bool:
    """Whether an example says what a call of one of the functions gives."""
    return (
        isinstance(example, ApiExample)
        and "assert" in example.code
        and bool({*re.findall(r"\w+(?=\()", example.code)} & {*functions})
    )


def _sees_again(example: Example) -> bool:
    """Whether a later command of a session shows something."""
    return isinstance(example, CommandExample) and any(
        step.stdout or step.stdout_contains or step.lines_like for step in example.steps[1:]
    )


def _checks(example: Example, commands: set[str] | None) -> bool:
    """Whether an example says what one of the commands does; None for whatever the program is given."""
    if is_smoke(example) or not isinstance(example, CommandExample):
        return False
    return any(
        (commands is None or subcommand_of(step.argv[2:]) in commands)
        and (step.stdout is not None or step.stdout_contains or step.lines_like or step.complains)
        for step in example.steps
    )
